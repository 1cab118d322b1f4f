"""leave: stop, and stay connected; the rest is test_departure.py's."""

from __future__ import annotations


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


def test_leaving_the_queue_just_as_somebody_pairs_with_one_ends_the_room(world):
    """The pairing was first: it is left like any other."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    world.client.interrupt(1, bo.join)
    world.news()

    ada.send("leave")

    assert world.news() == {"Ada": ["paired"], "Bo": ["paired", "peer_left", "waiting"]}
    assert not {"room_id", "ticket_id"} & set(world.items()[ada.key])
