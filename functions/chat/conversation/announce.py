"""Telling two people of their room: the waiter first, or both at once where the waiter came within the last second.

The first post to a waiter shows whether its socket died while it waited; if so, the joiner never hears of that room.
The socket of a waiter that came within the last second was alive then, so both are told at once. If that socket is
closed all the same, the waiter has just left, as any member may. So in a crowd neither member waits for the other's
post.
"""

from __future__ import annotations

from enum import Enum

from functions.chat.aws.sockets import Delivery
from functions.chat.backend import Backend, waiting_since
from functions.chat.model import interests, languages
from functions.chat.model.people import Room
from functions.chat.model.resume_token import Token
from functions.chat.protocol import events
from functions.chat.protocol.fields import VIDEO
from functions.chat.runtime import telemetry

JUST_CAME_SECONDS = 1.0


class Told(Enum):
    """Which members have heard of their room."""

    BOTH = "both"
    NEITHER = "the waiter's socket is closed, so the joiner was told nothing"
    WAITER = "the joiner's socket is closed"
    JOINER = "the waiter's socket is closed, and the joiner was told at the same time"


def announce(
    backend: Backend, room: Room, tokens: tuple[Token, Token], device_tokens: tuple[str | None, str | None]
) -> Told:
    """Post `paired` to both; tokens are in the order of the room's members, and those of devices may be missing."""
    # Both events are made first: providers of relays mint once for a room.
    invited = [events.told_device(device_tokens[at], invite(backend, room, at, tokens[at])) for at in (0, 1)]
    gone: list[int] = []

    def tell(seat: int) -> None:
        if backend.connections.post(room.members[seat].connection_id, invited[seat]) is Delivery.GONE:
            gone.append(seat)

    if backend.clock.now() - _waiting_since(room) < JUST_CAME_SECONDS:
        with backend.meanwhile(lambda: tell(0)):
            tell(1)
    else:
        tell(0)
        if gone:
            return Told.NEITHER
        tell(1)
    if 0 in gone:
        return Told.JOINER
    _report(backend, room)
    return Told.WAITER if gone else Told.BOTH


def invite(backend: Backend, room: Room, seat: int, resume: Token) -> events.Event:
    """Return `paired` as this member sees it; relay credentials are minted here, short-lived and for this room."""
    own, peer = room.members[seat], room.peer(seat)
    common = interests.common(own.interests, peer.interests)
    shared = languages.common(own.languages, peer.languages)
    event = events.paired(room, seat, common, shared, resume)
    if room.mode != VIDEO:
        return event
    return {**event, **backend.relays.mint(room.id, seat, backend.clock.now()).as_fields()}


def _waiting_since(room: Room) -> float:
    ticket_id = room.members[0].ticket_id
    assert ticket_id is not None, "the first member of a new room waited"
    return waiting_since(ticket_id)


def _report(backend: Backend, room: Room) -> None:
    waited_ms = telemetry.milliseconds(backend.clock.now() - _waiting_since(room))
    telemetry.observe_milliseconds("Waited", waited_ms)
    waiter, joiner = (member.connection_id for member in room.members)
    telemetry.tell("paired", room=room.id, waiter=waiter, joiner=joiner, mode=room.mode, waited_ms=waited_ms)
