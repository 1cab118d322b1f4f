"""The messages of the delay queue: the end of a grace, and of a doubt; the rest is test_departure.py's."""

from __future__ import annotations

import json

import pytest

from functions.routes import EXPIRY
from tests.functions.entry_points import entry_point
from tests.functions.world import DEAD


def test_messages_of_one_delivery_are_all_done(world):
    """Amazon SQS hands over several at once."""
    for name in ("Ada", "Bo", "Cy"):
        person = world.person(name)
        person.join(interests=[name])
        person.disconnect(DEAD)
    assert len(world.alarms.set) == 3

    world.ring()

    assert world.items() == {}


def test_a_message_that_fails_spoils_no_other(world, capsys):
    """SQS brings it again alone, and keeps it aside in the end; where all fail, the invocation does."""
    ada = world.person("Ada")
    ada.join()
    ada.disconnect(DEAD)
    world.pass_time(60)
    poisoned = {"messageId": "2", "body": "no JSON"}
    batch = [{"messageId": "1", "body": '{"connection": "nobody"}'}, poisoned]
    batch.append({"messageId": "3", "body": json.dumps({"connection": ada.id})})

    answer = entry_point(EXPIRY)({"Records": batch}, None, backend=world.backend)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert world.items() == {}
    assert '"Failures":[1.0]' in capsys.readouterr().out
    with pytest.raises(ValueError, match="Expecting value"):
        entry_point(EXPIRY)({"Records": [poisoned]}, None, backend=world.backend)


def test_a_timer_for_a_connection_that_is_not_lost_does_nothing(world):
    """A client that sends one cannot close a living socket's connection by it."""
    ada, _bo = world.pair()
    before = world.items()

    world.deliver({"connection": ada.id}, {"connection": "nobody"}, {"room": "never-was"}, {"room": ada.room})

    assert world.news() == {}
    assert world.items() == before


def test_a_doubt_about_a_room_ends_with_the_peer_told_and_moved_on(world):
    """The leaver's handler died before it did; by now no handler can be at work any more."""
    ada, bo = world.pair()
    room = world.backend.rooms.get(ada.room)
    world.backend.rooms.close(room, 0, "skipped")
    ada.join()
    assert world.news() == {"Ada": ["waiting"]}
    assert [work for work, _ in world.alarms.set] == [{"room": room.id}]

    world.ring()
    # So long after they parted, and with nobody else there, the two even meet again.
    assert world.news() == {"Ada": ["paired"], "Bo": ["peer_left", "paired"]}
    assert bo.last("peer_left") == {"type": "peer_left", "room": room.id, "reason": "skipped"}

    world.deliver({"room": room.id})
    assert world.news() == {}
