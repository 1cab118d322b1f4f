"""ack: a delayed acknowledgement for the peer."""

from __future__ import annotations

from functions.chat import events, frames
from functions.chat.edge import Caller, on_frame
from functions.chat.relay import relay


@on_frame(frames.Ack)
def handler(caller: Caller, frame: frames.Ack) -> None:
    """Relay the frame."""
    relay(caller, frame.room, events.ack(frame))
