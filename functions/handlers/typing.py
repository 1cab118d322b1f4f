"""typing: tell the peer that typing started or stopped."""

from __future__ import annotations

from functions.chat import events, protocol
from functions.chat.edge import Caller, on_frame
from functions.chat.relay import relay


@on_frame(protocol.Typing)
def handler(caller: Caller, frame: protocol.Typing) -> None:
    """Relay the frame."""
    relay(caller, frame.room, events.typing(frame))
