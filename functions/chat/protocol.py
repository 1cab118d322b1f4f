"""The wire protocol: frames of a client, their rules, and every limit. Pure.

A frame is one JSON object of a client. `FRAMES` names the fields of each action and how each is checked; a frame that
breaks a rule raises `InvalidFrame`, which the edge answers with one `error` event and which changes nothing. Fields
that are not listed are ignored. What the server says in return is in events.py.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from functions.chat import interests

# People say in one line what fits a phone's screen twice; 2,000 characters of four bytes stay far below a 32 KB frame.
TEXT_LENGTH_MAX = 2000
INTERESTS_MAX = 10
INTEREST_LENGTH_MAX = 32
LANGUAGES_MAX = 5
LANGUAGE_LENGTH_MAX = 35  # RFC 5646, section 4.4.1: room for every registered tag
NOTE_LENGTH_MAX = 500
SIGNAL_BYTES_MAX = 24 * 1024  # a session description is 3 to 8 KB; the rest of the frame's 32 KB is the envelope
ROOM_LENGTH_MAX = 64  # ours are 22 characters
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
RESUME_FAILED = "resume_failed"
BUSY = "busy"

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


class InvalidFrame(Exception):
    """A frame that its sender has to be told about: `code` of the contract and a plain sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Join:
    mode: str
    interests: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    widen: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    room: str
    seq: int
    text: str
    ack: int | None = None


@dataclass(frozen=True, slots=True)
class Ack:
    room: str
    ack: int


@dataclass(frozen=True, slots=True)
class Typing:
    room: str
    on: bool
    ack: int | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    room: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Skip:
    room: str


@dataclass(frozen=True, slots=True)
class Leave:
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    room: str
    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Resume:
    token: str


Frame = TypeVar("Frame", Join, Message, Ack, Typing, Signal, Skip, Leave, Report, Resume)


def parse(frame_type: type[Frame], body: str | None) -> Frame:
    """Return the frame in `body`, checked field by field, or raise `InvalidFrame`."""
    fields = decode(body)
    values: dict[str, Any] = {}
    for name, (check, required) in FRAMES[frame_type].items():
        if name in fields:
            values[name] = check(name, fields[name])
        elif required:
            raise InvalidFrame(INVALID_MESSAGE, f"`{name}` is missing.")
    return frame_type(**values)


def decode(body: str | None) -> dict[str, Any]:
    """Return the JSON object in `body`, or raise `InvalidFrame`."""
    try:
        fields = json.loads(body or "", parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise InvalidFrame(INVALID_MESSAGE, "The frame is not JSON.") from None
    if not isinstance(fields, dict):
        raise InvalidFrame(INVALID_MESSAGE, "The frame is not a JSON object.")
    return fields


def reject_unrouted(body: str | None) -> InvalidFrame:
    """Return what is wrong with a frame that no route was found for."""
    try:
        action = decode(body).get("action")
    except InvalidFrame as invalid:
        return invalid
    if not isinstance(action, str):
        return InvalidFrame(INVALID_MESSAGE, "`action` is missing or not a string.")
    return InvalidFrame(UNKNOWN_ACTION, "There is no such action.")


def echo(body: str | None) -> dict[str, Any]:
    """Return the fields by which the sender of a bad frame recognises it: action, room and seq, where well formed."""
    try:
        fields = decode(body)
    except InvalidFrame:
        return {}
    echoed: dict[str, Any] = {}
    for name, length_max in (("action", INTEREST_LENGTH_MAX), ("room", ROOM_LENGTH_MAX)):
        value = fields.get(name)
        if isinstance(value, str) and len(value) <= length_max and _is_text(value, allowed=""):
            echoed[name] = value
    if _is_sequence(fields.get("seq")):
        echoed["seq"] = fields["seq"]
    return echoed


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _is_text(value: str, allowed: str) -> bool:
    """Tell whether a string can be encoded and has no control characters but those allowed."""
    return not any(unicodedata.category(each) in ("Cc", "Cs") and each not in allowed for each in value)


def _is_sequence(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= SEQUENCE_MAX


def _string(name: str, value: object, length_max: int, code: str = INVALID_MESSAGE, allowed: str = "") -> str:
    if not isinstance(value, str) or not _is_text(value, allowed):
        raise InvalidFrame(INVALID_MESSAGE, f"`{name}` is not a string without control characters.")
    trimmed = value.strip()
    if len(trimmed) > length_max:
        raise InvalidFrame(code, f"`{name}` is longer than {length_max} characters.")
    return trimmed


def _visible(name: str, value: object, length_max: int, code: str = INVALID_MESSAGE, allowed: str = "") -> str:
    trimmed = _string(name, value, length_max, code, allowed)
    if not trimmed:
        raise InvalidFrame(INVALID_MESSAGE, f"`{name}` is empty.")
    return trimmed


def _strings(name: str, value: object, count_max: int, length_max: int) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > count_max:
        raise InvalidFrame(INVALID_MESSAGE, f"`{name}` is not a list of up to {count_max} strings.")
    return tuple(_visible(name, each, length_max) for each in value)


def _one_of(choices: Sequence[str]) -> Callable[[str, Any], str]:
    def check(name: str, value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            raise InvalidFrame(INVALID_MESSAGE, f"`{name}` is none of {', '.join(choices)}.")
        return value

    return check


def _boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidFrame(INVALID_MESSAGE, f"`{name}` is not true or false.")
    return value


def _sequence(name: str, value: object) -> int:
    if not _is_sequence(value):
        raise InvalidFrame(INVALID_MESSAGE, f"`{name}` is not a whole number from 1 to {SEQUENCE_MAX}.")
    assert isinstance(value, int), "a sequence number is an integer"
    return value


def _acknowledgement(name: str, value: object) -> int:
    return 0 if value == 0 and isinstance(value, int) and not isinstance(value, bool) else _sequence(name, value)


def _text(name: str, value: object) -> str:
    return _visible(name, value, TEXT_LENGTH_MAX, TOO_LONG, allowed="\n\t")


def _note(name: str, value: object) -> str:
    return _string(name, value, NOTE_LENGTH_MAX, TOO_LONG, allowed="\n\t")


def _room(name: str, value: object) -> str:
    return _visible(name, value, ROOM_LENGTH_MAX)


def _token(name: str, value: object) -> str:
    return _visible(name, value, TOKEN_LENGTH_MAX)


def _interests(name: str, value: object) -> tuple[str, ...]:
    return interests.normalise(_strings(name, value, INTERESTS_MAX, INTEREST_LENGTH_MAX))


def _languages(name: str, value: object) -> tuple[str, ...]:
    tags = _strings(name, value, LANGUAGES_MAX, LANGUAGE_LENGTH_MAX)
    if not all(LANGUAGE_TAG.fullmatch(tag) for tag in tags):
        raise InvalidFrame(INVALID_MESSAGE, f"`{name}` has something that is not a BCP 47 tag.")
    return tags


def _data(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidFrame(INVALID_MESSAGE, f"`{name}` is not an object.")
    try:
        size = len(encode(value))
    except (ValueError, RecursionError):
        raise InvalidFrame(INVALID_MESSAGE, f"`{name}` cannot be encoded again.") from None
    if size > SIGNAL_BYTES_MAX:
        raise InvalidFrame(TOO_LONG, f"`{name}` is larger than {SIGNAL_BYTES_MAX} bytes.")
    return value


Check = Callable[[str, Any], Any]
REQUIRED = True
OPTIONAL = False

FRAMES: Mapping[type, Mapping[str, tuple[Check, bool]]] = {
    Join: {
        "mode": (_one_of(MODES), REQUIRED),
        "interests": (_interests, OPTIONAL),
        "languages": (_languages, OPTIONAL),
        "widen": (_boolean, OPTIONAL),
    },
    Message: {
        "room": (_room, REQUIRED),
        "seq": (_sequence, REQUIRED),
        "text": (_text, REQUIRED),
        "ack": (_acknowledgement, OPTIONAL),
    },
    Ack: {"room": (_room, REQUIRED), "ack": (_acknowledgement, REQUIRED)},
    Typing: {"room": (_room, REQUIRED), "on": (_boolean, REQUIRED), "ack": (_acknowledgement, OPTIONAL)},
    Signal: {"room": (_room, REQUIRED), "data": (_data, REQUIRED)},
    Skip: {"room": (_room, REQUIRED)},
    Leave: {"room": (_room, OPTIONAL)},
    Report: {"room": (_room, REQUIRED), "reason": (_one_of(REASONS), REQUIRED), "note": (_note, OPTIONAL)},
    Resume: {"token": (_token, REQUIRED)},
}


def encode(event: Mapping[str, Any]) -> bytes:
    """Return an event as the bytes that travel: compact UTF-8 JSON. Raises ValueError on what JSON cannot carry."""
    return json.dumps(event, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
