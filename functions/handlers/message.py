"""message: one chat line for the peer. It is read here, passed on, and kept nowhere."""

from __future__ import annotations

from functions.chat import events, protocol
from functions.chat.edge import Caller, on_frame
from functions.chat.relay import relay


@on_frame(protocol.Message)
def handler(caller: Caller, frame: protocol.Message) -> None:
    """Relay the frame."""
    relay(caller, frame.room, events.message(frame))
