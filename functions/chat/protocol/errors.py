"""The refusal of a frame: the codes of the contract, and the sentence that its sender is told. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

INVALID_MESSAGE = "invalid_message"
UNKNOWN_ACTION = "unknown_action"
STALE_ROOM = "stale_room"
TOO_LONG = "too_long"
RATE_LIMITED = "rate_limited"
BANNED = "banned"
WARNED = "warned"
AGE_REQUIRED = "age_required"
CLOSED = "closed"
UNKNOWN_CASE = "unknown_case"
RESUME_FAILED = "resume_failed"
BUSY = "busy"
CODES = (
    INVALID_MESSAGE, UNKNOWN_ACTION, STALE_ROOM, TOO_LONG, RATE_LIMITED, BANNED, WARNED, AGE_REQUIRED, CLOSED,
    UNKNOWN_CASE, RESUME_FAILED, BUSY,
)  # fmt: skip


class Refusal(Exception):
    """A frame that its sender has to be told about: `code` of the contract, a plain sentence, and what else to say."""

    def __init__(self, code: str, sentence: str, fields: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.fields = dict(fields or {})


def stale_room() -> Refusal:
    """Return the refusal of a frame whose room is not the sender's open room."""
    return Refusal(STALE_ROOM, "That conversation is over.")


def busy() -> Refusal:
    """Return the refusal of a frame that could not be done now and may be sent again."""
    return Refusal(BUSY, "Too much is going on right now. Please try again in a moment.")


def rate_limited() -> Refusal:
    """Return the refusal of a frame that came too soon after others."""
    return Refusal(RATE_LIMITED, "That is too much at once. Please wait a moment.")
