"""The protocol as AsyncAPI 3, from the code; docs/asyncapi.json holds it.

Routes, fields and limits are the functions' own. The server's events are listed here, and a test holds every event of
whole conversations against the list. It is made for generators of clients and of documentation; people read
docs/protocol.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from functions.chat.model.complaints import DONE, KINDS, OPEN, REFUSED
from functions.chat.privacy.kinds import TOLD
from functions.chat.protocol import errors, fields
from functions.chat.protocol.frames import Check, rules
from functions.routes import LIFECYCLE_KEYS, ROUTES

Schema = dict[str, Any]

VERSION = "1.0.0"
CHANNEL = "socket"


def string(length_max: int, length_min: int = 1) -> Schema:
    return {"type": "string", "minLength": length_min, "maxLength": length_max}


def listing(items: Schema, count_max: int) -> Schema:
    return {"type": "array", "items": items, "maxItems": count_max}


TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
ROOM = string(fields.ROOM_LENGTH_MAX)
SEQUENCE: Schema = {"type": "integer", "minimum": 1, "maximum": fields.SEQUENCE_MAX}
ACKNOWLEDGEMENT: Schema = {**SEQUENCE, "minimum": 0}
SIGNAL: Schema = {
    "type": "object",
    "description": f"At most {fields.SIGNAL_BYTES_MAX} bytes encoded, relayed unread.",
}
INTERESTS = listing(string(fields.INTEREST_LENGTH_MAX), fields.INTERESTS_MAX)
LANGUAGE: Schema = {**string(fields.LANGUAGE_LENGTH_MAX), "pattern": f"^{fields.LANGUAGE_TAG.pattern}$"}
LANGUAGES = listing(LANGUAGE, fields.LANGUAGES_MAX)
BASE64URL = {"pattern": f"^{fields.BASE64URL.pattern}$"}
KEY: Schema = {**string(fields.KEY_LENGTH, fields.KEY_LENGTH), **BASE64URL}
COMMITMENT: Schema = {**string(fields.COMMITMENT_LENGTH, fields.COMMITMENT_LENGTH), **BASE64URL}
SEALED: Schema = {**string(fields.SEALED_LENGTH_MAX, fields.SEALED_LENGTH_MIN), **BASE64URL}
HANDED_LINES = listing(
    {
        "type": "object",
        "properties": {
            "seat": {"enum": [0, 1]},
            "seq": SEQUENCE,
            "text": string(fields.TEXT_LENGTH_MAX),
            "opening": KEY,
            "stamp": string(fields.STAMP_LENGTH_MAX),
        },
        "required": ["seat", "seq", "text"],
        "dependencies": {"opening": ["stamp"], "stamp": ["opening"]},
    },
    fields.LINES_MAX,
)
STILL: Schema = {
    **string(fields.STILL_LENGTH_MAX, len(fields.JPEG_BEGINNING)),
    "pattern": f"^{fields.JPEG_BEGINNING}[A-Za-z0-9_-]*$",
}
MODE: Schema = {"enum": list(fields.MODES)}
ICE_SERVERS: Schema = {"type": "array", "items": {"type": "object"}}
PUZZLE: Schema = {
    "type": "object",
    "description": "A challenge of ALTCHA's form.",
    "properties": {
        "algorithm": {"const": "SHA-256"}, "challenge": TEXT, "maxnumber": COUNT, "salt": TEXT, "signature": TEXT,
    },
    "required": ["algorithm", "challenge", "maxnumber", "salt", "signature"],
}  # fmt: skip
HELD: Schema = {
    "type": "array",
    "description": "Items of the table, each with the name of its kind and its attributes that may be shown.",
    "items": {
        "type": "object",
        "properties": {"kind": {"enum": list(TOLD)}, "fields": {"type": "object"}},
        "required": ["kind", "fields"],
    },
}
REASON: Schema = {"enum": ["skipped", "left", "disconnected"]}

CHECKED: Mapping[Check, Schema] = {
    fields.acknowledgement: ACKNOWLEDGEMENT,
    fields.boolean: FLAG,
    fields.data: SIGNAL,
    fields.commitment: COMMITMENT,
    fields.interests: INTERESTS,
    fields.key: KEY,
    fields.languages: LANGUAGES,
    fields.lines: HANDED_LINES,
    fields.sealed: SEALED,
    fields.sequence: SEQUENCE,
    fields.still: STILL,
}

# The server's events: the meaning of each, the fields that are always there, and those that are there at times.
EVENTS: Mapping[str, tuple[str, Mapping[str, Schema], Mapping[str, Schema]]] = {
    "waiting": (
        "In the queue.",
        {"mode": MODE, "interests": INTERESTS, "widened": FLAG, "resume": TEXT, "ticket": TEXT},
        {"device": TEXT, "notice": TEXT, "others": MODE, "puzzle": PUZZLE},
    ),
    "paired": (
        "Two strangers are in a room.",
        {"room": ROOM, "mode": MODE, "polite": FLAG, "common": INTERESTS, "languages": LANGUAGES, "resume": TEXT},
        {"ticket": TEXT, "device": TEXT, "iceServers": ICE_SERVERS, "relayOnly": FLAG, "key": KEY, "ownKey": KEY},
    ),
    "message": (
        "A line from the peer: `text`, or `sealed` with `commitment` where both sides gave a key.",
        {"room": ROOM, "seq": SEQUENCE},
        {
            "text": string(fields.TEXT_LENGTH_MAX), "sealed": SEALED, "commitment": COMMITMENT, "stamp": TEXT,
            "ack": ACKNOWLEDGEMENT, "probe": FLAG, "implied": FLAG,
        },
    ),
    "ack": ("Which lines the peer has.", {"room": ROOM, "ack": ACKNOWLEDGEMENT}, {"probe": FLAG}),
    "typing": ("The peer began or stopped typing.", {"room": ROOM, "on": FLAG}, {"ack": ACKNOWLEDGEMENT}),
    "signal": ("WebRTC signalling from the peer.", {"room": ROOM, "data": SIGNAL}, {}),
    "peer_left": ("The room is over.", {"room": ROOM, "reason": REASON}, {"ack": ACKNOWLEDGEMENT}),
    "peer_away": ("The peer's connection was lost and may come back.", {"room": ROOM}, {}),
    "peer_back": ("The peer is back.", {"room": ROOM}, {}),
    "reported": ("The report was kept.", {"room": ROOM, "case": TEXT}, {}),
    "appealed": ("The appeal was kept.", {"case": TEXT}, {}),
    "mine": (
        "What the table holds of the device that asked, or that it was erased as far as it may be.",
        {"did": {"enum": [fields.SHOW, fields.ERASE]}, "held": HELD, "locked": FLAG},
        {"more": COUNT},
    ),
    "complained": (
        "A complaint was kept, or how one stands, and by when somebody decides.",
        {"case": TEXT, "kind": {"enum": list(KINDS)}, "state": {"enum": [OPEN, DONE, REFUSED]}, "due": COUNT},
        {},
    ),
    "error": (
        "A frame that was not done, and why.",
        {"code": {"enum": list(errors.CODES)}, "message": TEXT},
        {
            "action": TEXT, "room": TEXT, "seq": SEQUENCE, "until": COUNT, "reason": TEXT, "case": TEXT, "mode": MODE,
            "puzzle": PUZZLE, "automatic": FLAG,
        },
    ),
    "pong": ("The answer to ping.", {}, {}),
}  # fmt: skip


def document() -> Schema:
    frames, events = _frame_messages(), _event_messages()
    channel = {"$ref": f"#/channels/{CHANNEL}"}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Passerby",
            "version": VERSION,
            "description": "JSON text frames over one WebSocket. docs/protocol.md says what they promise.",
            "license": {"name": "MIT"},
        },
        "servers": {"localhost": {"host": "127.0.0.1:8080", "protocol": "ws", "description": "make run"}},
        "defaultContentType": "application/json",
        "channels": {
            CHANNEL: {
                "address": "/ws",
                "title": "The conversation",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in [*frames, *events]},
            }
        },
        "operations": {
            "takeFrames": {"action": "receive", "channel": channel, "messages": _references(frames)},
            "sayEvents": {"action": "send", "channel": channel, "messages": _references(events)},
        },
        "components": {"messages": {**frames, **events}},
    }


def payload(tag: str, name: str, required: Mapping[str, Schema], optional: Mapping[str, Schema]) -> Schema:
    """Return the schema of one kind of frame or event, which `tag` (action or type) names."""
    return {
        "type": "object",
        "properties": {tag: {"const": name}, **required, **optional},
        "required": [tag, *required],
    }


def event_payload(name: str) -> Schema:
    _, required, optional = EVENTS[name]
    return payload("type", name, required, optional)


def _frame_messages() -> dict[str, Schema]:
    messages = {}
    for route in ROUTES:
        if route.key in LIFECYCLE_KEYS:
            continue
        checks = rules(route.frame) if route.frame is not None else {}
        required = {name: schema_of(check) for name, (check, is_required) in checks.items() if is_required}
        optional = {name: schema_of(check) for name, (check, is_required) in checks.items() if not is_required}
        messages[f"{route.key}Frame"] = {"name": route.key, "payload": payload("action", route.key, required, optional)}
    return messages


def _event_messages() -> dict[str, Schema]:
    return {
        f"{name}Event": {"name": name, "summary": meaning, "payload": event_payload(name)}
        for name, (meaning, _, _) in EVENTS.items()
    }


def schema_of(check: Check) -> Schema:
    """Return the schema of the values that a check lets pass, before they are normalised."""
    if isinstance(check, fields.OneOf):
        return {"enum": list(check.choices)}
    if isinstance(check, partial) and check.func in (fields.string, fields.visible):
        return string(check.keywords["length_max"], 0 if check.func is fields.string else 1)
    return CHECKED[check]


def _references(messages: Mapping[str, Schema]) -> list[Schema]:
    return [{"$ref": f"#/channels/{CHANNEL}/messages/{name}"} for name in messages]
