"""The operator's figures: of the last days, of a month, and of each day."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from functions.chat.model.case import Case
from functions.chat.model.reasons import REASONS
from functions.chat.model.record import DAY
from functions.chat.moderation.figures import count, days_of, last_month
from functions.chat.storage.cases import listing_partition
from infra.operator import casebook
from infra.operator.office import Office, OperatorError
from infra.operator.output import Report

MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


def numbers(office: Office, options: argparse.Namespace) -> Report:
    """Count the last days."""
    return Report(facts=count(office.cases.listed(casebook.days(office, options.days))))


def transparency(office: Office, options: argparse.Namespace) -> Report:
    """Count a month, in a form that can be published: no number leads to anybody."""
    month = options.month or last_month(office.table.now())
    if not MONTH.fullmatch(month):
        raise OperatorError(f"{month} is no month such as 2026-11.")
    return Report(facts={"month": month, **count(office.cases.listed(days_of(month)))})


def by_day(found: Iterable[Case], first: float, number: int) -> list[dict[str, Any]]:
    """Return the reports, bans, appeals and decisions of each of so many days, from the day of `first` on."""
    names = [
        partition.partition("#")[2] for partition in (listing_partition(first + day * DAY) for day in range(number))
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
