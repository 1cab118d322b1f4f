"""Counting what was reported, what followed, and how long people waited for a decision."""

from __future__ import annotations

import argparse
import calendar
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from functions.chat.model.reasons import REASONS
from functions.chat.model.record import DAY, HOUR
from functions.chat.model.reputation import FLOOD, OPERATOR
from functions.chat.storage.cases import GRANTED, UPHELD, Case, listing_partition
from infra.operator import casebook
from infra.operator.office import Office, OperatorError
from infra.operator.output import Report

# Lengths of bans as people know them; each up to and including.
LENGTHS: Mapping[str, float] = {"up to an hour": HOUR, "up to a day": DAY, "up to a week": 7 * DAY}
LONGER = "longer than a week"


def numbers(office: Office, options: argparse.Namespace) -> Report:
    """Count the last days."""
    return Report(facts=count(casebook.read(office, casebook.days(options.days))))


def transparency(office: Office, options: argparse.Namespace) -> Report:
    """Count a month, in a form that can be published: no number leads to anybody."""
    month = options.month or _last_month()
    return Report(facts={"month": month, **count(casebook.read(office, _days_of(month)))})


def count(found: Iterable[Case]) -> dict[str, Any]:
    """Return the figures of some cases."""
    all_cases = list(found)
    reports = Counter(case.reason for case in all_cases if case.reason in REASONS)
    bans = Counter(_length(case) for case in all_cases if case.banned_until is not None)
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
        "median hours to a decision": round(statistics.median(waited), 1) if waited else None,
    }


def by_day(found: Iterable[Case], first: float, count: int) -> list[dict[str, Any]]:
    """Return for each of so many days, from the one of `first` on, what was reported, banned, appealed and decided."""
    names = [
        partition.partition("#")[2] for partition in (listing_partition(first + day * DAY) for day in range(count))
    ]
    rows: dict[str, Counter[str]] = {name: Counter() for name in names}
    for case in found:
        _note(rows, case.opened_at, case.reason)
        _note(rows, case.opened_at if case.banned_until is not None else None, "bans")
        _note(rows, case.appealed_at, "appeals")
        _note(rows, case.decided_at, "decisions")
    kinds = (*REASONS, "bans", "appeals", "decisions")
    return [{"day": name, **{kind: counted[kind] for kind in kinds}} for name, counted in rows.items()]


def _note(rows: Mapping[str, Counter[str]], at: float | None, kind: str) -> None:
    name = "" if at is None else listing_partition(at).partition("#")[2]
    if name in rows:
        rows[name][kind] += 1


def _length(case: Case) -> str:
    assert case.banned_until is not None, "only bans have a length"
    seconds = case.banned_until - case.opened_at
    # A ban begins some milliseconds after the report that led to it was opened.
    return next((name for name, most in LENGTHS.items() if seconds <= most + 1), LONGER)


def _days_of(month: str) -> list[str]:
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", month):
        raise OperatorError(f"{month} is no month such as 2026-11.")
    year, number = map(int, month.split("-"))
    first = calendar.timegm((year, number, 1, 0, 0, 0))
    return [listing_partition(first + day * DAY) for day in range(calendar.monthrange(year, number)[1])]


def _last_month() -> str:
    now = time.gmtime()
    return f"{now.tm_year}-{now.tm_mon - 1:02}" if now.tm_mon > 1 else f"{now.tm_year - 1}-12"
