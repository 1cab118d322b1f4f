"""$default: a frame that is not JSON, has no action, or names an action that does not exist."""

from __future__ import annotations

from typing import Any

from functions.chat.entry.entrypoint import Caller, on_event, text_of
from functions.chat.protocol import frames


@on_event
def handler(caller: Caller) -> dict[str, Any]:
    """Say what is wrong with the frame."""
    raise frames.reject_unrouted(text_of(caller.event))
