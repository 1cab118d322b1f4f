"""What the server says: one function per event of the contract. Pure."""

from __future__ import annotations

from typing import Any

from functions.chat.model import interests, languages
from functions.chat.model.people import Room, Wish
from functions.chat.model.resume_token import Token
from functions.chat.protocol import frames

Event = dict[str, Any]


def waiting(wish: Wish, ticket_id: str, resume: Token, more: Event | None = None) -> Event:
    """Say that somebody is in the queue.

    `ticket` is also in the `paired` event that it led to: two handlers may speak to one client at once, and a `waiting`
    whose ticket was already used came late and means nothing.
    """
    return {
        "type": "waiting",
        "mode": wish.mode,
        "interests": list(interests.keys(wish.interests)),
        "widened": wish.widened,
        "ticket": ticket_id,
        "resume": str(resume),
        **(more or {}),
    }


def paired(room: Room, position: int, resume: Token) -> Event:
    """Say who meets whom, as this member sees it."""
    own, peer = room.members[position], room.peer(position)
    event: Event = {
        "type": "paired",
        "room": room.id,
        "mode": room.mode,
        "polite": position == 1,
        "common": list(interests.common(own.interests, peer.interests)),
        "languages": list(languages.common(own.languages, peer.languages)),
        "resume": str(resume),
    }
    if own.ticket_id is not None:
        event["ticket"] = own.ticket_id
    return event


def told_device(token: str | None, event: Event) -> Event:
    """Return an event with the token of a device that came without one; its page keeps it for the next time."""
    return event if token is None else {**event, "device": token}


def message(frame: frames.Message) -> Event:
    """Pass on one line."""
    event: Event = {"type": "message", "room": frame.room, "seq": frame.seq, "text": frame.text}
    return _probing(_acknowledged(event, frame.ack), frame.probe)


def ack(frame: frames.Ack) -> Event:
    """Pass on an acknowledgement, and whether its sender asks for one in return."""
    return _probing({"type": "ack", "room": frame.room, "ack": frame.ack}, frame.probe)


def typing(frame: frames.Typing) -> Event:
    """Pass on that typing started or stopped."""
    return _acknowledged({"type": "typing", "room": frame.room, "on": frame.on}, frame.ack)


def signal(frame: frames.Signal) -> Event:
    """Pass on signalling, unread."""
    return {"type": "signal", "room": frame.room, "data": frame.data}


def peer_left(room_id: str, reason: str, ack: int | None = None) -> Event:
    """Say that the room is over, and which lines the peer had by then where they said so."""
    return _acknowledged({"type": "peer_left", "room": room_id, "reason": reason}, ack)


def peer_away(room_id: str) -> Event:
    """Say that the peer's connection was lost, and may come back."""
    return {"type": "peer_away", "room": room_id}


def peer_back(room_id: str) -> Event:
    """Say that the peer is back: what it did not acknowledge is to be sent again."""
    return {"type": "peer_back", "room": room_id}


def reported(room_id: str, case: str) -> Event:
    """Say that a report was kept."""
    return {"type": "reported", "room": room_id, "case": case}


def appealed(case: str) -> Event:
    """Say that an appeal was kept."""
    return {"type": "appealed", "case": case}


def error(code: str, sentence: str, echoed: Event) -> Event:
    """Say what was wrong with a frame, and which frame it was."""
    return {"type": "error", "code": code, "message": sentence, **echoed}


def _acknowledged(event: Event, ack: int | None) -> Event:
    return event if ack is None else {**event, "ack": ack}


def _probing(event: Event, probe: bool | None) -> Event:
    return event if probe is None else {**event, "probe": probe}
