"""A report that comes again, or while the other one reports as well: it is weighed once, and counts in every rate."""

from __future__ import annotations

from typing import Any

import pytest

from functions.chat.moderation import reports
from tests.functions.doorstep import (
    CAFE,
    HOME,
    come,
    come_known,
    device_of,
    known_crowd,
    meet,
    record_of,
    report,
    talk,
    token_of,
    token_of_after_waiting,
)
from tests.functions.world import Person, World


def score_of(world: World, person: Person) -> float:
    return record_of(world, device_of(person)).score(world.clock.now())


def with_a_line(reporter: Person, reported: Person) -> tuple[str, dict[str, Any]]:
    """Let two meet and one say something; return the room, and the line with its proof."""
    room = meet(reporter.world, reporter, reported)
    reported.send("message", room=room, seq=1, text="hi")
    said = reporter.last("message")
    seat = 0 if reported.last("paired")["polite"] is False else 1
    return room, {"seat": seat, "opening": "A" * 43, **{name: said[name] for name in ("seq", "text", "stamp")}}


@pytest.mark.parametrize("comes_again", [False, True], ids=["at once", "first without the proof"])
def test_a_proof_that_comes_later_makes_no_report_weigh_beside_its_networks_rates(
    world: World, comes_again: bool
) -> None:
    """Else the known devices of three networks lock out whomever they meet: twelve of twelve, where it is three."""
    locked_out = []
    for number in range(8):
        innocent = come(world, f"innocent {number}", address=f"10.0.{number}.1")
        for network in range(3):
            liar = come_known(world, f"liar {number} {network}", address=f"192.0.{network}.{number + 1}")
            room, line = with_a_line(liar, innocent)
            if comes_again:
                liar.send("report", room=room, reason="hate")
            liar.send("report", room=room, reason="hate", lines=[line])
            innocent.send("leave")
            liar.disconnect()
        locked_out.append(record_of(world, device_of(innocent)).ban is not None)
        innocent.disconnect()

    assert locked_out == [not comes_again] * 3 + [False] * 5


def test_a_report_whose_handler_died_before_it_was_weighed_counts_in_the_rates_when_it_comes_again(
    world: World,
) -> None:
    """Or met a busy table: else a network that sends many at once, so that some are refused, has no bound."""
    scores = []
    for number in range(6):
        ada, eve = come(world, f"Ada {number}", address=CAFE), come(world, f"Eve {number}", address=f"10.0.{number}.1")
        room = world.backend.rooms.get(talk(world, ada, eve))
        assert room is not None
        seat = room.seat(ada.id)
        assert seat is not None
        world.backend.cases.open(reports.case_of(world.backend, room, seat, "spam", ""))
        ada.send("report", room=room.id, reason="spam")
        scores.append(score_of(world, eve))
        ada.disconnect()
        eve.disconnect()

    assert scores == [0.7] * 4 + [0.0] * 2


@pytest.mark.parametrize("ends", ["skip", "report"])
def test_a_person_does_not_see_by_their_own_report_whether_the_other_reported(world: World, ends: str) -> None:
    """The one who is left reports as well, to see whether it is counted."""
    bo, eve = come(world, "Bo", address=CAFE), come(world, "Eve", address=HOME)
    room = talk(world, bo, eve)
    bo.send(ends, room=room, **({"reason": "spam"} if ends == "report" else {}))
    eve.send("leave")
    eve.send("report", room=room, reason="spam")
    eve.send("mine", do="show")

    (record,) = [each["fields"] for each in eve.last("mine")["held"] if each["kind"] == "record"]
    assert (record["reported"], record["met"], record["reports"]) == (1, 1, 1)


def test_the_one_who_reports_first_is_not_met_again_as_a_newcomer(world: World) -> None:
    """An abuser who reports the victim before the victim does is kept away for a day as any other."""
    eve, bo = come(world, "Eve", address=HOME), come(world, "Bo", address=CAFE)
    room = talk(world, eve, bo)
    eve.send("report", room=room, reason="spam")
    bo.send("report", room=room, reason="hate")
    bo.disconnect()
    again = come(world, "Bo again", address=CAFE, token=token_of(bo))
    world.pass_time(10 * 60)
    cleared = come(world, "Eve with a cleared browser", address=HOME)
    for each in (again, cleared):
        each.join()

    assert world.news()[cleared.name] == ["waiting"]


@pytest.mark.parametrize("windows", [1, 2])
def test_people_whom_a_window_met_are_counted_once_whichever_window_reports_next(world: World, windows: int) -> None:
    """Else a liar with two windows, who met six people once, may report everybody from then on."""
    token = token_of_after_waiting(come(world, "a liar's first", address=CAFE))
    liar = [come(world, f"window {number}", address=CAFE, token=token) for number in range(windows)]
    for number, window in enumerate(liar * 3):
        innocent = come(world, f"innocent {number}", address=f"10.0.{number}.1")
        meet(world, window, innocent)
        innocent.disconnect()
        window.send("leave")
    for number in range(4):
        innocent = come(world, f"reported {number}", address=f"10.1.{number}.1")
        report(liar[number % windows], innocent)
        innocent.disconnect()

    record = record_of(world, device_of(liar[0]))
    assert (record.reported, record.met) == (4, 3 * windows + 4)


def test_people_who_were_counted_are_not_counted_again_by_the_socket_that_goes_on(world: World) -> None:
    """A visit goes on by `resume` with all that it met."""
    ada = come(world, "Ada", address=CAFE)
    first, second = known_crowd(world, 2)
    report(ada, first)
    first.disconnect()
    room = talk(world, ada, second)
    ada.disconnect(1006)
    again = come(world, "Ada again", address=CAFE, token=token_of(ada))
    again.send("resume", token=ada.token)
    again.send("report", room=room, reason="spam")

    record = record_of(world, device_of(again))
    assert (record.reported, record.met) == (2, 2)
