"""Every row of the states' table is played by the real handlers, and they know no other way from one to another."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from infra.reports.states import TRANSITIONS, State
from tests.functions.world import DEAD, Person, World


def state(world: World, person: Person) -> State:
    """Return where a connection stands, as its item and its room say."""
    connection = world.backend.store.get_connection(person.id)
    if connection is None or connection.continued_by is not None:
        return State.GONE
    if connection.lost_at is not None:
        return State.LOST
    if connection.ticket_id is not None:
        return State.WAITING
    room = world.backend.rooms.get(connection.room_id) if connection.room_id else None
    return State.TALKING if room is not None and room.is_open else State.IDLE


def somebody_waits(world: World) -> None:
    world.person("Somebody").join()


def resume(world: World, person: Person) -> None:
    new = world.person("New")
    new.send("resume", token=person.token)
    assert new.last("waiting" if state(world, new) is State.WAITING else "paired")


def peer_of(world: World, person: Person) -> Person:
    return next(each for each in world.people if each is not person and each.name == "Bo")


def join_somebody(world: World, person: Person) -> None:
    somebody_waits(world)
    person.join()


def skip_to_somebody(world: World, person: Person) -> None:
    somebody_waits(world)
    person.send("skip", room=person.room)


EVENTS: dict[str, Callable[[World, Person], object]] = {
    "join, nobody is there": lambda world, person: person.join(),
    "join, somebody waits": join_somebody,
    "join again": lambda world, person: person.join(),
    "somebody joins": lambda world, person: somebody_waits(world),
    "leave": lambda world, person: person.send("leave"),
    "skip, nobody is there": lambda world, person: person.send("skip", room=person.room),
    "skip, somebody waits": skip_to_somebody,
    "the peer skips, leaves or is gone": lambda world, person: peer_of(world, person).send("leave"),
    "report": lambda world, person: person.send("report", room=person.room, reason="spam"),
    "the socket closes": lambda world, person: person.disconnect(),
    "the socket dies": lambda world, person: person.disconnect(DEAD),
    "resume by a new connection": resume,
    "the grace is over": lambda world, person: world.ring(),
}


def idle(world: World) -> Person:
    return world.person("Ada")


def waiting(world: World) -> Person:
    ada = world.person("Ada")
    ada.join()
    return ada


def talking(world: World) -> Person:
    return world.pair()[0]


def lost(world: World) -> Person:
    ada = waiting(world)
    ada.disconnect(DEAD)
    return ada


BEGINNINGS: dict[State, Callable[[World], Person]] = {
    State.IDLE: idle,
    State.WAITING: waiting,
    State.TALKING: talking,
    State.LOST: lost,
}
# Events that cannot happen there, or are not a single person's: nobody joins a person who talks.
ANYWHERE = {
    State.IDLE: {"join, nobody is there", "join, somebody waits", "the socket closes", "leave"},
    State.WAITING: {"join again", "somebody joins", "leave", "the socket closes", "the socket dies"},
    State.TALKING: {
        "join again", "skip, nobody is there", "skip, somebody waits", "the peer skips, leaves or is gone", "leave",
        "report", "the socket closes", "the socket dies",
    },
    State.LOST: {"resume by a new connection", "the grace is over"},
}  # fmt: skip
STAYS = {(State.IDLE, "leave")}


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: f"{row.before.value}: {row.event}")
def test_a_row_is_what_happens(world: World, row) -> None:
    """The event leads from the one state to the other."""
    person = BEGINNINGS[row.before](world)
    assert state(world, person) is row.before

    EVENTS[row.event](world, person)

    assert state(world, person) is row.after


@pytest.mark.parametrize(
    ("before", "event"), [(each, event) for each, some in ANYWHERE.items() for event in sorted(some)]
)
def test_every_event_of_a_connection_has_a_row(world: World, before: State, event: str) -> None:
    """No event moves a connection that the table does not know."""
    person = BEGINNINGS[before](world)
    EVENTS[event](world, person)
    after = state(world, person)

    known = {each.after for each in TRANSITIONS if (each.before, each.event) == (before, event)}
    assert known == ({after} if (before, event) not in STAYS else set())
    assert known or after is before


def test_the_table_names_each_way_once() -> None:
    """Two rows for one event in one state would be a choice that nobody makes."""
    ways = [(each.before, each.event) for each in TRANSITIONS]

    assert len(set(ways)) == len(ways)
    assert set(ways) == {way for way in product(ANYWHERE, EVENTS) if way[1] in ANYWHERE[way[0]]} - STAYS
