"""What a client may send: its frames, the fields of each, and how they are read. Pure.

A frame is one JSON object. `FRAMES` names the fields of each action and how each is checked; a frame that breaks a rule
raises `Refusal`, which the edge answers with one `error` event and which changes nothing. Fields that are not
listed are ignored.

Values that nobody changes a part of are named tuples here and elsewhere: making a dataclass costs a cold start three
times as much (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from functions.chat.protocol import fields
from functions.chat.protocol.encoding import decode
from functions.chat.protocol.errors import INVALID_MESSAGE, UNKNOWN_ACTION, Refusal
from functions.chat.protocol.fields import ACTION_LENGTH_MAX, MODES, REASONS, ROOM_LENGTH_MAX
from functions.chat.runtime.metrics import CALLS


class Join(NamedTuple):
    mode: str
    interests: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    widen: bool = False


class Message(NamedTuple):
    room: str
    seq: int
    text: str
    ack: int | None = None
    probe: bool | None = None


class Ack(NamedTuple):
    room: str
    ack: int
    probe: bool | None = None


class Typing(NamedTuple):
    room: str
    on: bool
    ack: int | None = None


class Signal(NamedTuple):
    room: str
    data: dict[str, Any]


class Skip(NamedTuple):
    room: str
    ack: int | None = None
    call: str | None = None


class Leave(NamedTuple):
    room: str | None = None
    ack: int | None = None
    call: str | None = None


class Report(NamedTuple):
    room: str
    reason: str
    note: str = ""
    ack: int | None = None


class Appeal(NamedTuple):
    case: str
    text: str


class Resume(NamedTuple):
    token: str


Check = Callable[[str, Any], Any]
REQUIRED = True
OPTIONAL = False

FRAMES: Mapping[type, Mapping[str, tuple[Check, bool]]] = {
    Join: {
        "mode": (fields.OneOf(MODES), REQUIRED),
        "interests": (fields.interests, OPTIONAL),
        "languages": (fields.languages, OPTIONAL),
        "widen": (fields.boolean, OPTIONAL),
    },
    Message: {
        "room": (fields.room, REQUIRED),
        "seq": (fields.sequence, REQUIRED),
        "text": (fields.text, REQUIRED),
        "ack": (fields.acknowledgement, OPTIONAL),
        "probe": (fields.boolean, OPTIONAL),
    },
    Ack: {
        "room": (fields.room, REQUIRED),
        "ack": (fields.acknowledgement, REQUIRED),
        "probe": (fields.boolean, OPTIONAL),
    },
    Typing: {
        "room": (fields.room, REQUIRED),
        "on": (fields.boolean, REQUIRED),
        "ack": (fields.acknowledgement, OPTIONAL),
    },
    Signal: {"room": (fields.room, REQUIRED), "data": (fields.data, REQUIRED)},
    Skip: {
        "room": (fields.room, REQUIRED),
        "ack": (fields.acknowledgement, OPTIONAL),
        "call": (fields.OneOf(CALLS), OPTIONAL),
    },
    Leave: {
        "room": (fields.room, OPTIONAL),
        "ack": (fields.acknowledgement, OPTIONAL),
        "call": (fields.OneOf(CALLS), OPTIONAL),
    },
    Report: {
        "room": (fields.room, REQUIRED),
        "reason": (fields.OneOf(REASONS), REQUIRED),
        "note": (fields.note, OPTIONAL),
        "ack": (fields.acknowledgement, OPTIONAL),
    },
    Appeal: {"case": (fields.case, REQUIRED), "text": (fields.appeal, REQUIRED)},
    Resume: {"token": (fields.token, REQUIRED)},
}


Frame = TypeVar("Frame", Join, Message, Ack, Typing, Signal, Skip, Leave, Report, Appeal, Resume)


def parse(frame_type: type[Frame], body: str | None) -> Frame:
    """Return the frame in `body`, checked field by field, or raise `Refusal`."""
    fields = decode(body)
    values: dict[str, Any] = {}
    for name, (check, required) in FRAMES[frame_type].items():
        if name in fields:
            values[name] = check(name, fields[name])
        elif required:
            raise Refusal(INVALID_MESSAGE, f"`{name}` is missing.")
    return frame_type(**values)


def reject_unrouted(body: str | None) -> Refusal:
    """Return what is wrong with a frame that no route was found for."""
    try:
        action = decode(body).get("action")
    except Refusal as invalid:
        return invalid
    if not isinstance(action, str):
        return Refusal(INVALID_MESSAGE, "`action` is missing or not a string.")
    return Refusal(UNKNOWN_ACTION, "There is no such action.")


def echo(body: str | None) -> dict[str, Any]:
    """Return the fields by which the sender of a bad frame recognises it: action, room and seq, where well formed."""
    try:
        frame = decode(body)
    except Refusal:
        return {}
    echoed: dict[str, Any] = {}
    for name, length_max in (("action", ACTION_LENGTH_MAX), ("room", ROOM_LENGTH_MAX)):
        value = frame.get(name)
        if isinstance(value, str) and len(value) <= length_max and fields.is_text(value, allowed=""):
            echoed[name] = value
    if fields.is_sequence(frame.get("seq")):
        echoed["seq"] = frame["seq"]
    return echoed
