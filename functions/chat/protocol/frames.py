"""A client's frames: the fields of each, how each is checked, and how they are read. Pure.

A frame is one JSON object. Each field's annotation names its check (fields.py); a frame that breaks a rule raises
`Refusal`, which its sender is told in one `error` event, and changes nothing. Fields that are not listed are ignored.

Values that are never changed in part are named tuples here and elsewhere: making a dataclass costs a cold start three
times as much (docs/performance.md). Annotations are evaluated here, because they are read: so no `annotations` from
`__future__`.
"""

import json
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple, TypeVar

from functions.chat.model.stamps import Line
from functions.chat.protocol import fields
from functions.chat.protocol.errors import INVALID_MESSAGE, UNKNOWN_ACTION, Refusal
from functions.chat.protocol.fields import ACTION_LENGTH_MAX, ROOM_LENGTH_MAX

Check = Callable[[str, Any], Any]


class Join(NamedTuple):
    mode: Annotated[str, fields.mode]
    interests: Annotated[tuple[str, ...], fields.interests] = ()
    languages: Annotated[tuple[str, ...], fields.languages] = ()
    widen: Annotated[bool, fields.boolean] = False
    solution: Annotated[str | None, fields.solution] = None
    read: Annotated[str | None, fields.case] = None
    key: Annotated[str | None, fields.key] = None


class Message(NamedTuple):
    room: Annotated[str, fields.room]
    seq: Annotated[int, fields.sequence]
    text: Annotated[str | None, fields.text] = None
    ack: Annotated[int | None, fields.acknowledgement] = None
    probe: Annotated[bool | None, fields.boolean] = None
    sealed: Annotated[str | None, fields.sealed] = None
    commitment: Annotated[str | None, fields.commitment] = None
    implied: Annotated[bool | None, fields.boolean] = None


class Ack(NamedTuple):
    room: Annotated[str, fields.room]
    ack: Annotated[int, fields.acknowledgement]
    probe: Annotated[bool | None, fields.boolean] = None


class Typing(NamedTuple):
    room: Annotated[str, fields.room]
    on: Annotated[bool, fields.boolean]
    ack: Annotated[int | None, fields.acknowledgement] = None


class Signal(NamedTuple):
    room: Annotated[str, fields.room]
    data: Annotated[dict[str, Any], fields.data]


class Skip(NamedTuple):
    room: Annotated[str, fields.room]
    ack: Annotated[int | None, fields.acknowledgement] = None
    call: Annotated[str | None, fields.call] = None
    key: Annotated[str | None, fields.key] = None


class Leave(NamedTuple):
    room: Annotated[str | None, fields.room] = None
    ack: Annotated[int | None, fields.acknowledgement] = None
    call: Annotated[str | None, fields.call] = None


class Report(NamedTuple):
    room: Annotated[str, fields.room]
    reason: Annotated[str, fields.reason]
    note: Annotated[str, fields.note] = ""
    ack: Annotated[int | None, fields.acknowledgement] = None
    lines: Annotated[tuple[Line, ...], fields.lines] = ()
    still: Annotated[str | None, fields.still] = None


class Appeal(NamedTuple):
    case: Annotated[str, fields.case]
    text: Annotated[str, fields.appeal]


class Mine(NamedTuple):
    do: Annotated[str, fields.doing]
    after: Annotated[int, fields.acknowledgement] = 0


class Complain(NamedTuple):
    kind: Annotated[str | None, fields.kind] = None
    text: Annotated[str | None, fields.complaint] = None
    place: Annotated[str, fields.place] = ""
    name: Annotated[str, fields.full_name] = ""
    contact: Annotated[str, fields.contact] = ""
    honest: Annotated[bool, fields.boolean] = False
    case: Annotated[str | None, fields.case] = None


class Resume(NamedTuple):
    token: Annotated[str, fields.token]


Frame = TypeVar("Frame", bound=tuple[Any, ...])


def parse(frame_type: type[Frame], body: str | None) -> Frame:
    """Return the frame in `body`, checked field by field, or raise `Refusal`."""
    given = decode(body)
    values: dict[str, Any] = {}
    for name, (check, is_required) in rules(frame_type).items():
        if name in given:
            values[name] = check(name, given[name])
        elif is_required:
            raise Refusal(INVALID_MESSAGE, f"`{name}` is missing.")
    if frame_type is Message:
        _check_line(values)
    return frame_type(**values)


def rules(frame_type: type[Any]) -> dict[str, tuple[Check, bool]]:
    """Return for each field of a frame its check, and whether it is required; a field with a default is not."""
    return {
        name: (annotation.__metadata__[0], name not in frame_type._field_defaults)
        for name, annotation in frame_type.__annotations__.items()
    }


def decode(body: str | None) -> dict[str, Any]:
    """Return the JSON object in `body`, or raise `Refusal`."""
    try:
        fields = json.loads(body or "", parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refusal(INVALID_MESSAGE, "The frame is not JSON.") from None
    if not isinstance(fields, dict):
        raise Refusal(INVALID_MESSAGE, "The frame is not a JSON object.")
    return fields


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


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _check_line(values: dict[str, Any]) -> None:
    """Refuse a line that says nothing: it is in the clear, or sealed with a commitment to it."""
    if "text" not in values and not {"sealed", "commitment"} <= values.keys():
        raise Refusal(INVALID_MESSAGE, "`text` is missing, or `sealed` and `commitment`.")
