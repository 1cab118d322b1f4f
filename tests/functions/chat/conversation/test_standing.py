"""The ban and the warning of a person are looked up every few seconds, also where others have them search."""

from __future__ import annotations

import pytest

from functions.chat.model.people import Ban
from tests.functions.doorstep import CAFE, HOME, come, device_of, lock_out, meet, report, token_of_after_waiting
from tests.functions.world import Person, World

LONG_SECONDS = 60
HOUR, DAY = 3600, 86_400


def in_another_window(world: World, seconds: float) -> tuple[Person, Person, str]:
    """Return another window of a device that was locked out so long ago, the stranger it talks to, and their room."""
    eve = come(world, "Eve", address=HOME)
    other = come(world, "Eve's other window", address=HOME, token=token_of_after_waiting(eve))
    cy = come(world, "Cy", address=CAFE)
    room = meet(world, other, cy)
    lock_out(world, eve)
    world.news()
    world.pass_time(seconds)
    return other, cy, room


@pytest.mark.parametrize("leaves", ["skip", "leave", "report", "close"])
def test_a_member_moved_on_by_others_is_looked_up(world: World, leaves: str) -> None:
    """However the other goes."""
    other, cy, room = in_another_window(world, LONG_SECONDS)
    if leaves == "close":
        cy.disconnect()
    else:
        cy.send(leaves, room=room, reason="spam")

    assert [event.get("code", event["type"]) for event in other.news()] == ["peer_left", "banned"]


@pytest.mark.parametrize("resumed_by", [None, "its device", "a socket without a token"])
def test_a_banned_person_who_only_waits_is_met_by_nobody(world: World, resumed_by: str | None) -> None:
    """In a window that was opened before and never asks again, also as another socket continues it."""
    eve = come(world, "Eve", address=HOME)
    token = token_of_after_waiting(eve)
    window = come(world, "Eve's other window", address=HOME, token=token)
    window.join()
    world.pass_time(LONG_SECONDS)
    if resumed_by is not None:
        window.disconnect(1006)
        known = token if resumed_by == "its device" else None
        again = come(world, "Eve again", address=HOME, token=known)
        again.send("resume", token=window.token)
        window = again
    lock_out(world, eve)
    world.news()
    world.pass_time(HOUR)
    cy = come(world, "Cy", address=CAFE)
    cy.join()

    assert [event["type"] for event in cy.news()] == ["waiting"]
    assert [event.get("code", event["type"]) for event in window.news()] == ["banned"]


def test_the_hint_of_a_banned_person_who_is_gone_is_met_once(world: World) -> None:
    """The handler that took them out died before it removed the hint: else each seeker would look them up again."""
    eve = come(world, "Eve", address=HOME)
    eve.join()
    connection = world.backend.store.get_connection(eve.id)
    assert connection is not None
    ticket, queue = connection.as_ticket(), world.backend.queue
    world.pass_time(LONG_SECONDS)
    lock_out(world, eve)
    queue.put(ticket, queue.partitions_of(ticket))
    come(world, "Cy", address=CAFE).join()

    assert ticket.id not in [place for _, place in world.table.under("queue#")]


@pytest.mark.parametrize(("seconds", "reads"), [(59, 0), (60, 1)])
def test_a_waiter_is_looked_up_only_where_it_has_waited_for_long(world: World, seconds: int, reads: int) -> None:
    """Where people come all the time a pairing costs no read more."""
    eve, cy = come(world, "Eve", address=HOME), come(world, "Cy", address=CAFE)
    eve.join()
    world.pass_time(seconds)
    record = f"record#{device_of(eve)}"
    world.client.requests.clear()
    cy.join()

    assert eve.room == cy.room
    assert sum(record in str(request) for request in world.client.asked("BatchGetItem")) == reads


def test_a_newcomer_whose_address_the_operator_banned_is_told_so_when_others_move_it_on(world: World) -> None:
    """The ban is its address's and stands in no record of its device."""
    eve, cy = come(world, "Eve", address=HOME), come(world, "Cy", address=CAFE)
    room = meet(world, eve, cy)
    connection, now = world.backend.store.get_connection(eve.id), world.clock.now()
    assert connection is not None and connection.address is not None
    ban = Ban("CASE", "operator", now, now + DAY, by_person=True)
    world.backend.records.change(connection.address, lambda record: record.banned(ban, 0))
    world.pass_time(LONG_SECONDS)
    world.news()
    cy.send("skip", room=room)

    assert [event.get("code", event["type"]) for event in eve.news()] == ["peer_left", "banned"]


def test_a_person_whom_another_handler_just_took_out_for_a_ban_is_told_of_it_once(world: World) -> None:
    """The handler that marked the connection tells it."""
    eve, cy = come(world, "Eve", address=HOME), come(world, "Cy", address=CAFE)
    room, now = meet(world, eve, cy), world.clock.now()
    ban = Ban("CASE", "spam", now, now + DAY)
    world.backend.records.change(device_of(eve), lambda record: record.banned(ban, 1))
    world.backend.store.mark_banned(eve.id, ban)
    world.news()
    cy.send("skip", room=room)

    assert [event["type"] for event in eve.news()] == ["peer_left"]
    assert world.alarms.set == []


def test_a_device_looked_up_seconds_ago_is_not_looked_up_again(world: World) -> None:
    """Quick skippers cost those whom they meet no read."""
    other, cy, room = in_another_window(world, 5)
    cy.send("skip", room=room)

    assert [event["type"] for event in other.news()] == ["peer_left", "waiting"]


def test_a_member_moved_on_avoids_people_whom_its_other_window_reported(world: World) -> None:
    """Also where neither of the two sends anything but lines."""
    ada = come(world, "Ada", address=HOME)
    window = come(world, "Ada's other window", address=HOME, token=token_of_after_waiting(ada))
    eve = come(world, "Eve", address="192.0.2.8")
    eves = come(world, "Eve's other window", address="192.0.2.8", token=token_of_after_waiting(eve))
    cy, di = come(world, "Cy", address=CAFE), come(world, "Di", address="192.0.3.8")
    rooms = meet(world, window, cy), meet(world, eves, di)
    report(ada, eve)
    eve.send("leave")
    world.pass_time(LONG_SECONDS)
    world.news()
    cy.send("leave", room=rooms[0])
    di.send("leave", room=rooms[1])

    assert [[event["type"] for event in each.news()] for each in (window, eves)] == [["peer_left", "waiting"]] * 2
