"""leave: stop, and stay connected; the rest is test_departure.py's."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("named", [True, False])
def test_somebody_leaves_their_room_whether_or_not_they_name_it(world, named):
    """Only the peer hears of it, and is searching again."""
    ada, _bo = world.pair()

    ada.send("leave", **({"room": ada.room} if named else {}))

    assert world.news() == {"Bo": ["peer_left", "waiting"]}


def test_somebody_leaves_the_queue_and_nobody_finds_them_any_more(world):
    """No hint is left, and nothing is said."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join(interests=["Go", "Chess"], widen=True)
    world.news()

    ada.send("leave")
    bo.join()

    assert world.news() == {"Bo": ["waiting"]}
    assert [key[0] for key in world.table.under("queue#")] == ["queue#text#*#0"]


def test_leaving_when_there_is_nothing_to_leave_is_nothing(world):
    """Stop may be pressed twice."""
    ada = world.person("Ada")
    before = world.items()

    ada.send("leave")

    assert world.news() == {}
    assert world.items() == before


def test_who_left_may_search_again(world):
    """Their connection is as good as new, but remembers whom they met."""
    ada, bo = world.pair()
    ada.send("leave")
    world.news()

    ada.join()

    assert world.news() == {"Ada": ["waiting"]}
    assert ada.inbox[-1]["type"] == bo.inbox[-1]["type"] == "waiting"


@pytest.mark.parametrize("room", ["never-was", "the last one"])
def test_a_room_that_is_not_ones_open_one_is_stale_even_while_waiting(world, room):
    """An old frame must not take somebody out of the queue that they entered since."""
    ada, _bo = world.pair()
    last = ada.room
    ada.send("skip", room=last)
    world.news()
    before = world.items()

    ada.send("leave", room=last if room == "the last one" else room)

    assert [event["code"] for event in ada.news()] == ["stale_room"]
    assert world.news() == {}
    assert world.items() == before


def test_leaving_the_queue_just_as_somebody_pairs_with_one_ends_the_room(world):
    """The pairing was first: it is left like any other."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    world.client.interrupt(1, bo.join)
    world.news()

    ada.send("leave")

    assert world.news() == {"Ada": ["paired"], "Bo": ["paired", "peer_left", "waiting"]}
    assert not {"room_id", "ticket_id"} & set(world.items()[ada.key])
