"""Reports that work for guests: what they do to whom, wherever the reported one is by then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from functions.chat.model import reputation
from functions.chat.model.people import REMATCH_SECONDS
from functions.chat.model.reputation import DAY, EVASION, MINUTE, Record
from functions.chat.moderation.admission import CHECKED_SECONDS
from tests.functions.doorstep import CAFE, HOME, come, device_of, meet, token_of
from tests.functions.world import Person, World


def record_of(world: World, key: str) -> Record:
    return world.backend.records.get([key])[key]


def report(reporter: Person, reported: Person, reason: str = "spam") -> str:
    """Let two meet and one report the other; return the number of the case."""
    room = meet(reporter.world, reporter, reported)
    reporter.send("report", room=room, reason=reason)
    return str(reporter.last("reported")["case"])


def crowd(world: World, count: int) -> list[Person]:
    return [come(world, f"reporter {number}", address=f"192.0.2.{number + 1}") for number in range(count)]


def banned(person: Person) -> dict[str, Any]:
    event = person.last("error")
    assert event["code"] == "banned", event
    return event


def test_three_strangers_who_report_lock_somebody_out(world):
    """They are told why, until when and under which number, and their next `join` is refused."""
    eve = come(world, "Eve")
    cases = [report(each, eve, "harassment") for each in crowd(world, 3)]

    told = banned(eve)
    assert (told["reason"], told["case"], told["until"]) == ("harassment", cases[-1], int(world.clock.now() + 900))
    assert told["message"]
    eve.news()
    eve.join()
    assert [event["code"] for event in eve.news()] == ["banned"]
    connection = world.backend.store.get_connection(eve.id)
    assert connection is not None
    assert (connection.ticket_id, connection.room_id) == (None, None)


def test_two_who_report_change_nothing_but_that_they_never_meet_again(world):
    """One angry stranger is no crowd."""
    eve = come(world, "Eve")
    for each in crowd(world, 2):
        report(each, eve)

    assert all(event["type"] != "error" for event in eve.inbox)
    assert record_of(world, device_of(eve)).ban is None


def test_a_ban_ends_by_itself_and_leaves_somebody_who_can_meet_others(world):
    """On the same connection, without connecting again."""
    eve = come(world, "Eve")
    for each in crowd(world, 3):
        report(each, eve)
    world.pass_time(15 * MINUTE)

    assert meet(world, eve, come(world, "Cy", address=CAFE))


def test_underage_locks_out_at_once(world):
    """One report is enough, for a day."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")

    report(ada, eve, "underage")

    assert banned(eve)["until"] == int(world.clock.now() + DAY)
    assert [event["type"] for event in eve.inbox[-2:]] == ["peer_left", "error"]


@pytest.mark.parametrize("comes_back", ["with the token", "as a newcomer"])
def test_a_banned_device_is_refused_on_every_connection(world, comes_back):
    """A newcomer from the same address is somebody else, until that happens again."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    token = token_of_after_waiting(eve)
    report(ada, eve, "underage")

    again = come(world, "Eve again", token=token if comes_back == "with the token" else None)
    again.join()

    assert again.inbox[-1]["type"] == ("error" if comes_back == "with the token" else "waiting")


def test_a_second_device_of_an_address_that_is_banned_keeps_newcomers_of_it_out(world):
    """Who clears their browser again and again waits; who was known there before does not."""
    neighbour = come(world, "a neighbour")
    neighbours_token = token_of_after_waiting(neighbour)
    for name in ("Eve", "Eve once more"):
        report(come(world, f"{name} is reported", address=CAFE), come(world, name), "underage")
        world.pass_time(MINUTE)

    newcomer, known = come(world, "Eve the third"), come(world, "the neighbour again", token=neighbours_token)
    for person in (newcomer, known):
        person.join()

    assert banned(newcomer)["reason"] == EVASION
    assert known.inbox[-1]["type"] == "waiting"


def token_of_after_waiting(person: Person) -> str:
    """Let somebody wait a moment, which is when a newcomer is told their token."""
    person.join()
    person.send("leave")
    return token_of(person)


# Wherever they are by then.


def test_somebody_in_another_room_is_taken_out_of_it(world):
    """The report came late; the one whom they talk to now is told that they left, and searches on."""
    ada, eve, cy = come(world, "Ada", address=CAFE), come(world, "Eve"), come(world, "Cy", address=CAFE)
    room = meet(world, ada, eve)
    ada.send("leave", room=room)
    cy.join()
    assert cy.room == eve.room
    world.news()

    ada.send("report", room=room, reason="underage")

    assert [event["type"] for event in eve.news()] == ["error"]
    assert [event["type"] for event in cy.news()] == ["peer_left", "waiting"]


def test_somebody_who_waits_is_taken_out_of_the_queue(world):
    """And nobody is paired with them."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    room = meet(world, ada, eve)
    ada.send("leave", room=room)
    assert eve.inbox[-1]["type"] == "waiting"
    world.news()

    ada.send("report", room=room, reason="underage")

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
    report(come(world, "Ada", address=CAFE), eve, "underage")

    world.pass_time(CHECKED_SECONDS)
    other.send("skip", room=room)

    assert banned(other)["reason"] == "underage"
    assert [event["type"] for event in cy.news()] == ["peer_left", "waiting"]


def test_somebody_who_was_lost_does_not_resume_into_a_ban(world):
    """Neither in the room nor in the queue; they are told why."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    room = meet(world, ada, eve)
    eve.disconnect(1006)
    ada.send("report", room=room, reason="underage")
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
    report(come(world, "Ada", address=CAFE), eve, "underage")
    back = come(world, "Eve is back", token=token)

    back.send("resume", token=other.token)

    assert [event["code"] for event in back.inbox] == ["banned"]


# Never meet again.


@pytest.mark.parametrize("changes", ["the reporter", "the reported", "both"])
def test_two_devices_never_meet_again_on_other_connections(world, changes):
    """A reload is enough to be another visitor; the device stays."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    tokens = [token_of_after_waiting(person) for person in (ada, eve)]
    room = meet(world, ada, eve)
    ada.send("report", room=room, reason="other")
    for person in (ada, eve):
        person.send("leave")
    world.pass_time(REMATCH_SECONDS + 1)

    if changes != "the reported":
        ada = come(world, "Ada again", address=CAFE, token=tokens[0])
    if changes != "the reporter":
        eve = come(world, "Eve again", token=tokens[1])
    for person in (ada, eve, ada, eve):
        person.join()

    assert [person.inbox[-1]["type"] for person in (ada, eve)] == ["waiting", "waiting"]
    cy = come(world, "Cy")
    cy.join()
    assert cy.inbox[-1]["type"] == "paired"


def test_two_windows_of_one_browser_meet_and_a_report_between_them_bans_nobody(world):
    """People try that first; they are kept apart by the visit, and the device keeps its good name."""
    first = come(world, "one window")
    token = token_of_after_waiting(first)
    second = come(world, "the other window", token=token)
    device = device_of(first)
    assert device == device_of(second)

    report(first, second, "underage")

    assert record_of(world, device) == Record(device)
    for person in (first, second, first, second):
        person.join()
    assert [person.inbox[-1]["type"] for person in (first, second)] == ["waiting", "waiting"]
    assert meet(world, second, come(world, "a third window", token=token))


# What is counted.


def test_reports_from_one_address_count_once(world):
    """Three browsers of one household are one voice."""
    eve = come(world, "Eve")
    for number in range(3):
        report(come(world, f"reporter {number}", address=CAFE), eve)

    assert record_of(world, device_of(eve)).score(world.clock.now()) == 1.0


def test_the_reported_who_comes_back_knows_whom_not_to_meet(world):
    """The reporter's other window was open before the report, and relies for seconds on what it read then."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    tokens = [token_of_after_waiting(person) for person in (ada, eve)]
    room = meet(world, ada, eve)
    window = come(world, "Window", address=CAFE, token=tokens[0])
    ada.send("report", room=room, reason="spam")
    eve.disconnect()
    again = come(world, "Eve again", token=tokens[1])

    for person in (window, again):
        person.join()

    assert [person.inbox[-1]["type"] for person in (window, again)] == ["waiting", "waiting"]


def test_another_window_of_the_reporter_tells_the_queue_what_it_learns(world):
    """Its second `join` looks again; the reported one's other window, opened before the report, does not yet."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    tokens = [token_of_after_waiting(person) for person in (ada, eve)]
    room = meet(world, ada, eve)
    window = come(world, "Window", address=CAFE, token=tokens[0])
    world.pass_time(CHECKED_SECONDS - 1)
    other = come(world, "Eve's other window", token=tokens[1])
    ada.send("report", room=room, reason="spam")
    eve.disconnect()
    window.join()
    world.pass_time(1)
    window.join()

    other.join()

    assert [person.inbox[-1]["type"] for person in (window, other)] == ["waiting", "waiting"]


def test_another_window_of_the_reporter_does_not_meet_the_reported_either(world):
    """Though it was open before the report, and knew nothing of it."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    room = meet(world, ada, eve)
    window = come(world, "Window", address=CAFE, token=token_of(ada))
    ada.send("report", room=room, reason="spam")
    world.news()

    window.join()
    assert [event["type"] for event in window.news()] == ["waiting"]

    # Nor a new connection of the reported one, once the window's device was looked up again.
    window.send("leave")
    eve.disconnect(1000)
    world.pass_time(60)
    again = come(world, "Again", token=token_of(eve))
    again.join()
    window.join()
    assert [event["type"] for event in window.news()] == ["waiting"]


def test_a_report_that_is_sent_again_counts_once(world):
    """Its handler may have died half-way, so all of it is done again and adds nothing."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    room = meet(world, ada, eve)
    ada.send("report", room=room, reason="spam")
    ada.send("report", room=room, reason="spam")

    assert record_of(world, device_of(eve)).score(world.clock.now()) == 1.0
    assert record_of(world, device_of(ada)).avoided == (device_of(eve),)


def test_who_reports_everybody_weighs_nothing_and_is_kept_apart_all_the_same(world):
    """A storm of reports locks nobody out."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    device = device_of(ada)
    world.backend.records.change(device, lambda own: replace(own, reports=10, reports_since=world.clock.now()))

    report(ada, eve, "underage")

    assert record_of(world, device_of(eve)).ban is None
    assert device_of(eve) in record_of(world, device).avoided


def test_a_case_names_room_pseudonyms_and_the_reporters_words_and_the_ban(world):
    """All that the operator decides an appeal by."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    room = meet(world, ada, eve)
    ada.send("report", room=room, reason="underage", note="said so")

    number = ada.last("reported")["case"]
    case = world.backend.cases.get(number)
    assert (case.reason, case.room, case.note, case.reporter_device) == ("underage", room, "said so", device_of(ada))
    assert case.subjects[0] == device_of(eve)
    assert case.banned_until == world.clock.now() + DAY
    assert banned(eve)["case"] == number


def test_nothing_of_a_report_is_told_to_the_reported_but_that_it_was_skipped(world):
    """While it leads to no ban."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    room = meet(world, ada, eve)
    ada.send("report", room=room, reason="hate", note="words")

    assert [event["type"] for event in eve.news()] == ["peer_left", "waiting"]
    assert eve.last("peer_left")["reason"] == "skipped"


def test_the_address_itself_is_nowhere_in_the_table(world):
    """Only its keyed hash."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve", address=HOME)
    report(ada, eve, "underage")

    text = str(world.items())
    assert HOME not in text
    assert CAFE not in text
    assert str(reputation.EVASION_WEIGHT) in text
