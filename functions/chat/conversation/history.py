"""What outlives a socket: on how many days a device talked with somebody, and whom it met within the last minute.

The first is noted at most once a day for each device. The second is noted when a socket closes that met anybody within
the minute: for the device, and for a newcomer's address, as newcomers drop their tokens.
"""

from __future__ import annotations

from dataclasses import replace

from functions.chat.backend import Backend
from functions.chat.model.networks import network_of, tells_people_apart
from functions.chat.model.people import REMATCH_SECONDS, Connection, Room
from functions.chat.model.record import day_of

TALK_SECONDS = 60.0  # nobody stays so long whom they cannot stand; who makes up a good name needs two windows for it


def marked(connection: Connection, ended: Room) -> Connection:
    """Return a connection that knows that its device's day is noted, where `note` will do it."""
    return replace(connection, talked_on=day_of(_end_of(ended))) if _is_due(connection, ended) else connection


def note(backend: Backend, connection: Connection, ended: Room) -> None:
    """Note that a device talked today; `connection` is as it was before it was marked. A lost note is a lost day."""
    if connection.device is not None and _is_due(connection, ended):
        now = _end_of(ended)
        backend.records.change(connection.device.key, lambda record: record.having_talked(now))


def remember(backend: Backend, closed: Connection, ended: Room | None) -> None:
    """Note whom a connection that closed had met lately; `ended` is the room that it was in, if any.

    Where it met nobody itself, what it took over from an earlier one stands there still.
    """
    now = backend.clock.now()
    if ended is not None:
        closed = closed.after_meeting(ended.peer(ended.seat_of_member(closed.person)), ended.closed_at or now)
    recent = tuple(each for each in closed.meetings if each.ended_at > now - REMATCH_SECONDS)
    if recent and closed.met and closed.device is not None:
        backend.records.remember([closed.device.key, *_shared_by_newcomers(closed)], recent)


def met_by(device: str, address: str | None) -> list[str]:
    """Return under which keys it may be noted whom somebody met who opens a socket."""
    return [device, *([address] if address is not None and tells_people_apart(network_of(address)) else [])]


def _shared_by_newcomers(closed: Connection) -> list[str]:
    assert closed.device is not None, "somebody without a device is not remembered"
    return met_by(closed.device.key, closed.address)[1:] if closed.newcomer_since is not None else []


def _is_due(connection: Connection, ended: Room) -> bool:
    if _end_of(ended) - ended.opened_at < TALK_SECONDS or connection.talked_on == day_of(_end_of(ended)):
        return False
    one, other = ended.members
    return one.device != other.device


def _end_of(ended: Room) -> float:
    assert ended.closed_at is not None, "an ended room has an end"
    return ended.closed_at
