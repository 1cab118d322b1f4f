"""A warning is decided at the desk, read once by whom it is meant for, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from functions.chat.model.case import Case
from functions.chat.model.record import Record
from functions.chat.storage.records import Records
from infra.operator import verdicts, warn
from infra.operator.office import Office, OperatorError
from infra.operator.verdicts import VERDICTS, Order
from tests.functions.doorstep import HOME, come, device_of, talk
from tests.functions.world import Event, Person, World
from tests.infra.operator.conftest import Desk

MINUTE, DAY = 60, 86_400
DELAY_MIN, DELAY_MAX = 2 * MINUTE, 17 * MINUTE  # of a ban, in docs/trust.md


@pytest.fixture
def office(desk: Desk) -> Office:
    """The office, by the world's own clock."""
    return desk.in_step()


def decide(office: Office, number: str, name: str = "warn", by: str = "olga") -> str:
    return verdicts.carry_out(office, number, Order(VERDICTS[name], by)).sentence


def test_a_warned_person_reads_the_warning_once_and_is_not_locked_out(desk: Desk, office: Office) -> None:
    """The case is decided, logged, and waits no more."""
    _, eve, number = desk.report("hate")
    decide(office, number)
    desk.world.pass_time(DELAY_MAX)

    eve.join()
    assert (eve.inbox[-1]["code"], eve.inbox[-1]["reason"]) == ("warned", "hate")
    eve.join(read=eve.inbox[-1]["case"])
    assert eve.inbox[-1]["type"] == "waiting"

    assert desk.record(eve).warning is None
    assert (desk.case(number).decision, desk.case(number).verdict) == ("upheld", "warn")
    assert desk.log() == [("olga", "warn", number)]
    assert office.docket.waiting(10) == []


def test_a_warning_begins_at_a_full_five_minutes_as_bans_do(desk: Desk, office: Office) -> None:
    """A moderator who decides at once tells nobody by that which conversation it was."""
    delays = []
    for at in range(12):
        _, eve, number = desk.report("spam", number=at)
        now = office.table.now()
        decide(office, number)
        given = desk.record(eve).warning
        assert given is not None
        assert given.since % (5 * MINUTE) == 0
        assert given.until - now == pytest.approx(90 * DAY, abs=MINUTE)
        delays.append(given.since - now)

    assert all(DELAY_MIN <= each <= DELAY_MAX for each in delays)
    assert len({(each - DELAY_MIN) // (5 * MINUTE) for each in delays}) > 1  # by chance one of the next three moments


def test_the_command_line_warns_and_takes_it_back(desk: Desk) -> None:
    _, eve, number = desk.report("spam")
    assert "read a warning" in desk.ask("decide", number, "warn")
    assert desk.record(eve).warning is not None

    assert desk.ask("unwarn", number) == f"The warning of case {number} is taken back.\n"
    assert desk.record(eve).warning is None
    assert [what for _, what, _ in desk.log()] == ["warn", "warning_withdrawn"]


def test_a_warning_that_was_taken_back_is_read_by_nobody(desk: Desk, office: Office) -> None:
    _, eve, number = desk.report("spam")
    decide(office, number)
    warn.withdraw(office, number)
    desk.world.pass_time(DELAY_MAX)
    eve.join()

    assert eve.inbox[-1]["type"] == "waiting"
    assert (desk.case(number).verdict, desk.case(number).is_warned) == ("warning_withdrawn", False)
    assert not desk.case(number).is_open


def test_a_warning_that_was_read_is_taken_back_all_the_same_and_that_is_said(desk: Desk, office: Office) -> None:
    _, eve, number = desk.report("spam")
    decide(office, number)
    desk.world.pass_time(DELAY_MAX)
    eve.join(read=number)

    assert "read it already" in warn.withdraw(office, number)
    assert not desk.case(number).is_warned


@pytest.mark.parametrize("before", ["nothing", "dismiss", "withdrawn"])
def test_only_a_warning_that_stands_is_taken_back(desk: Desk, office: Office, before: str) -> None:
    _, _, number = desk.report("spam")
    if before == "dismiss":
        decide(office, number, "dismiss")
    if before == "withdrawn":
        decide(office, number)
        warn.withdraw(office, number)
    logged = desk.log()

    with pytest.raises(OperatorError, match="no warning"):
        warn.withdraw(office, number)
    assert desk.log() == logged


def test_of_two_who_take_a_warning_back_one_does_and_the_other_is_told(desk: Desk, office: Office) -> None:
    _, _, number = desk.report("spam")
    decide(office, number)

    class Late(Records):
        def change(self, key: str, alter: Callable[[Any], Any]) -> Any:
            warn.withdraw(replace(office, who="paul"), number)
            return super().change(key, alter)

    with pytest.raises(OperatorError, match="warning_withdrawn, paul"):
        warn.withdraw(replace(office, records=Late(office.table)), number)
    assert [who for who, what, _ in desk.log() if what == "warning_withdrawn"] == ["paul"]


@pytest.mark.parametrize(
    ("reason", "subjects"), [("operator", ("d.eve",)), ("flood", ("d.eve",)), ("spam", ("a.k.1",))]
)
def test_a_case_without_a_browser_or_a_rule_warns_nobody(desk: Desk, office: Office, reason, subjects) -> None:
    """And can be decided otherwise at once."""
    office.cases.open(Case("NOBODY", reason, desk.world.clock.now(), subjects))

    with pytest.raises(OperatorError, match="names no browser"):
        decide(office, "NOBODY")
    assert office.records.get(subjects)[subjects[0]].warning is None
    assert decide(office, "NOBODY", "dismiss")


def frames_of_eve(world: World, office: Office, reporter: int) -> list[tuple[float, Event]]:
    """Let Eve talk with three, of whom one reports her; return all that she sees, and when, until she has read it."""
    world.pass_time(-world.clock.now() % (5 * MINUTE))  # so that each story begins alike
    began = world.clock.now()
    eve = come(world, f"Eve of {reporter}", address=HOME)
    number = ""
    for at in range(3):
        other = come(world, f"{at} of {reporter}", address=f"192.0.{at}.1")
        room = talk(world, eve, other)
        other.send("report" if at == reporter else "skip", room=room, **({"reason": "spam"} if at == reporter else {}))
        number = number or str(next((event["case"] for event in other.inbox if event["type"] == "reported"), ""))
        other.disconnect()
        eve.send("leave")
        world.pass_time(MINUTE)
    decide(office, number)
    # Moments drawn by chance are the same in each story.
    office.records.change(device_of(eve), lambda own: _beginning(own, began + 15 * MINUTE))
    seen = list(_search_on(world, eve, began, number))
    eve.disconnect()
    return seen


def _beginning(own: Record, at: float) -> Record:
    assert own.warning is not None
    return replace(own, warning=own.warning._replace(since=at))


def _search_on(world: World, eve: Person, began: float, number: str) -> Iterator[tuple[float, Event]]:
    eve.news()
    for _ in range(DELAY_MAX // MINUTE + 1):
        world.pass_time(MINUTE)
        eve.join()
        said = eve.news()
        yield from ((world.clock.now() - began, _plain(event)) for event in said)
        if said[-1].get("code") == "warned":
            eve.join(read=number)
        eve.send("leave")


def _plain(event: Event) -> Event:
    """Return an event without the numbers and secrets that are random in each story."""
    return {name: "…" if name in ("ticket", "resume", "device", "room", "case") else event[name] for name in event}


@pytest.mark.parametrize("reporter", [1, 2])
def test_a_warned_person_sees_the_same_whoever_reported(desk: Desk, office: Office, reporter: int) -> None:
    """Frame by frame, and at the same moments."""
    first, second = (frames_of_eve(desk.world, office, each) for each in (0, reporter))

    assert [event["code"] for _, event in first if "code" in event] == ["warned"]
    assert first == second
