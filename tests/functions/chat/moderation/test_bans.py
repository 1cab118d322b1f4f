"""Bans: their beginning, the places where they find a person, and the things that they leave alone."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from tests.functions.doorstep import (
    CAFE,
    come,
    come_known,
    device_of,
    give_history,
    known_crowd,
    lock_out,
    meet,
    record_of,
    report,
    token_of,
    token_of_after_waiting,
)
from tests.functions.world import Person, World

CHECKED_SECONDS = 10.0


def banned(person: Person) -> dict[str, Any]:
    event = person.last("error")
    assert event["code"] == "banned", event
    return event


# The effects of a ban, and their times.


def locked_out(world: World) -> Person:
    """Return somebody whose ban was decided just now, and has not begun."""
    eve = come(world, "Eve")
    for each in known_crowd(world, 3):
        report(each, eve, "harassment")
        each.send("leave")
    world.news()
    return eve


def test_a_ban_begins_minutes_later_and_ends_what_somebody_is_in_then(world):
    """They are told why, until when and under which number, and their next `join` is refused."""
    eve, cy = locked_out(world), come(world, "Cy", address=CAFE)
    ban = record_of(world, device_of(eve)).ban
    assert ban is not None
    assert ban.since % 300 == 0
    assert 120 <= ban.since - world.clock.now() < 1020
    (seconds,) = (seconds for work, seconds in world.alarms.set if "ban" in work)
    assert 1 <= seconds - (ban.since - world.clock.now()) < 2 or seconds == 900, "another machine's clock may be slow"
    meet(world, eve, cy)
    world.ring()

    told = banned(eve)
    assert (told["reason"], told["until"]) == ("other", int(ban.since + 86_400))
    assert [event["type"] for event in eve.news()] == ["error"]
    assert [event["type"] for event in cy.news()] == ["peer_left", "waiting"]
    eve.join()
    assert [event["code"] for event in eve.news()] == ["banned"]
    connection = world.backend.store.get_connection(eve.id)
    assert connection is not None
    assert (connection.ticket_id, connection.room_id) == (None, None)


def test_a_ban_that_begins_later_than_the_delay_queue_keeps_a_message_is_enforced_all_the_same(world):
    """Amazon SQS keeps one back for 15 minutes; the first one that comes asks for another."""
    world.pass_time(301 - world.clock.now() % 300 + 179)
    world.backend = replace(world.backend, random=Latest(1))
    eve = locked_out(world)
    ban = record_of(world, device_of(eve)).ban
    assert ban is not None
    assert ban.since - world.clock.now() > 900

    world.ring()
    assert banned_yet(eve) == []
    world.ring()
    assert banned_yet(eve) == ["banned"]


class Latest(random.Random):
    """Chance that draws the latest moment there is."""

    def random(self) -> float:
        return 0.999


def banned_yet(person: Person) -> list[str]:
    return [event["code"] for event in person.news() if event["type"] == "error"]


def test_until_it_begins_nothing_tells_of_it(world):
    """Neither on this connection nor on another one, nor by how long the newcomers of the address wait."""
    eve = locked_out(world)
    eve.join()
    again = come(world, "Eve again", token=token_of(eve))
    again.join()
    cleared = come(world, "Eve with another browser")
    assert world.backend.store.get_connection(cleared.id).ready_at is None
    world.pass_time(CHECKED_SECONDS)
    eve.join()
    again.join()

    assert not [event for person in (eve, again) for event in person.inbox if event["type"] == "error"]


def test_until_it_begins_a_known_device_is_no_newcomer_on_any_connection(world):
    """A newcomer waits where others of the address met many: by a socket a second the moment would be seen."""
    before = come(world, "Eve before")
    token = token_of_after_waiting(before)
    give_history(world, before)
    eve = come(world, "Eve", token=token)
    is_newcomer = []
    for number, each in enumerate(known_crowd(world, 3)):
        report(each, eve)
        window = come(world, f"window {number}", token=token)
        is_newcomer.append(world.backend.store.get_connection(window.id).newcomer_since is not None)
    ban = record_of(world, device_of(eve)).ban
    assert ban is not None
    assert is_newcomer == [False] * 3

    world.clock.seconds = ban.until
    last = come(world, "Eve after it", token=token)
    assert world.backend.store.get_connection(last.id).newcomer_since is not None


def test_the_connection_that_continues_the_reported_one_is_met_by_the_ban(world):
    """However often the network broke in between."""
    eve = locked_out(world)
    eve.join()
    known = token_of(eve)
    for number in range(3):
        token = eve.token
        eve.disconnect(1006)
        eve = come(world, f"Eve {number}", token=known)
        eve.send("resume", token=token)
    world.alarms.set = [(work, seconds) for work, seconds in world.alarms.set if "ban" in work]
    world.ring()

    assert banned(eve)["reason"] == "other"


def test_a_connection_is_found_at_the_end_of_a_long_row_of_those_that_continue_it(world):
    """A script may continue it ten times in the minutes before the ban begins."""
    eve, cy = locked_out(world), come(world, "Cy", address=CAFE)
    room = meet(world, eve, cy)
    for number in range(20):
        again = come(world, f"Eve {number}")
        again.send("resume", token=eve.token)
        eve = again
    world.ring()

    assert banned(eve)["reason"] == "other"
    assert not world.backend.rooms.get(room).is_open


def test_a_ban_that_is_found_when_it_begins_to_be_pardoned_does_nothing(world):
    """The operator was quicker."""
    eve = locked_out(world)
    world.backend.records.change(device_of(eve), lambda record: record.pardoned())
    eve.join()
    world.ring()

    assert eve.inbox[-1]["type"] == "waiting"


def test_a_ban_ends_by_itself_and_leaves_somebody_who_can_meet_others(world):
    """A day later."""
    eve = locked_out(world)
    world.ring()
    world.pass_time(86_400)

    assert meet(world, come(world, "Eve again", token=token_of(eve)), come(world, "Cy", address=CAFE))


@pytest.mark.parametrize("comes_back", ["with the token", "as a newcomer"])
def test_a_banned_device_is_refused_on_every_connection(world, comes_back):
    """A newcomer from the same address is somebody else, and waits a little."""
    eve = come(world, "Eve")
    token = token_of_after_waiting(eve)
    lock_out(world, eve)

    again = come(world, "Eve again", token=token if comes_back == "with the token" else None)
    again.join()

    assert again.inbox[-1]["type"] == ("error" if comes_back == "with the token" else "waiting")


def test_an_address_whose_devices_are_banned_is_slowed_and_never_banned(world):
    """A person who clears their browser again and again waits longer each time; a known person there does not."""
    locked_out(world)
    world.ring()
    newcomer, known = come(world, "Eve the second"), come_known(world, "the neighbour")
    ready = [world.backend.store.get_connection(person.id).ready_at for person in (newcomer, known)]

    assert ready == [pytest.approx(world.clock.now() + 1, abs=0.1), None]
    for person in (newcomer, known):
        person.join()
        assert person.inbox[-1]["type"] in ("waiting", "paired")


# Wherever they are by then.


def test_somebody_in_another_room_is_taken_out_of_it(world):
    """The one whom they talk to by then is told that they left, and searches on."""
    eve, cy = come(world, "Eve"), come(world, "Cy", address=CAFE)
    meet(world, eve, cy)

    lock_out(world, eve)

    assert [event["type"] for event in eve.news()] == ["error"]
    assert [event["type"] for event in cy.news()] == ["peer_left", "waiting"]


def test_somebody_who_waits_is_taken_out_of_the_queue(world):
    """And nobody is paired with them."""
    eve = come(world, "Eve")
    eve.join()
    world.news()

    lock_out(world, eve)

    assert [event["type"] for event in eve.news()] == ["error"]
    cy = come(world, "Cy", address=CAFE)
    cy.join()
    assert cy.inbox[-1]["type"] == "waiting"
    assert len([key for key in world.items() if key[0].startswith("queue#")]) == 1


def test_another_window_of_a_banned_device_goes_on_for_seconds_only(world):
    """It is looked up again by the next search that comes later than that."""
    eve = come(world, "Eve")
    token = token_of_after_waiting(eve)
    other = come(world, "Eve's other window", token=token)
    cy = come(world, "Cy", address=CAFE)
    room = meet(world, other, cy)
    lock_out(world, eve)

    world.pass_time(CHECKED_SECONDS)
    other.send("skip", room=room)

    assert banned(other)["reason"] == "underage"
    assert [event["type"] for event in cy.news()] == ["peer_left", "waiting"]


def test_a_window_of_a_banned_device_that_others_move_on_is_refused_as_well(world):
    """It sends nothing but lines: whom it meets leaves, and it would be paired with the next one each time."""
    eve = come(world, "Eve")
    other = come(world, "Eve's other window", token=token_of_after_waiting(eve))
    cy, next_one = come(world, "Cy", address=CAFE), come(world, "Di", address="192.0.2.8")
    room = meet(world, other, cy)
    lock_out(world, eve)
    next_one.join()
    world.news()

    world.pass_time(CHECKED_SECONDS)
    cy.send("skip", room=room)

    assert [event["type"] for event in other.news()] == ["peer_left", "error"]
    assert banned(other)["reason"] == "underage"
    assert [event["type"] for event in next_one.news()] == ["paired"], "with Cy"


def test_sockets_without_a_token_that_resume_such_a_window_do_not_put_off_its_look(world):
    """Each of them was looked up as the newcomer that opened it, seconds ago."""
    eve = come(world, "Eve")
    window = come(world, "Eve's other window", token=token_of_after_waiting(eve))
    cy = come(world, "Cy", address=CAFE)
    room = meet(world, window, cy)
    lock_out(world, eve)
    for number in range(3):
        world.pass_time(5)
        window.disconnect(1006)
        token, window = window.token, come(world, f"Eve's socket {number}")
        window.send("resume", token=token)
    assert window.room == room
    world.news()

    cy.send("skip", room=room)

    assert [event["type"] for event in window.news()] == ["peer_left", "error"]
    assert banned(window)["reason"] == "underage"


def test_somebody_who_was_lost_does_not_resume_into_a_ban(world):
    """Neither in the room nor in the queue; they are told why."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    meet(world, ada, eve)
    eve.disconnect(1006)
    lock_out(world, eve)
    back = come(world, "Eve is back")

    back.send("resume", token=eve.token)

    assert [event["code"] for event in back.inbox] == ["banned"]


def test_a_banned_device_cannot_resume_what_another_window_of_it_lost(world):
    """Its own connection is looked up first."""
    eve = come(world, "Eve")
    token = token_of_after_waiting(eve)
    other = come(world, "Eve's other window", token=token)
    meet(world, other, come(world, "Cy", address=CAFE))
    other.disconnect(1006)
    lock_out(world, eve)
    back = come(world, "Eve is back", token=token)

    back.send("resume", token=other.token)

    assert [event["code"] for event in back.inbox] == ["banned"]
