"""typing: tell the peer that typing started or stopped."""

from __future__ import annotations

from functions.chat.conversation.relay import relay
from functions.chat.entry.entrypoint import Caller, on_frame
from functions.chat.protocol import events, frames


@on_frame(frames.Typing)
def handler(caller: Caller, frame: frames.Typing) -> None:
    """Relay the frame."""
    relay(caller, frame.room, events.typing(frame))
