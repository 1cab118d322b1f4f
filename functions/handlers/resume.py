"""resume: continue the room or the queue place of a connection that was lost."""

from __future__ import annotations

from functions.chat import protocol
from functions.chat.edge import Caller, on_frame
from functions.chat.protocol import InvalidFrame

FAILED_SENTENCE = "That conversation cannot be continued. Please start again."


@on_frame(protocol.Resume)
def handler(caller: Caller, frame: protocol.Resume) -> None:
    """Refuse: no token has been handed out yet, so none can be right."""
    raise InvalidFrame(protocol.RESUME_FAILED, FAILED_SENTENCE)
