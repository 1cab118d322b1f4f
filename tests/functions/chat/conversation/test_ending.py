"""Ending a room, losing a connection, and telling people: each happens once."""

from __future__ import annotations

import pytest

from functions.chat.conversation import ending
from functions.chat.protocol import events


@pytest.fixture
def talking(world):
    """Return Ada and Bo, and their open room."""
    ada, bo = world.pair()
    return ada, bo, world.backend.rooms.get(ada.room)


@pytest.mark.parametrize("seat", [0, 1])
def test_the_member_that_stays_is_told_that_the_room_is_over(world, talking, seat):
    """With the reason; the member that ended it knows."""
    _, _, room = talking
    stays = ("Bo", "Ada")[seat]

    ended = ending.end(world.backend, room, seat, ending.SKIPPED)

    assert ended is not None
    assert (ended.reason, ended.closed_by) == ("skipped", room.members[seat].person)
    assert world.news() == {stays: ["peer_left"]}


def test_a_room_that_ended_is_not_ended_again(world, talking):
    """Nobody is told twice, and nothing is counted twice."""
    _, _, room = talking
    ending.end(world.backend, room, 0, ending.SKIPPED)
    world.news()
    before = world.items()

    assert ending.end(world.backend, room, 0, ending.SKIPPED) is None
    assert ending.end(world.backend, room, 1, ending.LEFT) is None
    assert world.news() == {}
    assert world.items() == before


def test_a_room_is_closed_before_anybody_is_told(world, talking):
    """From the closing on nothing passes, so nothing can arrive behind `peer_left`."""
    ada, _bo, room = talking
    was_open = []
    world.sockets.open[ada.id] = Watched(lambda: was_open.append(world.backend.rooms.get(room.id).is_open))

    ending.end(world.backend, room, 1, ending.SKIPPED)

    assert was_open == [False]


class Watched(list):
    """An inbox that has somebody look around when something comes."""

    def __init__(self, look) -> None:
        super().__init__()
        self._look = look

    def append(self, event) -> None:
        self._look()
        super().append(event)


def test_a_handler_that_posts_to_a_dead_socket_is_told_that_it_is_dead(world, talking):
    """And the connection is lost from then on."""
    ada, _, room = talking
    assert ending.tell(world.backend, ada.id, events.peer_away(room.id)) is True
    ada.die()

    assert ending.tell(world.backend, ada.id, events.peer_away(room.id)) is False
    assert world.backend.store.get_connection(ada.id).lost_at == world.clock.now()


def test_a_slow_reader_is_not_taken_for_dead(world, talking):
    """They hear of it late, or by asking again."""
    ada, _, room = talking
    world.sockets.slow.add(ada.id)

    assert ending.tell(world.backend, ada.id, events.peer_away(room.id)) is True
    assert world.backend.store.get_connection(ada.id).lost_at is None


def test_a_connection_is_lost_once_with_one_alarm(world):
    """It leaves the queue at once: nobody can be paired with a dead socket."""
    ada = world.person("Ada")
    ada.join(interests=["Go", "Chess"])

    assert ending.lose(world.backend, ada.id) is True
    assert ending.lose(world.backend, ada.id) is False
    assert world.alarms.set == [({"connection": ada.id}, world.backend.settings.grace_seconds)]
    assert world.table.under("queue#") == []


def test_a_connection_that_is_closed_cannot_be_lost(world):
    """It is not created again by it."""
    assert ending.lose(world.backend, "nobody") is False
    assert world.items() == {}
    assert world.alarms.set == []
