"""A good name: one day for each on which a device talked, and one write for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.functions.doorstep import CAFE, come, come_known, device_of, meet, record_of, report, token_of
from tests.functions.world import World

DAY = 86_400


def days_of(world: World, *devices: str) -> list[int]:
    return [record_of(world, device).days for device in devices]


def end(person, how: str) -> None:
    if how == "closes":
        person.disconnect()
    elif how == "is lost":
        person.disconnect(1006)
        person.world.ring()
    else:
        person.send(how, room=person.room)


@pytest.mark.parametrize("how", ["skip", "leave", "closes", "is lost"])
@pytest.mark.parametrize(("seconds", "days"), [(59, 0), (60, 1)])
def test_both_have_talked_today_however_their_conversation_ends(world, how, seconds, days):
    """If it lasted for a minute."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    devices = [device_of(each) for each in (ada, bo)]
    meet(world, ada, bo)
    world.pass_time(seconds - (20 if how == "is lost" else 0))
    end(ada, how)

    assert days_of(world, *devices) == [days, days]


def test_a_second_conversation_of_the_day_writes_nothing(world):
    """On the same connection and on the next one; on the next day it does."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    token = None
    for number in range(4):
        if number == 2:
            token = token_of(ada)
            ada.disconnect()
            ada = come(world, "Ada again", token=token)
        room = meet(world, ada, bo)
        world.pass_time(60)
        before = record_of(world, device_of(ada)).version
        ada.send("leave", room=room)
        bo.send("leave")
        assert record_of(world, device_of(ada)).version - before == (1 if number == 0 else 0)
        world.pass_time(61)

    world.pass_time(DAY)
    ada, bo = come(world, "Ada tomorrow", token=token), come(world, "Cy", address=CAFE)
    room = meet(world, ada, bo)
    world.pass_time(60)
    ada.send("leave", room=room)
    assert days_of(world, device_of(ada)) == [2]


def test_two_windows_of_one_browser_make_no_good_name(world):
    """It would cost nothing."""
    first = come(world, "one window")
    first.join()
    second = come(world, "the other", token=token_of(first))
    second.join()
    world.pass_time(100)
    first.send("leave", room=first.room)

    assert days_of(world, device_of(first)) == [0]


def test_a_person_reported_for_a_conversation_gets_no_good_name_for_it(world):
    """The reporter does."""
    ada, eve = come(world, "Ada"), come(world, "Eve", address=CAFE)
    report(ada, eve, seconds=100)

    assert days_of(world, device_of(ada), device_of(eve)) == [1, 0]


@pytest.mark.parametrize(("reason", "is_doubted", "days"), [("spam", True, 1), ("other", True, 1), ("other", False, 0)])
def test_a_report_takes_the_day_of_a_conversation_only_if_it_weighs_something(world, reason, is_doubted, days):
    """An attacker talks for a minute with each newcomer and reports them: nobody would ever be known."""
    liar, bo = come(world, "a liar"), come(world, "Bo", address=CAFE)
    if is_doubted:
        until = world.clock.now() + DAY
        world.backend.records.change(device_of(liar), lambda record: replace(record, doubted_until=until))
    report(liar, bo, reason, seconds=60)

    assert days_of(world, device_of(liar), device_of(bo)) == [1, days]


def test_a_report_that_weighs_nothing_makes_no_day_of_a_conversation_that_is_none(world):
    """It is shorter than a minute, or between two windows of one browser."""
    liar, bo = come(world, "a liar"), come(world, "Bo", address=CAFE)
    report(liar, bo, seconds=4)
    other = come(world, "a liar's window", token=token_of(liar))
    report(liar, other, seconds=60)

    assert days_of(world, device_of(liar), device_of(bo)) == [0, 0]


def test_a_newcomer_is_known_when_they_come_on_the_next_day(world):
    """Not by the age of their token, but by having talked."""
    ada, bo, cy = come(world, "Ada"), come(world, "Bo", address=CAFE), come(world, "Cy")
    cy.join(interests=["nobody else's"])
    room = meet(world, ada, bo)
    world.pass_time(100)
    ada.send("leave", room=room)
    tokens = [token_of(ada), token_of(cy)]
    world.pass_time(DAY)

    again = [come(world, f"again {number}", token=token) for number, token in enumerate(tokens)]
    since = [world.backend.store.get_connection(each.id).newcomer_since for each in again]
    assert since == [None, world.clock.now()]


# The people of the last minute.


def noted(world: World) -> dict[str, int]:
    """Return under which keys meetings are noted, and until when."""
    items = world.items().items()
    return {pk.partition("#")[2]: int(item["expires_at"]["N"]) for (pk, _), item in items if pk.startswith("recent#")}


@pytest.mark.parametrize("state", ["talking", "waiting", "idle"])
@pytest.mark.parametrize("is_known", [False, True])
def test_the_last_people_are_noted_for_a_device_and_for_a_newcomers_network(world, state, is_known):
    """In whatever state its socket closes; a known device keeps its token, and its neighbours met nobody."""
    ada = (come_known if is_known else come)(world, "Ada")
    bo = come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)
    if state != "talking":
        ada.send("skip" if state == "waiting" else "leave", room=room)
    device, address = device_of(ada), world.items()[ada.key]["address"]["S"]
    ada.disconnect()

    until = int(world.clock.now()) + 60
    assert noted(world) == dict.fromkeys([device] if is_known else [device, address], until)


def test_a_socket_that_met_nobody_keeps_nothing_for_longer(world):
    """The meetings that it took over are noted already, and are kept no longer than before."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    meet(world, ada, bo)
    ada.disconnect()
    before = noted(world)
    world.pass_time(10)
    come(world, "Ada again", token=token_of(ada)).disconnect()

    assert noted(world) == before
