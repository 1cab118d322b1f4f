"""The history that outlives a socket: the days on which a device talked, and the people it met in the last minute.

A day is noted at most once for each device. The people of the last minute are noted when the socket closes: for its
device, and for a newcomer's address, as newcomers drop their tokens.
"""

from __future__ import annotations

from dataclasses import replace

from functions.chat.backend import Backend
from functions.chat.model.networks import network_of, tells_people_apart
from functions.chat.model.people import REMATCH_SECONDS, Connection, Member, Room
from functions.chat.model.record import day_of

TALK_SECONDS = 60.0  # nobody stays so long with a bad peer; to fake a talk an abuser needs two windows


def marked(connection: Connection, ended: Room) -> Connection:
    """Return a connection that is marked with today's talk, if `note` will note one."""
    return replace(connection, talked_on=day_of(_end_of(ended))) if _is_due(connection, ended) else connection


def note(backend: Backend, connection: Connection, ended: Room) -> None:
    """Note that a device talked today; `connection` is as it was before it was marked. A lost note is a lost day."""
    if connection.device is not None and _is_due(connection, ended):
        _note(backend, connection.device, ended)


def note_member(backend: Backend, member: Member, ended: Room) -> None:
    """Note that the device of a member talked today, whether or not its connection is marked."""
    if member.device is not None and _is_talk(ended):
        _note(backend, member.device, ended)


def remember(backend: Backend, closed: Connection, ended: Room | None) -> None:
    """Note the people whom a closed connection met in the last minute; `ended` is the room that it was in, if any.

    A connection that met nobody notes nothing: the meetings that it took over from an earlier one are noted already.
    """
    now = backend.clock.now()
    if ended is not None:
        closed = closed.after_meeting(ended.peer(ended.seat_of_member(closed.person)), ended.closed_at or now)
    recent = tuple(each for each in closed.meetings if each.ended_at > now - REMATCH_SECONDS)
    if recent and closed.met and closed.device is not None:
        backend.records.remember([closed.device, *_shared_by_newcomers(closed)], recent)


def met_by(device: str, address: str | None) -> list[str]:
    """Return the keys under which the meetings of a device that opens a socket may be noted."""
    return [device, *([address] if address is not None and tells_people_apart(network_of(address)) else [])]


def _shared_by_newcomers(closed: Connection) -> list[str]:
    assert closed.device is not None, "somebody without a device is not remembered"
    return met_by(closed.device, closed.address)[1:] if closed.newcomer_since is not None else []


def _is_due(connection: Connection, ended: Room) -> bool:
    return connection.talked_on != day_of(_end_of(ended)) and _is_talk(ended)


def _is_talk(ended: Room) -> bool:
    one, other = ended.members
    return one.device != other.device and _end_of(ended) - ended.opened_at >= TALK_SECONDS


def _note(backend: Backend, device: str, ended: Room) -> None:
    now = _end_of(ended)
    backend.records.change(device, lambda record: record.having_talked(now))


def _end_of(ended: Room) -> float:
    assert ended.closed_at is not None, "an ended room has an end"
    return ended.closed_at
