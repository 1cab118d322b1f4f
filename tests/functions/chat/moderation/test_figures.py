"""The figures count what was; as they are published, no count tells whether one person was among them."""

from __future__ import annotations

import calendar
from typing import Any

import pytest

from functions.chat.model.case import Case
from functions.chat.moderation import figures

DAY = 86_400.0
HOUR = 3_600.0
MINUTE = 60.0

FEBRUARY = float(calendar.timegm((2028, 2, 29, 12, 0, 0)))


def case(number: int, reason: str = "spam", length: float | None = None, **more: Any) -> Case:
    until = None if length is None else FEBRUARY + length
    return Case(f"CASE{number:06}", reason, FEBRUARY, ("d.secret",), banned_until=until, **more)


def test_reports_bans_and_appeals_are_counted():
    """By reason, by length and by outcome."""
    found = [
        case(1),
        case(2, "underage", DAY + 0.5),
        case(3, "hate", 15 * MINUTE, appeal="a", appealed_at=FEBRUARY, decision="granted", decided_at=FEBRUARY + HOUR),
        case(4, "hate", 30 * DAY, appeal="b", appealed_at=FEBRUARY, decision="upheld", decided_at=FEBRUARY + 3 * HOUR),
        case(5, "spam", 7 * DAY, appeal="c", appealed_at=FEBRUARY),
        case(6, "flood"),
        case(7, "operator", DAY),
        case(8, "other", decision="upheld", decided_at=FEBRUARY, is_warned=True),
    ]

    counted = figures.count(found)
    assert (counted["reports"], counted["reports: hate"], counted["reports: other"]) == (6, 2, 1)
    assert counted["bans"] == 5
    assert [counted[f"bans: {length}"] for length in (*figures.LENGTHS, figures.LONGER)] == [1, 2, 1, 1]
    assert (counted["warnings"], counted["bans by hand"], counted["floods cut off"]) == (1, 1, 1)
    assert [counted[f"appeals{more}"] for more in ("", " granted", " refused", " undecided")] == [3, 1, 1, 1]
    assert counted["median hours to a decision"] == 2.0


def test_without_cases_everything_is_nothing():
    """And no median."""
    counted = figures.count([])

    assert set(counted.values()) == {0, None}


def test_complaints_are_counted_by_kind_answer_and_clock():
    """A minute after its 48 hours one is late, and so is one that nobody answered."""
    found = [
        case(1, "intimate", decision="done", decided_at=FEBRUARY + 48 * HOUR),
        case(2, "intimate", decision="refused", decided_at=FEBRUARY + 48 * HOUR + MINUTE),
        case(3, "order"),
    ]

    counted = figures.count(found)
    assert (counted["complaints"], counted["complaints: intimate"], counted["complaints: order"]) == (3, 2, 1)
    assert (counted["complaints acted on"], counted["complaints refused"]) == (1, 1)
    assert counted["complaints answered in time"] == 1
    assert counted["reports"] == 0


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, 0), (4, 0), (5, 5), (9, 5), (10, 10), (1234, 1230)])
def test_a_count_is_published_as_the_beginning_of_its_step(count: int, told: int):
    """One report more or less is seen by nobody, but at a step."""
    assert figures.blurred({"reports": count}) == {"reports": told}


def test_a_value_that_is_no_count_is_not_published():
    """A median over three appeals would be one person's wait."""
    assert figures.blurred({"appeals": 7, "median hours to a decision": 3.5, "month": "2028-02"}) == {"appeals": 5}


def test_a_month_has_all_its_days():
    assert figures.days_of("2028-02")[::28] == ["cases#2028-02-01", "cases#2028-02-29"]
    assert len(figures.days_of("2027-02")) == 28


@pytest.mark.parametrize(("now", "month"), [((2028, 1, 1), "2027-12"), ((2028, 2, 29), "2028-01")])
def test_the_last_month_is_the_one_before(now: tuple[int, int, int], month: str):
    assert figures.last_month(calendar.timegm((*now, 0, 0, 0))) == month
