"""Counting reports, bans and decisions, and how long people waited for one: numbers that lead to nobody."""

from __future__ import annotations

import calendar
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from functions.chat.model.case import GRANTED, UPHELD, Case
from functions.chat.model.complaints import DONE, KINDS, REFUSED
from functions.chat.model.reasons import REASONS
from functions.chat.model.record import DAY, HOUR
from functions.chat.model.reputation import FLOOD, OPERATOR
from functions.chat.storage.cases import listing_partition

# Lengths of bans as people know them; each up to and including.
LENGTHS: Mapping[str, float] = {"up to an hour": HOUR, "up to a day": DAY, "up to a week": 7 * DAY}
LONGER = "longer than a week"

# Published counts are known in steps of so many: no count tells whether one person was among them.
STEP = 5


def count(found: Iterable[Case]) -> dict[str, Any]:
    """Return the figures of some cases."""
    all_cases = list(found)
    reports = Counter(case.reason for case in all_cases if case.reason in REASONS)
    bans = Counter(_length(case) for case in all_cases if case.banned_until is not None)
    complaints = [case for case in all_cases if case.complaint is not None]
    answers = Counter(case.decision for case in complaints)
    appealed = [case for case in all_cases if case.appeal is not None]
    decisions = Counter(case.decision for case in appealed if case.decision is not None)
    waited = [(case.decided_at - case.appealed_at) / HOUR for case in appealed if case.decided_at and case.appealed_at]
    return {
        "reports": sum(reports.values()),
        **{f"reports: {reason}": reports[reason] for reason in REASONS},
        "bans": sum(bans.values()),
        **{f"bans: {length}": bans[length] for length in (*LENGTHS, LONGER)},
        "warnings": sum(case.is_warned for case in all_cases),
        "bans by hand": sum(case.reason == OPERATOR for case in all_cases),
        "floods cut off": sum(case.reason == FLOOD for case in all_cases),
        "appeals": len(appealed),
        "appeals granted": decisions[GRANTED],
        "appeals refused": decisions[UPHELD],
        "appeals undecided": len(appealed) - sum(decisions.values()),
        "complaints": len(complaints),
        **{f"complaints: {kind}": sum(case.reason == kind for case in complaints) for kind in KINDS},
        "complaints acted on": answers[DONE],
        "complaints refused": answers[REFUSED],
        "complaints answered in time": sum(map(_is_in_time, complaints)),
        "median hours to a decision": round(statistics.median(waited), 1) if waited else None,
    }


def blurred(figures: Mapping[str, Any]) -> dict[str, int]:
    """Return counts as they are published: each the beginning of its step; a value that is no count is left out."""
    return {name: value // STEP * STEP for name, value in figures.items() if isinstance(value, int)}


def days_of(month: str) -> list[str]:
    """Return the partitions that list the cases of a month such as 2026-11."""
    year, number = map(int, month.split("-"))
    first = calendar.timegm((year, number, 1, 0, 0, 0))
    return [listing_partition(first + day * DAY) for day in range(calendar.monthrange(year, number)[1])]


def last_month(now: float) -> str:
    """Return the month before the one of a time in UTC."""
    day = time.gmtime(now)
    return f"{day.tm_year}-{day.tm_mon - 1:02}" if day.tm_mon > 1 else f"{day.tm_year - 1}-12"


def _is_in_time(case: Case) -> bool:
    hours = case.complaint.hours if case.complaint is not None else 0
    return case.decided_at is not None and case.decided_at <= case.opened_at + hours * HOUR


def _length(case: Case) -> str:
    assert case.banned_until is not None, "only bans have a length"
    seconds = case.banned_until - case.opened_at
    # A ban begins some milliseconds after the report that led to it was opened.
    return next((name for name, most in LENGTHS.items() if seconds <= most + 1), LONGER)
