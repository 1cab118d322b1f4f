"""ack: a delayed acknowledgement for the peer."""

from __future__ import annotations

from functions.chat.conversation.relay import relay
from functions.chat.entry.entrypoint import Caller, on_frame
from functions.chat.protocol import events, frames


@on_frame(frames.Ack)
def handler(caller: Caller, frame: frames.Ack) -> None:
    """Relay the frame."""
    relay(caller, frame.room, events.ack(frame))
