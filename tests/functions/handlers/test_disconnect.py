"""$disconnect: whether somebody left or was cut off; the rest is test_departure.py's."""

from __future__ import annotations

import pytest

from tests.functions.world import World


@pytest.mark.parametrize("codes", [{}, {"disconnectStatusCode": 0}], ids=["without", "0"])
def test_an_event_without_a_code_is_a_socket_that_died(world, codes):
    """The field is not always there."""
    ada, _bo = world.pair()
    event = ada.event("disconnect")
    del event["requestContext"]["disconnectStatusCode"]
    event["requestContext"].update(codes)

    assert world.call("$disconnect", event) == {"statusCode": 200}
    assert world.news() == {"Bo": ["peer_away"]}


@pytest.mark.parametrize("code", [1000, 1006])
def test_a_disconnect_that_comes_twice_or_for_nobody_changes_nothing(world, code):
    """Best effort cuts both ways."""
    ada, _bo = world.pair()
    ada.disconnect(code)
    world.news()
    before, alarms = world.items(), list(world.alarms.set)

    ada.disconnect(code)
    world.person("Cy").disconnect(1000)
    after = world.items()

    assert world.news() == {}
    assert (after, world.alarms.set) == (before, alarms)


@pytest.mark.parametrize("code", [1000, 1001, 1005])
def test_a_clean_close_ends_the_room_at_once_although_a_line_met_the_closed_socket_first(world, code):
    """That one could not know how it was closed: the peer is told that the stranger is away, and then that it left."""
    ada, bo = world.pair()
    ada.die()
    bo.send("message", room=bo.room, seq=1, text="are you there?")
    assert world.news() == {"Bo": ["peer_away"]}

    ada.disconnect(code)

    assert world.news() == {"Bo": ["peer_left", "waiting"]}
    world.ring()
    assert world.news() == {}


@pytest.mark.parametrize(("code", "seconds"), [(4001, [20, 5]), (1006, [20])])
def test_a_shorter_grace_counts_although_a_line_met_the_closed_socket_first(world, code, seconds):
    """Whichever is over first ends it."""
    ada, bo = world.pair()
    ada.die()
    bo.send("message", room=bo.room, seq=1, text="are you there?")

    ada.disconnect(code)

    assert world.alarms.set == [({"connection": ada.id}, each) for each in seconds]


@pytest.mark.parametrize("was_lost", [True, False], ids=["lost", "not known to be lost"])
@pytest.mark.parametrize("code", [1000, 4001, 1006])
def test_the_close_of_a_socket_that_another_one_continues_ends_nothing(world, code, was_lost):
    """Its place is the other's, also after a line that met the closed socket."""
    ada, bo = world.pair()
    if was_lost:
        ada.die()
        bo.send("message", room=bo.room, seq=1, text="are you there?")
    new = world.person("New")
    new.send("resume", token=ada.token)
    world.news()
    before, alarms = world.items(), list(world.alarms.set)

    ada.disconnect(code)
    world.deliver({"connection": ada.id})

    assert world.news() == {}
    assert (world.items(), world.alarms.set) == (before, alarms)
    assert world.backend.rooms.get(bo.room).seat(new.id) == 0


def test_a_page_that_is_left_is_waited_for_only_as_long_as_a_reload_takes(world):
    """A closed tab cannot be told from a reload, and its stranger should not wait for twenty seconds."""
    ada, _bo = world.pair()

    ada.disconnect(4001)

    assert world.alarms.set == [({"connection": ada.id}, 5)]
    assert world.news() == {"Bo": ["peer_away"]}


def test_a_page_that_is_left_is_waited_for_no_longer_than_any_other(table):
    """Where the operator chose a shorter grace."""
    world = World(table, grace_seconds=3)
    ada, _bo = world.pair()
    ada.disconnect(4001)

    assert world.alarms.set == [({"connection": ada.id}, 3)]
