"""Good names: on how many days a device talked with somebody. Noted at most once a day for each device."""

from __future__ import annotations

from dataclasses import replace

from functions.chat.backend import Backend
from functions.chat.model.people import Connection, Room
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


def _is_due(connection: Connection, ended: Room) -> bool:
    if _end_of(ended) - ended.opened_at < TALK_SECONDS or connection.talked_on == day_of(_end_of(ended)):
        return False
    one, other = ended.members
    return one.device != other.device


def _end_of(ended: Room) -> float:
    assert ended.closed_at is not None, "an ended room has an end"
    return ended.closed_at
