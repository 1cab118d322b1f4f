"""A decision is carried out by one person, once, and noted; a long ban takes two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.chat.model.case import Case
from infra.operator import verdicts
from infra.operator.office import OperatorError
from infra.operator.verdicts import VERDICTS, Order
from tests.infra.operator.conftest import Desk

DAY = 86_400.0


def order(name: str, by: str = "olga", seconds: float | None = None) -> Order:
    return Order(VERDICTS[name], by, seconds)


@pytest.mark.parametrize(
    ("name", "seconds", "decision", "is_banned"),
    [
        ("dismiss", None, "granted", False),
        ("uphold", None, "upheld", True),
        ("ban", 7 * DAY, "upheld", True),
        ("false_report", None, "granted", False),
        ("campaign", None, "granted", False),
    ],
)
def test_each_verdict_of_one_person_is_done_and_noted_once(desk: Desk, name, seconds, decision, is_banned):
    """And the case waits no more."""
    _, eve, number = desk.report()

    outcome = verdicts.carry_out(desk.office, number, order(name, seconds=seconds))

    case = desk.case(number)
    assert outcome.is_final
    assert (case.decision, case.verdict, case.decided_by) == (decision, name, "olga")
    assert (desk.record(eve).ban is not None) is is_banned
    assert [(who, about) for who, _, about in desk.log()] == [("olga", number)]
    assert desk.office.docket.waiting(10) == []


@pytest.mark.parametrize(("name", "decision"), [("done", "done"), ("refuse", "refused")])
def test_a_complaint_is_answered_once_and_noted(desk: Desk, name, decision):
    desk.office.cases.open(Case("COMPLAINT1", "intimate", desk.office.table.now(), note="A picture of me."))
    verdicts.carry_out(desk.office, "COMPLAINT1", order(name))

    case = desk.case("COMPLAINT1")
    assert (case.decision, case.verdict, case.decided_by) == (decision, name, "olga")
    assert desk.log() == [("olga", name, "COMPLAINT1")]
    assert desk.office.docket.waiting(10) == []


def test_reports_and_complaints_are_decided_by_words_of_their_own(desk: Desk):
    """Nobody bans for a complaint, which names no device, or answers a report as if it were one."""
    number = desk.report("spam")[2]
    desk.office.cases.open(Case("COMPLAINT1", "intimate", desk.office.table.now()))
    with pytest.raises(OperatorError, match="one of these: done, refuse"):
        verdicts.carry_out(desk.office, "COMPLAINT1", order("ban", seconds=DAY))
    with pytest.raises(OperatorError, match="one of these: dismiss, uphold"):
        verdicts.carry_out(desk.office, number, order("done"))

    assert desk.case(number).is_open
    assert desk.case("COMPLAINT1").is_open


def test_a_ban_lasts_as_long_as_was_said(desk: Desk):
    _, eve, number = desk.report("spam")
    verdicts.carry_out(desk.office, number, order("ban", seconds=3 * DAY))

    ban = desk.record(eve).ban
    assert ban is not None
    assert ban.until - ban.since == pytest.approx(3 * DAY, abs=1)
    assert desk.log() == [("olga", "ban 259200", number)]


@pytest.mark.parametrize(("name", "seconds"), [("ban", 31 * DAY), ("for_good", None)])
def test_a_long_ban_waits_for_somebody_else(desk: Desk, name, seconds):
    """The one who proposed it cannot confirm it, however often."""
    _, eve, number = desk.report("sexual")
    for _ in range(2):
        outcome = verdicts.carry_out(desk.office, number, order(name, seconds=seconds))
        assert not outcome.is_final
    assert desk.record(eve).ban is None
    assert desk.case(number).is_open

    confirmed = verdicts.carry_out(desk.office, number, order(name, "paul", seconds))
    assert confirmed.is_final
    ban = desk.record(eve).ban
    assert ban is not None
    assert ban.until - desk.world.clock.now() > 30 * DAY
    assert desk.case(number).decided_by == "olga, paul"


def test_another_length_than_the_proposed_one_is_a_proposal_of_its_own(desk: Desk):
    _, eve, number = desk.report("sexual")
    verdicts.carry_out(desk.office, number, order("ban", seconds=31 * DAY))

    assert not verdicts.carry_out(desk.office, number, order("ban", "paul", 90 * DAY)).is_final
    assert desk.record(eve).ban is None
    assert verdicts.carry_out(desk.office, number, order("ban", "olga", 90 * DAY)).is_final


def test_a_month_takes_one_person(desk: Desk):
    _, _, number = desk.report("sexual")

    assert verdicts.carry_out(desk.office, number, order("ban", seconds=30 * DAY)).is_final


def test_a_second_person_may_decide_otherwise(desk: Desk):
    _, eve, number = desk.report("sexual")
    verdicts.carry_out(desk.office, number, order("for_good"))

    verdicts.carry_out(desk.office, number, order("dismiss", "paul"))
    assert desk.record(eve).ban is None
    assert desk.case(number).decided_by == "paul"


def test_a_proposal_of_before_a_decision_confirms_nothing(desk: Desk):
    """After an appeal the two look at the case anew."""
    _, eve, number = desk.report()
    office = desk.in_step()
    verdicts.carry_out(office, number, order("for_good"))
    desk.world.pass_time(1)
    verdicts.carry_out(office, number, order("uphold", "paul"))
    desk.world.pass_time(1)
    eve.send("appeal", case=number, text="I am 40.")
    desk.world.pass_time(1)

    assert not verdicts.carry_out(office, number, order("for_good", "quinn")).is_final


@pytest.mark.parametrize(("name", "seconds"), [("ban", DAY), ("warn", None)])
def test_of_two_at_once_one_decides_and_the_other_is_told_and_has_done_nothing(desk: Desk, name, seconds):
    """Paul dismisses while Olga bans or warns: she hears who decided."""
    _, eve, number = desk.report("spam")
    office = desk.overtaken(lambda case: verdicts.carry_out(desk.office, case, order("dismiss", "paul")))

    with pytest.raises(OperatorError, match=r"decided by somebody else just now: granted \(dismiss, paul\)"):
        verdicts.carry_out(office, number, order(name, seconds=seconds))
    assert (desk.record(eve).ban, desk.record(eve).warning) == (None, None)
    assert desk.log() == [("paul", "dismiss", number)]


def test_while_a_decision_is_carried_out_another_waits(desk: Desk):
    _, _, number = desk.report()
    desk.office.cases.hold(number, "paul 1")

    with pytest.raises(OperatorError, match="deciding"):
        verdicts.carry_out(desk.office, number, order("dismiss"))


def test_a_decision_that_fails_can_be_made_again_at_once(desk: Desk):
    """For instance where the case names nobody who could be locked out."""
    _, _, number = desk.report()
    case = desk.case(number)
    desk.office.cases.open(replace(case, number="NOBODY", subjects=()))

    with pytest.raises(OperatorError, match="names no device"):
        verdicts.carry_out(desk.office, "NOBODY", order("ban", seconds=DAY))
    assert verdicts.carry_out(desk.office, "NOBODY", order("dismiss", "paul")).is_final


def test_a_ban_without_a_length_is_none(desk: Desk):
    _, _, number = desk.report()

    with pytest.raises(OperatorError, match="length"):
        verdicts.carry_out(desk.office, number, order("ban"))


def test_an_appeal_after_a_decision_is_decided_by_the_same_rules(desk: Desk):
    _, eve, number = desk.report()
    office = desk.in_step()
    verdicts.carry_out(office, number, order("uphold"))
    desk.world.pass_time(1)
    eve.send("appeal", case=number, text="I am 40.")
    desk.world.pass_time(1)

    verdicts.carry_out(office, number, order("dismiss", "paul"))
    assert desk.record(eve).ban is None
    assert [what for _, what, _ in desk.log()] == ["uphold", "dismiss"]
    with pytest.raises(OperatorError, match="decided before: granted"):
        verdicts.carry_out(office, number, order("uphold"))
