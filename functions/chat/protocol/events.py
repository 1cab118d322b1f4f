"""The server's events: one function for each event of the contract. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from functions.chat.model.people import Room, Wish
    from functions.chat.model.resume_token import Token

Event = dict[str, Any]


def waiting(wish: Wish, keys: tuple[str, ...], ticket_id: str, resume: Token, more: Event | None = None) -> Event:
    """Say that a person is in the queue; `keys` are their interests as they are compared.

    `ticket` is also in the `paired` event that it led to: two handlers may speak to one client at once, and a `waiting`
    whose ticket was already used came late and means nothing.
    """
    return {
        "type": "waiting",
        "mode": wish.mode,
        "interests": list(keys),
        "widened": wish.widened,
        "ticket": ticket_id,
        "resume": str(resume),
        **(more or {}),
    }


def paired(room: Room, seat: int, common: tuple[str, ...], languages: tuple[str, ...], resume: Token) -> Event:
    """Say that two people are in a room, as this member sees it: with the interests and the languages of both."""
    own = room.members[seat]
    event: Event = {
        "type": "paired",
        "room": room.id,
        "mode": room.mode,
        "polite": seat == 1,
        "common": list(common),
        "languages": list(languages),
        "resume": str(resume),
    }
    if own.ticket_id is not None:
        event["ticket"] = own.ticket_id
    peer = room.peer(seat)
    if own.public_key is not None and peer.public_key is not None:
        # `ownKey` tells a client which of its own keys the room has: it may have shown a newer one meanwhile.
        event["key"], event["ownKey"] = peer.public_key, own.public_key
    return event


def told_device(token: str | None, event: Event) -> Event:
    """Return an event with the token of a device that came without one; its page keeps it for the next time."""
    return event if token is None else {**event, "device": token}


def relayed(kind: str, frame: NamedTuple) -> Event:
    """Pass on a frame of the peer's: its fields as they were checked, and none that it left out."""
    given = {name: value for name, value in frame._asdict().items() if value is not None}
    return {"type": kind, **given}


def peer_left(room_id: str, reason: str, ack: int | None = None) -> Event:
    """Say that the room is over, and with `ack` which lines the peer had by then."""
    event: Event = {"type": "peer_left", "room": room_id, "reason": reason}
    return event if ack is None else {**event, "ack": ack}


def peer_away(room_id: str) -> Event:
    """Say that the peer's connection was lost, and may come back."""
    return {"type": "peer_away", "room": room_id}


def peer_back(room_id: str) -> Event:
    """Say that the peer is back: lines that it did not acknowledge are to be sent again."""
    return {"type": "peer_back", "room": room_id}


def reported(room_id: str, case: str) -> Event:
    return {"type": "reported", "room": room_id, "case": case}


def appealed(case: str) -> Event:
    return {"type": "appealed", "case": case}


def mine(done: str, held: list[Event], *, is_locked: bool, more: int | None) -> Event:
    """Tell the items of a device, or that they were erased; with `more` there is more behind so many cases."""
    event: Event = {"type": "mine", "did": done, "held": held, "locked": is_locked}
    return event if more is None else {**event, "more": more}


def complained(case: str, kind: str, state: str, due: float) -> Event:
    """Say that a complaint was kept, or how it stands, and by when it is decided."""
    return {"type": "complained", "case": case, "kind": kind, "state": state, "due": int(due)}


def error(code: str, sentence: str, echoed: Event) -> Event:
    """Say what was wrong with a frame, and which frame it was."""
    return {"type": "error", "code": code, "message": sentence, **echoed}


def encode(event: Mapping[str, Any]) -> bytes:
    """Return an event as the bytes that travel: compact UTF-8 JSON. Raises ValueError on what JSON cannot carry."""
    return json.dumps(event, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
