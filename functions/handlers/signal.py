"""signal: WebRTC signalling for the peer, relayed unread."""

from __future__ import annotations

from functions.chat.conversation.relay import relay
from functions.chat.entry.entrypoint import Caller, on_frame
from functions.chat.protocol import events, frames


@on_frame(frames.Signal)
def handler(caller: Caller, frame: frames.Signal) -> None:
    """Relay the frame."""
    relay(caller, frame.room, events.signal(frame))
