"""What both sides of the wire protocol agree on: every limit, every code, and the bytes that travel. Pure.

A client's frames are in frames.py, the rules of their fields in fields.py, and what the server says in events.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# People say in one line what fits a phone's screen twice; 2,000 characters of four bytes stay far below a 32 KB frame.
TEXT_LENGTH_MAX = 2000
INTERESTS_MAX = 10
INTEREST_LENGTH_MAX = 32
LANGUAGES_MAX = 5
LANGUAGE_LENGTH_MAX = 35  # RFC 5646, section 4.4.1: room for every registered tag
NOTE_LENGTH_MAX = 500
APPEAL_LENGTH_MAX = 1000
CASE_LENGTH_MAX = 32  # ours are 10 characters
SIGNAL_BYTES_MAX = 24 * 1024  # a session description is 3 to 8 KB; the rest of the frame's 32 KB is the envelope
SIGNAL_LEVELS_MAX = 20  # candidates nest three deep; what can be parsed might otherwise be too deep to be passed on
ROOM_LENGTH_MAX = 64  # ours are 22 characters
ACTION_LENGTH_MAX = 32  # of what an error repeats; ours are 7 characters
TOKEN_LENGTH_MAX = 200
SEQUENCE_MAX = 10_000_000  # lines of one person in one room; nobody types more in the two hours of a connection

MODES = ("text", "video")
REASONS = ("underage", "sexual", "harassment", "hate", "spam", "other")

INVALID_MESSAGE = "invalid_message"
UNKNOWN_ACTION = "unknown_action"
STALE_ROOM = "stale_room"
TOO_LONG = "too_long"
RATE_LIMITED = "rate_limited"
BANNED = "banned"
AGE_REQUIRED = "age_required"
CLOSED = "closed"
UNKNOWN_CASE = "unknown_case"
RESUME_FAILED = "resume_failed"
BUSY = "busy"
CODES = (
    INVALID_MESSAGE, UNKNOWN_ACTION, STALE_ROOM, TOO_LONG, RATE_LIMITED, BANNED, AGE_REQUIRED, CLOSED, UNKNOWN_CASE,
    RESUME_FAILED, BUSY,
)  # fmt: skip


class InvalidFrame(Exception):
    """A frame that its sender has to be told about: `code` of the contract, a plain sentence, and what else to say."""

    def __init__(self, code: str, sentence: str, fields: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.fields = dict(fields or {})


def encode(event: Mapping[str, Any]) -> bytes:
    """Return an event as the bytes that travel: compact UTF-8 JSON. Raises ValueError on what JSON cannot carry."""
    return json.dumps(event, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
