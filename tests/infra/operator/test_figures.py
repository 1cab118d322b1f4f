"""The figures count what was, and lead to nobody."""

from __future__ import annotations

import calendar
import time
from typing import Any

import pytest

from functions.chat.model.case import Case
from functions.chat.moderation.figures import last_month
from infra.operator import figures
from tests.infra.operator.conftest import Desk

DAY = 86_400.0

FEBRUARY = float(calendar.timegm((2028, 2, 29, 12, 0, 0)))


def case(number: int, reason: str = "spam", length: float | None = None, **more: Any) -> Case:
    until = None if length is None else FEBRUARY + length
    return Case(f"CASE{number:06}", reason, FEBRUARY, ("d.secret",), banned_until=until, **more)


def test_a_months_figures_are_those_of_its_days(desk: Desk):
    """The last of a leap year's February too; nothing of them names anybody."""
    desk.office.cases.open(case(1))

    february = desk.data("transparency", "2028-02")
    assert (february["month"], february["reports"]) == ("2028-02", 1)
    assert desk.data("transparency", "2028-03")["reports"] == 0
    assert "secret" not in desk.ask("transparency", "2028-02")


def test_last_month_is_what_is_published_without_asking(desk: Desk):
    """A month that is over."""
    assert desk.data("transparency")["month"] == last_month(time.time())


@pytest.mark.parametrize("month", ["2028", "2028-13", "2028-00", "1999-01", "february"])
def test_a_text_that_is_no_month_is_refused(desk: Desk, month: str):
    """In one sentence."""
    assert "is no month" in desk.fails("transparency", month)


def test_the_numbers_are_those_of_the_last_days(desk: Desk):
    """For people and for scripts."""
    desk.report("spam")

    assert desk.data("numbers", "--days", "1")["reports: spam"] == 1
    assert "reports: spam" in desk.ask("numbers")


def test_events_are_counted_on_the_day_on_which_they_happened():
    """A report, its appeal and its decision may be of three days; other days are no row."""
    found = [
        case(1, "spam", DAY, appeal="a", appealed_at=FEBRUARY + DAY, decision="granted", decided_at=FEBRUARY + 2 * DAY),
        case(2, "hate"),
    ]

    rows = figures.by_day(found, FEBRUARY, 2)
    assert [(row["day"], row["spam"], row["hate"], row["bans"], row["appeals"], row["decisions"]) for row in rows] == [
        ("2028-02-29", 1, 1, 1, 0, 0), ("2028-03-01", 0, 0, 0, 1, 0),
    ]  # fmt: skip
