"""How people leave: the member that stays is told once and is searching again, with anything else at the same time."""

from __future__ import annotations

from functools import partial

import pytest

from functions.chat.conversation import departure
from tests.functions.doorstep import CAFE, HOME, come, meet
from tests.functions.tables import MotoTable
from tests.functions.world import CLEAN, DEAD, Person, World

REMATCH_SECONDS = 60.0
UNMET_SECONDS = 2.0


def test_after_a_skip_both_search_and_the_skipper_is_not_told_that_they_left(world):
    """The skipper knows; the skipped person hears why, and waits without doing anything."""
    ada, bo = world.pair()

    ada.send("skip", room=ada.room)

    assert world.news() == {"Ada": ["waiting"], "Bo": ["peer_left", "waiting"]}
    assert bo.last("peer_left") == {"type": "peer_left", "room": bo.room, "reason": "skipped"}
    assert all("meetings" in world.items()[person.key] for person in (ada, bo))
    assert len(world.table.under("queue#")) == 2


def test_after_a_skip_the_same_two_do_not_meet_but_each_meets_the_next(world):
    """For a minute, as long as there is somebody else."""
    ada, bo = world.pair()
    first = ada.room
    ada.send("skip", room=first)
    cy = world.person("Cy")
    cy.join()
    dee = world.person("Dee")
    dee.join()

    assert {ada.room, bo.room} == {cy.room, dee.room}
    assert first not in (ada.room, bo.room)
    assert ada.room != bo.room


@pytest.mark.parametrize("who", ["the skipper", "the skipped"])
def test_a_minute_is_kept_whoever_asks(world, who):
    """Both remember, so it does not matter who looks."""
    ada, bo = world.pair()
    first = ada.room
    ada.send("skip", room=first)
    world.pass_time(REMATCH_SECONDS - 1)
    stranger = world.person("Cy")
    stranger.join()

    assert stranger.room in (ada.room, bo.room)
    asks = ada if who == "the skipper" else bo
    asks.join()
    assert not ada.room == bo.room != first


def test_leaving_ends_the_room_and_leaves_oneself_idle(world):
    """The peer searches again; the leaver stays connected and in no queue."""
    ada, bo = world.pair()

    ada.send("leave", room=ada.room)

    assert world.news() == {"Bo": ["peer_left", "waiting"]}
    assert bo.last("peer_left")["reason"] == "left"
    assert [item["connection_id"]["S"] for key, item in world.items().items() if key[0].startswith("queue")] == [bo.id]
    assert not {"room_id", "ticket_id"} & set(world.items()[ada.key])


@pytest.mark.parametrize("code", [CLEAN, 1001, 1005])
def test_a_socket_that_closes_cleanly_ends_the_room_at_once(world, code):
    """Nothing of the connection is left, and nobody waits for it."""
    ada, bo = world.pair()

    ada.disconnect(code)

    assert world.news() == {"Bo": ["peer_left", "waiting"]}
    assert bo.last("peer_left")["reason"] == "disconnected"
    assert ada.key not in world.items()
    assert world.alarms.set == []


@pytest.mark.parametrize("code", [DEAD, 1011, None])
def test_a_socket_that_dies_leaves_the_room_open_for_the_time_of_grace(world, code):
    """The peer waits for it; then the room is over, and the peer searches again."""
    ada, bo = world.pair()

    ada.disconnect(code)
    assert world.news() == {"Bo": ["peer_away"]}
    assert world.alarms.set == [({"connection": ada.id}, world.backend.settings.grace_seconds)]

    world.ring()
    assert world.news() == {"Bo": ["peer_left", "waiting"]}
    assert bo.last("peer_left")["reason"] == "disconnected"
    assert ada.key not in world.items()


def test_a_lost_connection_ends_once_however_often_its_timer_rings(world):
    """Queues deliver at least once."""
    ada, _bo = world.pair()
    ada.disconnect(DEAD)
    world.ring()
    world.news()
    before = world.items()

    world.deliver({"connection": ada.id}, {"connection": ada.id})

    assert world.news() == {}
    assert world.items() == before


def test_when_both_sockets_die_nobody_is_told_and_everything_ends(world):
    """Each in its own time; nothing is left but the room and whom they met, which expire."""
    ada, bo = world.pair()
    ada.disconnect(DEAD)
    bo.disconnect(DEAD)
    world.ring()

    assert sorted(key[0].partition("#")[0] for key in world.items()) == ["recent"] * 3 + ["room"]


def test_a_connection_lost_long_ago_is_ended_by_whoever_trips_over_it(world):
    """If its timer never came, the next frame for it does."""
    ada, bo = world.pair()
    ada.disconnect(DEAD)
    world.alarms.set.clear()
    world.news()

    bo.send("typing", room=bo.room, on=True)
    assert world.news() == {}
    world.pass_time(world.backend.settings.grace_seconds + 0.1)
    bo.send("typing", room=bo.room, on=True)

    assert world.news() == {"Bo": ["peer_left", "waiting"]}
    assert ada.key not in world.items()
    # The relay may not do that itself: it would reach what is remembered of people (routes.py).
    assert world.alarms.done == [{"lost": ada.id, "in": ada.room}]


def test_a_connection_that_its_handler_deleted_and_no_more_is_ended_by_whoever_trips_over_it(world):
    """A `$disconnect` that died half-way leaves an open room behind."""
    ada, bo = world.pair()
    ada.die()
    world.table.drop(ada.key)

    bo.send("typing", room=bo.room, on=True)

    assert world.news() == {"Bo": ["peer_left", "waiting"]}
    assert world.backend.rooms.get(bo.room).closed_by == ada.id


def test_somebody_who_waits_and_vanishes_leaves_the_queue(world):
    """Cleanly or not."""
    for name, code in (("Ada", CLEAN), ("Bo", DEAD)):
        person = world.person(name)
        person.join(interests=[name])
        person.disconnect(code)

    assert world.table.under("queue#") == []


def test_a_pairing_that_failed_before_the_two_had_met_costs_no_place(world):
    """A room that a closed socket ended at once was no conversation. They do not meet again at once all the same."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    place = ada.last("waiting")["ticket"].partition("-")[0]
    world.pass_time(30)
    bo.join()
    world.pass_time(UNMET_SECONDS - 0.1)

    bo.disconnect(CLEAN)

    assert ada.last("waiting")["ticket"].partition("-")[0] == place
    assert len(world.items()[ada.key]["meetings"]["L"]) == 1


def test_a_conversation_that_ended_is_the_end_of_ones_place(world):
    """A person who talked waits anew, and remembers the people they met."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    place = ada.last("waiting")["ticket"].partition("-")[0]
    bo.join()
    world.pass_time(UNMET_SECONDS)

    bo.disconnect(CLEAN)

    assert ada.last("waiting")["ticket"].partition("-")[0] > place
    assert "meetings" in world.items()[ada.key]


# At the same time: one of them acts before any single call of the other's handler. The simulation goes further.

ACTS = {
    "skip": lambda person, room: person.send("skip", room=room),
    "leave": lambda person, room: person.send("leave", room=room),
    "close": lambda person, room: person.disconnect(CLEAN),
    "die": lambda person, room: person.disconnect(DEAD),
    "speak": lambda person, room: person.send("typing", room=room, on=True),
}
AT_ONCE = [("skip", "skip"), ("skip", "close"), ("close", "leave"), ("die", "speak")]
CALLS_MAX = 20


@pytest.mark.parametrize(("one", "other"), AT_ONCE)
def test_each_is_told_once_whatever_the_other_does_meanwhile(dynamodb, one, other):
    """Before each call in turn; afterwards nobody is in the room, and a member who is still there knows it."""
    for calls in range(CALLS_MAX):
        world = World(MotoTable(dynamodb))
        ada, bo = world.pair()
        room = ada.room
        world.client.interrupt(calls, partial(ACTS[other], bo, room))
        ACTS[one](ada, room)
        if world.client.interruptions:
            break
        world.ring()

        ended = world.backend.rooms.get(room)
        assert ended is not None, calls
        assert ended.closed_by is not None, calls
        for person in (ada, bo):
            is_there = person.id in world.sockets.open
            assert told(person, room) <= 1, calls
            assert not is_there or told(person, room) == (person.id != ended.closed_by), calls
            assert (world.backend.store.get_connection(person.id) is not None) is is_there, calls
    assert 0 < calls < CALLS_MAX - 1


def told(person: Person, room: str) -> int:
    """Return how often somebody was told that their peer left."""
    return sum(event["type"] == "peer_left" and event["room"] == room for event in person.inbox)


class Died(Exception):
    """The exception that stops a handler in the middle of its work."""


def die() -> None:
    raise Died


@pytest.mark.parametrize("act", ["skip", "close"])
def test_a_handler_that_dies_anywhere_strands_nobody(dynamodb, act):
    """Its client asks again or is gone, alarms ring, the peer says something: then it knows, and is searching."""
    for calls in range(CALLS_MAX):
        world = World(MotoTable(dynamodb))
        ada, bo = world.pair()
        room = ada.room
        world.client.interrupt(calls, die)
        try:
            ACTS[act](ada, room)
            break
        except Died:
            if act == "skip":
                ada.send("skip", room=room)
                ada.join()
        world.ring()
        bo.send("typing", room=room, on=True)
        world.ring()

        assert told(bo, room) or bo.last("error")["code"] == "stale_room", calls
        bo.join()
        connection = world.backend.store.get_connection(bo.id)
        assert connection is not None, calls
        assert connection.ticket_id is not None or bo.room != room, calls
    assert 0 < calls < CALLS_MAX - 1


def test_of_a_room_that_another_handler_has_just_undone_only_a_late_word_is_taken_back(world):
    """Its joiner's frame came twice: one handler undid it for the dead waiter, the other repeats `paired`."""
    ada, bo = world.pair()
    room = world.backend.rooms.get(ada.room)
    connection = world.backend.store.get_connection(bo.id)
    assert room is not None and connection is not None
    world.backend.rooms.close(room, 0, "undone")

    departure.invite_again(world.backend, room, connection)

    assert world.news() == {"Bo": ["paired", "peer_left"]}
    assert bo.last("peer_left") == {"type": "peer_left", "room": room.id, "reason": "disconnected"}


def test_the_one_whom_an_undone_pairing_left_behind_has_met_nobody_by_it(world):
    """The handler that undid it died before it went on: its seeker waits on, and may meet the lost one at once."""
    ada, bo = world.pair()
    room = world.backend.rooms.get(ada.room)
    assert room is not None
    world.backend.rooms.close(room, 0, "undone")

    world.deliver({"room": room.id})

    assert world.news() == {"Bo": ["peer_left", "waiting"]}
    assert bo.last("peer_left")["reason"] == "disconnected"
    assert world.backend.store.get_connection(bo.id).meetings == ()


@pytest.mark.parametrize("seconds", [0.0, 1.9, 2.1])
def test_a_newcomer_that_closes_the_socket_at_once_does_not_meet_the_same_person_again(world, seconds):
    """It is opened before the platform tells of the other's close, so that nothing is noted by the address yet."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve", address=HOME)
    meet(world, ada, eve)
    world.pass_time(seconds)
    again = come(world, "Eve again", address=HOME)
    eve.disconnect()
    again.join()

    assert [each.inbox[-1]["type"] for each in (ada, again)] == ["waiting", "waiting"]


def test_the_end_of_a_room_is_looked_at_again_when_its_handler_is_dead_for_certain(world):
    """Lambda ends a handler after ten seconds; two more are for the clocks of two machines."""
    ada, _bo = world.pair()
    room = world.backend.rooms.get(ada.room)
    assert room is not None
    world.backend.rooms.close(room, room.seat_of_member(ada.id), "skipped")
    ada.join()

    assert world.alarms.set == [({"room": room.id}, 12)]


def test_a_stranger_who_comes_while_a_report_is_kept_is_not_met_at_once(world):
    """A skipper would have met them: else that meeting would tell the reported one that nobody skipped."""
    ada, bo = world.pair()
    cy = world.person("Cy")
    room, connection = world.backend.rooms.get(ada.room), world.backend.store.get_connection(ada.id)
    departure.part(world.backend, room, connection, cy.join)
    assert world.news() == {"Cy": ["waiting"], "Bo": ["peer_left", "waiting"]}

    world.pass_time(11)
    bo.join()
    assert bo.room == cy.room
