"""The limits of a frame's fields, and their rules: each takes a field's name and value, and returns what is used. Pure.

A value that breaks its rule raises `Refusal` with a plain sentence that names the field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from functions.chat.model.stamps import Line, bytes_of
from functions.chat.protocol.errors import INVALID_MESSAGE, TOO_LONG, Refusal
from functions.chat.protocol.events import encode

# The longest line fills a phone's screen twice; 2,000 characters of four bytes stay far below a 32 KB frame.
TEXT_LENGTH_MAX = 2000
INTERESTS_MAX = 10
INTEREST_LENGTH_MAX = 32
LANGUAGES_MAX = 5
LANGUAGE_LENGTH_MAX = 35  # RFC 5646, section 4.4.1: room for every registered tag
NOTE_LENGTH_MAX = 500
APPEAL_LENGTH_MAX = 1000
# A complaint from outside: its text, the place that it is about, the signer's name, and an address for the answer.
COMPLAINT_LENGTH_MAX = 2000
PLACE_LENGTH_MAX = 500
NAME_LENGTH_MAX = 100
CONTACT_LENGTH_MAX = 200
CASE_LENGTH_MAX = 32  # ours are 10 characters
SIGNAL_BYTES_MAX = 24 * 1024  # a session description is 3 to 8 KB; the rest of the frame's 32 KB is the envelope
SIGNAL_LEVELS_MAX = 20  # candidates nest three deep; data that can be parsed may be too deep to be passed on
ROOM_LENGTH_MAX = 64  # ours are 22 characters
ACTION_LENGTH_MAX = 32  # of an action that an error repeats; ours are 7 characters
TOKEN_LENGTH_MAX = 200
# In base64url, three bytes are four characters. A key and a commitment have 32 bytes.
KEY_LENGTH = 43
COMMITMENT_LENGTH = 43
SEALED_LENGTH_MAX = -(-(TEXT_LENGTH_MAX * 4 + 16) * 4 // 3)  # the longest text in UTF-8, and the cipher's tag
# Lines of one report: as many as a frame of 32 KB holds of usual ones.
LINES_MAX = 100
# A still of 160 pixels' width has 3 to 6 KB; 8 KB in base64url leave more than half of a frame to lines and note.
STILL_LENGTH_MAX = -(-8 * 1024 * 4 // 3)
JPEG_BEGINNING = "_9j_"  # the bytes FF D8 FF
SOLUTION_LENGTH_MAX = 500  # of a puzzle; ours are 310 characters
STAMP_LENGTH_MAX = 40  # ours are 31 characters
SEALED_LENGTH_MIN = -(-(1 + 16) * 4 // 3)
SEQUENCE_MAX = 10_000_000  # lines of one person in one room; nobody types more in the two hours of a connection

TEXT, VIDEO = MODES = ("text", "video")
SHOW, ERASE = "show", "erase"
# How a video room went: with a call, or why there was none.
CALLS_MADE = ("direct", "relayed")
CALLS_FAILED = (
    *("no_connection", "connection_lost", "relay_refused", "relay_unreachable", "relay_missing"),
    *("declined", "peer_failed", "peer_declined"),
)

LINE_BREAKS = "\n\t"
BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def string(name: str, value: object, length_max: int, code: str = INVALID_MESSAGE, allowed: str = "") -> str:
    if not isinstance(value, str) or not is_text(value, allowed):
        raise Refusal(INVALID_MESSAGE, f"`{name}` is not a string without control characters.")
    trimmed = value.strip()
    if len(trimmed) > length_max:
        raise Refusal(code, f"`{name}` is longer than {length_max} characters.")
    return trimmed


def visible(name: str, value: object, length_max: int, code: str = INVALID_MESSAGE, allowed: str = "") -> str:
    trimmed = string(name, value, length_max, code, allowed)
    if not trimmed:
        raise Refusal(INVALID_MESSAGE, f"`{name}` is empty.")
    return trimmed


def strings(name: str, value: object, count_max: int, length_max: int) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > count_max:
        raise Refusal(INVALID_MESSAGE, f"`{name}` is not a list of up to {count_max} strings.")
    return tuple(visible(name, each, length_max) for each in value)


def encoded(name: str, value: object, length_min: int, length_max: int) -> str:
    """Return bytes in base64url; the server does not read them."""
    if not isinstance(value, str) or not BASE64URL.fullmatch(value) or len(value) < length_min:
        raise Refusal(INVALID_MESSAGE, f"`{name}` is not written in base64url.")
    if len(value) > length_max:
        raise Refusal(TOO_LONG, f"`{name}` is longer than {length_max} characters.")
    return value


class OneOf:
    """The rule of a field with a few possible values, which `read` gives: relaying a line loads no table of them."""

    def __init__(self, read: Callable[[], Iterable[str]]) -> None:
        self._read = read

    @property
    def choices(self) -> tuple[str, ...]:
        """The possible values."""
        return tuple(self._read())

    def __call__(self, name: str, value: object) -> str:
        """Return the value if it is one of them."""
        if not isinstance(value, str) or value not in self.choices:
            raise Refusal(INVALID_MESSAGE, f"`{name}` is none of {', '.join(self.choices)}.")
        return value


def _reasons() -> Iterable[str]:
    from functions.chat.model.reasons import REASONS  # noqa: PLC0415 - see OneOf

    return REASONS


def _kinds_of_complaint() -> Iterable[str]:
    from functions.chat.model.complaints import KINDS  # noqa: PLC0415 - see OneOf

    return KINDS


mode = OneOf(lambda: MODES)
kind = OneOf(_kinds_of_complaint)
reason = OneOf(_reasons)
doing = OneOf(lambda: (SHOW, ERASE))
call = OneOf(lambda: (*CALLS_MADE, *CALLS_FAILED))
text = partial(visible, length_max=TEXT_LENGTH_MAX, code=TOO_LONG, allowed=LINE_BREAKS)
note = partial(string, length_max=NOTE_LENGTH_MAX, code=TOO_LONG, allowed=LINE_BREAKS)
appeal = partial(visible, length_max=APPEAL_LENGTH_MAX, code=TOO_LONG, allowed=LINE_BREAKS)
complaint = partial(visible, length_max=COMPLAINT_LENGTH_MAX, code=TOO_LONG, allowed=LINE_BREAKS)
place = partial(string, length_max=PLACE_LENGTH_MAX, code=TOO_LONG)
full_name = partial(string, length_max=NAME_LENGTH_MAX, code=TOO_LONG)
contact = partial(string, length_max=CONTACT_LENGTH_MAX, code=TOO_LONG)
room = partial(visible, length_max=ROOM_LENGTH_MAX)
case = partial(visible, length_max=CASE_LENGTH_MAX)
token = partial(visible, length_max=TOKEN_LENGTH_MAX)
solution = partial(visible, length_max=SOLUTION_LENGTH_MAX)
interests = partial(strings, count_max=INTERESTS_MAX, length_max=INTEREST_LENGTH_MAX)
sealed = partial(encoded, length_min=SEALED_LENGTH_MIN, length_max=SEALED_LENGTH_MAX)
commitment = partial(encoded, length_min=COMMITMENT_LENGTH, length_max=COMMITMENT_LENGTH)
key = partial(encoded, length_min=KEY_LENGTH, length_max=KEY_LENGTH)


def boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise Refusal(INVALID_MESSAGE, f"`{name}` is not true or false.")
    return value


def sequence(name: str, value: object) -> int:
    if not is_sequence(value):
        raise Refusal(INVALID_MESSAGE, f"`{name}` is not a whole number from 1 to {SEQUENCE_MAX}.")
    assert isinstance(value, int), "a sequence number is an integer"
    return value


def acknowledgement(name: str, value: object) -> int:
    return 0 if value == 0 and isinstance(value, int) and not isinstance(value, bool) else sequence(name, value)


def lines(name: str, value: object) -> tuple[Line, ...]:
    """Return the lines that a report hands over; whether they are genuine is found out later."""
    if not isinstance(value, list) or len(value) > LINES_MAX:
        raise Refusal(INVALID_MESSAGE, f"`{name}` is not a list of up to {LINES_MAX} lines.")
    return tuple(_line(name, each) for each in value)


def still(name: str, value: object) -> str:
    """Return a picture in base64url. Only its first bytes are looked at here: a browser shows it to the operator."""
    picture = encoded(name, value, len(JPEG_BEGINNING), STILL_LENGTH_MAX)
    if not picture.startswith(JPEG_BEGINNING) or not bytes_of(picture):
        raise Refusal(INVALID_MESSAGE, f"`{name}` is no JPEG.")
    return picture


def languages(name: str, value: object) -> tuple[str, ...]:
    tags = strings(name, value, LANGUAGES_MAX, LANGUAGE_LENGTH_MAX)
    if not all(LANGUAGE_TAG.fullmatch(tag) for tag in tags):
        raise Refusal(INVALID_MESSAGE, f"`{name}` has something that is not a BCP 47 tag.")
    return tags


def data(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refusal(INVALID_MESSAGE, f"`{name}` is not an object.")
    if not _nests_within(value, SIGNAL_LEVELS_MAX):
        raise Refusal(INVALID_MESSAGE, f"`{name}` is nested deeper than {SIGNAL_LEVELS_MAX} levels.")
    try:
        size = len(encode(value))
    except ValueError:
        raise Refusal(INVALID_MESSAGE, f"`{name}` cannot be encoded again.") from None
    if size > SIGNAL_BYTES_MAX:
        raise Refusal(TOO_LONG, f"`{name}` is larger than {SIGNAL_BYTES_MAX} bytes.")
    return value


def is_text(value: str, allowed: str) -> bool:
    """Tell whether a string can be encoded and has no control characters but those allowed."""
    return not any(unicodedata.category(each) in ("Cc", "Cs") and each not in allowed for each in value)


def is_sequence(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= SEQUENCE_MAX


def _nests_within(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    children = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_nests_within(each, levels - 1) for each in children)


def _line(name: str, value: object) -> Line:
    if not isinstance(value, dict) or not {"seat", "seq", "text"} <= value.keys():
        raise Refusal(INVALID_MESSAGE, f"`{name}` has something that is not a line.")
    if not isinstance(value["seat"], int) or isinstance(value["seat"], bool) or value["seat"] not in (0, 1):
        raise Refusal(INVALID_MESSAGE, f"`{name}` has a seat that is neither 0 nor 1.")
    said = Line(value["seat"], sequence(name, value["seq"]), text(name, value["text"]))
    if not {"opening", "stamp"} & value.keys():
        return said
    if not {"opening", "stamp"} <= value.keys():
        raise Refusal(INVALID_MESSAGE, f"`{name}` has a line with half of its proof.")
    opening = key(name, value["opening"])
    return said._replace(opening=bytes_of(opening), stamp=visible(name, value["stamp"], STAMP_LENGTH_MAX))
