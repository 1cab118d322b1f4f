"""signal: WebRTC signalling for the peer, relayed unread."""

from __future__ import annotations

from functions.chat import events, protocol
from functions.chat.edge import Caller, on_frame
from functions.chat.relay import relay


@on_frame(protocol.Signal)
def handler(caller: Caller, frame: protocol.Signal) -> None:
    """Relay the frame."""
    relay(caller, frame.room, events.signal(frame))
