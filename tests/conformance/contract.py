"""The protocol's document, written down a second time on purpose.

The product has its own tables in `functions/`. These are read from the document alone, so that a slip in one of the
two is seen instead of being checked against itself.
"""

from __future__ import annotations

from typing import Any

Frame = dict[str, Any]
Event = dict[str, Any]

TEXT_CHARACTERS_MAX = 2000
SIGNAL_BYTES_MAX = 24 * 1024
INTERESTS_MAX = 10
INTEREST_CHARACTERS_MAX = 32
LANGUAGES_MAX = 5
NOTE_CHARACTERS_MAX = 500

# API Gateway's own limits: a server that imitates it closes the socket.
FRAME_BYTES_MAX = 32 * 1024
MESSAGE_BYTES_MAX = 128 * 1024

# After a skip the same two meet again when nobody else is there, but not sooner than this.
REMATCH_ALONE_SECONDS = 10
# A lost connection may be waited for before the peer is told; this is longer than the longest such grace.
DISCONNECT_SECONDS_MAX = 45
# A clean close is told at once; this is less than a grace, and long enough for a busy machine.
AT_ONCE_SECONDS = 15

MODES = frozenset({"text", "video"})
REPORT_REASONS = ("underage", "sexual", "harassment", "hate", "spam", "other")
LEFT_REASONS = frozenset({"skipped", "left", "disconnected"})
ERROR_CODES = frozenset(
    {
        "invalid_message",
        "unknown_action",
        "stale_room",
        "too_long",
        "rate_limited",
        "banned",
        "warned",
        "unknown_case",
        "age_required",
        "closed",
        "resume_failed",
        "busy",
    }
)

# The fields that an event always carries, and their types.
EVENT_FIELDS: dict[str, dict[str, type]] = {
    "waiting": {"mode": str, "interests": list, "widened": bool, "resume": str},
    "paired": {"room": str, "mode": str, "polite": bool, "common": list, "resume": str},
    "message": {"room": str, "seq": int},
    "ack": {"room": str, "ack": int},
    "typing": {"room": str, "on": bool},
    "signal": {"room": str, "data": dict},
    "peer_left": {"room": str, "reason": str},
    "peer_away": {"room": str},
    "peer_back": {"room": str},
    "reported": {"room": str, "case": str},
    "appealed": {"case": str},
    "mine": {"did": str, "held": list, "locked": bool},
    "complained": {"case": str, "kind": str, "state": str, "due": int},
    "error": {"code": str, "message": str},
    "pong": {},
}
VIDEO_FIELDS: dict[str, type] = {"iceServers": list, "relayOnly": bool}

# Fields that an event carries where they apply, and their types then.
OPTIONAL_FIELDS: dict[str, dict[str, type]] = {
    "message": {
        "text": str,
        "sealed": str,
        "commitment": str,
        "stamp": str,
        "ack": int,
        "probe": bool,
        "implied": bool,
    },
    "ack": {"probe": bool},
    "typing": {"ack": int},
    "peer_left": {"ack": int},
    "mine": {"more": int},
    "error": {
        "action": str,
        "room": str,
        "seq": int,
        "until": int,
        "reason": str,
        "case": str,
        "mode": str,
        "automatic": bool,
        "puzzle": dict,
    },
    "waiting": {"ticket": str, "device": str, "notice": str, "others": str, "puzzle": dict},
    "paired": {"ticket": str, "device": str, "key": str, "ownKey": str, "languages": list},
}

# The event that a peer's frame becomes at the other side.
RELAYED = frozenset({"message", "ack", "typing", "signal"})
# The events that tell that the peer went or came back.
PRESENCE = frozenset({"peer_left", "peer_away", "peer_back"})


def faults(event: object) -> list[str]:
    """Say how an event breaks the contract; an event of a type the document does not name is nobody's fault."""
    if not isinstance(event, dict):
        return [f"a frame that is not a JSON object: {event!r}"]
    if "type" not in event:
        return [f"a frame without a type, as the platform sends when a handler fails: {event!r}"]
    required = EVENT_FIELDS.get(event["type"], {})
    if event["type"] == "paired" and event.get("mode") == "video":
        required = required | VIDEO_FIELDS
    optional = {name: kind for name, kind in OPTIONAL_FIELDS.get(event["type"], {}).items() if name in event}
    found = [
        f"{event['type']}.{name} should be {kind.__name__}: {event!r}"
        for name, kind in (required | optional).items()
        if not _is(event.get(name), kind)
    ]
    return found + [f"{fault}: {event!r}" for fault in _wrong_values(event) + _wrong_sealing(event)]


def _is(value: object, kind: type) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def _wrong_values(event: Event) -> list[str]:
    match event["type"]:
        case "waiting" | "paired" if event.get("mode") not in MODES:
            return ["unknown mode"]
        case "peer_left" if event.get("reason") not in LEFT_REASONS:
            return ["unknown reason"]
        case "error" if event.get("code") not in ERROR_CODES:
            return ["unknown code"]
        case "error" if any(trace in str(event.get("message")) for trace in ("Traceback", "Error(", 'File "')):
            return ["the server's insides in an error"]
    return []


def _wrong_sealing(event: Event) -> list[str]:
    match event["type"]:
        case "message" if ("text" in event) == ({"sealed", "commitment"} <= event.keys()):
            return ["neither in the clear nor sealed, or both"]
        case "paired" if ("key" in event) != ("ownKey" in event):
            return ["half of the keys"]
    return []
