"""skip: the next stranger, with the same wish; the rest is test_departure.py's."""

from __future__ import annotations


def test_the_next_search_has_the_same_wish(world):
    """Mode, interests and languages are kept; whom it takes begins narrow again, for both."""
    ada, bo = world.pair(mode="video", interests=["Go", "Café"], languages=["en"], widen=True)

    ada.send("skip", room=ada.room)

    waiting = ada.last("waiting")
    assert (waiting["mode"], waiting["interests"], waiting["widened"]) == ("video", ["go", "cafe"], False)
    assert bo.last("waiting")["widened"] is False


def test_a_skipper_may_meet_the_next_one_at_once(world):
    """`paired` follows instead of `waiting` when somebody is there."""
    ada, _bo = world.pair()
    cy = world.person("Cy")
    cy.join()
    world.news()

    ada.send("skip", room=ada.room)

    assert ada.room == cy.room
    assert world.news() == {"Ada": ["paired"], "Bo": ["peer_left", "waiting"], "Cy": ["paired"]}


def test_of_two_skips_in_one_moment_one_ends_the_room_and_the_other_is_stale(world):
    """The later one had read the room as open; its sender is searching all the same, and is told why."""
    ada, bo = world.pair()
    room = ada.room
    world.client.interrupt(1, lambda: bo.send("skip", room=room))

    ada.send("skip", room=room)

    assert world.news() == {"Ada": ["peer_left", "waiting", "error"], "Bo": ["waiting"]}
    assert ada.last("error")["code"] == "stale_room"
    assert world.backend.rooms.get(room).closed_by == bo.id


def test_many_skips_leave_nothing_behind(world):
    """Neither hints nor rooms that are open, and each room is another one."""
    ada, _bo = world.pair()
    cy = world.person("Cy")
    cy.join()
    rooms = {ada.room}
    for _ in range(6):
        ada.send("skip", room=ada.room)
        world.pass_time(11)
        ada.join()
        rooms.add(ada.room)

    assert len(rooms) == 7
    still_open = [key for key, item in world.items().items() if key[0].startswith("room#") and "closed_at" not in item]
    assert len(still_open) == 1
    assert len(world.table.under("queue#")) == 1
