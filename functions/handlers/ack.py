"""ack: a delayed acknowledgement for the peer."""

from __future__ import annotations

from functions.chat import events, protocol
from functions.chat.edge import Caller, on_frame
from functions.chat.relay import relay


@on_frame(protocol.Ack)
def handler(caller: Caller, frame: protocol.Ack) -> None:
    """Relay the frame."""
    relay(caller, frame.room, events.ack(frame))
