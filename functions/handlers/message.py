"""message: one chat line for the peer. It is read here, passed on, and kept nowhere."""

from __future__ import annotations

from functions.chat.conversation.relay import relay
from functions.chat.entry.entrypoint import Caller, on_frame
from functions.chat.protocol import events, frames


@on_frame(frames.Message)
def handler(caller: Caller, frame: frames.Message) -> None:
    """Relay the frame."""
    relay(caller, frame.room, events.message(frame))
