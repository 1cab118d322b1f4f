"""typing: tell the peer that typing started or stopped."""

from __future__ import annotations

from functions.chat import events, frames
from functions.chat.edge import Caller, on_frame
from functions.chat.relay import relay


@on_frame(frames.Typing)
def handler(caller: Caller, frame: frames.Typing) -> None:
    """Relay the frame."""
    relay(caller, frame.room, events.typing(frame))
