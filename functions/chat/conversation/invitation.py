"""The `paired` event of one member, with what a video call connects through."""

from __future__ import annotations

from functions.chat.backend import Backend
from functions.chat.model.people import Room
from functions.chat.model.resume_token import Token
from functions.chat.protocol import events
from functions.chat.protocol.events import Event

VIDEO = "video"


def invite(backend: Backend, room: Room, position: int, resume: Token) -> Event:
    """Return `paired` as this member sees it; relay credentials are minted here, short-lived and for this room."""
    event = events.paired(room, position, resume)
    if room.mode != VIDEO:
        return event
    return {**event, **backend.relays.mint(room.id, position, backend.clock.now()).as_fields()}
