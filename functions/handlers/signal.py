"""signal: WebRTC signalling for the peer, relayed unread."""

from __future__ import annotations

from functions.chat import events, frames
from functions.chat.edge import Caller, on_frame
from functions.chat.relay import relay


@on_frame(frames.Signal)
def handler(caller: Caller, frame: frames.Signal) -> None:
    """Relay the frame."""
    relay(caller, frame.room, events.signal(frame))
