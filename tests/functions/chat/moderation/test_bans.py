"""Bans: their beginning, the places where they find a person, and the things that they leave alone."""

from __future__ import annotations

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


def begin(world: World, person: Person) -> None:
    """Let the time pass until the ban of somebody's device begins."""
    ban = record_of(world, device_of(person)).ban
    assert ban is not None
    world.clock.seconds = ban.since


def test_a_ban_begins_minutes_later_and_holds_from_the_next_search_on(world):
    """A conversation goes on; after it they are told why, until when and under which number."""
    eve, cy = locked_out(world), come(world, "Cy", address=CAFE)
    ban = record_of(world, device_of(eve)).ban
    assert ban is not None
    assert ban.since % 300 == 0
    assert 120 <= ban.since - world.clock.now() < 1020
    room = meet(world, eve, cy)
    begin(world, eve)
    cy.send("skip", room=room)

    told = banned(eve)
    assert (told["reason"], told["until"]) == ("other", int(ban.since + 86_400))
    assert [event["type"] for event in eve.news()] == ["peer_left", "error"]
    eve.join()
    assert [event["code"] for event in eve.news()] == ["banned"]
    connection = world.backend.store.get_connection(eve.id)
    assert connection is not None
    assert (connection.ticket_id, connection.room_id) == (None, None)


def test_of_many_windows_none_is_told_of_a_ban_before_the_others(world):
    """One stranger was met in each: the window that heard of the ban first would tell who decided it."""
    eve = come(world, "Eve")
    token = token_of_after_waiting(eve)
    windows = [eve, *(come(world, f"window {number}", token=token) for number in range(4))]
    for reporter, window in zip(known_crowd(world, 3), windows[1:], strict=False):
        report(reporter, window)
        for each in (reporter, window):
            each.send("leave")
    world.news()
    begin(world, eve)
    world.ring()
    assert [window.news() for window in windows] == [[]] * 5

    for window in windows:
        window.join()
    assert [[event["code"] for event in window.news()] for window in windows] == [["banned"]] * 5


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


def test_a_connection_is_found_at_the_end_of_a_long_row_of_those_that_continue_it(world):
    """A script may continue it twenty times until the delay queue has it taken out."""
    eve, cy = locked_out(world), come(world, "Cy", address=CAFE)
    room, first = meet(world, eve, cy), eve.id
    for number in range(20):
        again = come(world, f"Eve {number}")
        again.send("resume", token=eve.token)
        eve = again
    begin(world, eve)
    world.deliver({"ban": first})
    world.ring()
    world.ring()

    assert banned(eve)["reason"] == "other"
    assert not world.backend.rooms.get(room).is_open


def test_a_ban_that_was_pardoned_before_it_begins_does_nothing(world):
    """The operator was quicker."""
    eve = locked_out(world)
    ban = record_of(world, device_of(eve)).ban
    assert ban is not None
    world.backend.records.change(device_of(eve), lambda record: record.pardoned())
    world.clock.seconds = ban.since
    eve.join()

    assert eve.inbox[-1]["type"] == "waiting"


def test_a_ban_ends_by_itself_and_leaves_somebody_who_can_meet_others(world):
    """A day later."""
    eve = locked_out(world)
    begin(world, eve)
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
    eve = locked_out(world)
    begin(world, eve)
    for _ in range(3):
        eve.join()
    newcomer, known = come(world, "Eve the second"), come_known(world, "the neighbour")
    ready = [world.backend.store.get_connection(person.id).ready_at for person in (newcomer, known)]

    assert ready == [pytest.approx(world.clock.now() + 1, abs=0.1), None]
    for person in (newcomer, known):
        person.join()
        assert person.inbox[-1]["type"] in ("waiting", "paired")


def test_of_many_addresses_none_has_trouble_because_somebody_was_reported_there(world):
    """One stranger was met from each: the address whose newcomers wait would tell who decided the ban."""
    eve = come(world, "Eve")
    token = token_of_after_waiting(eve)
    for number, reporter in enumerate(known_crowd(world, 3)):
        window = come(world, f"window {number}", address=f"203.0.{number}.9", token=token)
        report(reporter, window)
        for each in (reporter, window):
            each.send("leave")
        window.disconnect()
    begin(world, eve)
    eve.join()
    newcomers = [come(world, f"newcomer {number}", address=f"203.0.{number}.9") for number in range(3)]

    assert [world.backend.store.get_connection(each.id).ready_at for each in newcomers] == [None] * 3


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


@pytest.mark.parametrize("was", ["waiting", "left while it was lost", "resumed before, and asks again"])
def test_a_socket_without_a_token_resumes_no_window_of_a_banned_device_into_a_search(world, was):
    """It was looked up as the newcomer that opened it; the window's device is looked up as well."""
    eve = come(world, "Eve")
    other = come(world, "Eve's other window", token=token_of_after_waiting(eve))
    cy = come(world, "Cy", address=CAFE)
    room = meet(world, other, cy) if was == "left while it was lost" else None
    if room is None:
        other.join()
    token, back = other.token, come(world, "Eve is back")
    if was == "resumed before, and asks again":
        other.disconnect(1006)
        back.send("resume", token=token)
    lock_out(world, eve)
    world.pass_time(CHECKED_SECONDS)
    other.disconnect(1006)
    if room is not None:
        cy.send("skip", room=room)
    elif was == "waiting":
        cy.join()
    world.news()

    back.send("resume", token=token)

    assert back.last("error")["code"] == "banned"
    assert not [event for person in (back, cy) for event in person.news() if event["type"] == "paired"]
    connection = world.backend.store.get_connection(back.id)
    assert connection is not None
    assert (connection.ticket_id, connection.room_id) == (None, None)
