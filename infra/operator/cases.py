"""Reading and deciding cases."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from functions.chat.model.reasons import REASONS
from functions.chat.model.record import DAY, Record
from functions.chat.model.reputation import FLOOD, OPERATOR
from functions.chat.storage.cases import Case, case_from, listing_partition
from functions.chat.storage.record_items import case_key
from infra.operator import campaigns, evidence
from infra.operator.office import Office, OperatorError
from infra.operator.output import Report, moment

DAYS_MAX = 90  # cases are kept so long
PAGE = 100  # what one query or one read of many takes
GRANTED, UPHELD = "granted", "upheld"

GRAVITY = (*REASONS, OPERATOR, FLOOD)  # the gravest first; what is not listed comes last


def list_cases(office: Office, options: argparse.Namespace) -> Report:
    """List cases."""
    found = [case for case in read(office, days(options.days)) if _is_wanted(case, options)]
    found.sort(key=lambda case: (case.appeal is None or case.decision is not None, _gravity(case), -case.opened_at))
    rows = [
        {
            "case": case.number,
            "opened": moment(case.opened_at),
            "reason": case.reason,
            "banned until": moment(case.banned_until),
            "appeal": case.appeal or "",
            "decision": case.decision or "",
            "note": case.note or "",
        }
        for case in found
    ]
    return Report(rows, sentence=f"{len(rows)} cases of the last {options.days} days.")


def show(office: Office, options: argparse.Namespace) -> Report:
    """Show one case."""
    case = get(office, options.case)
    facts: dict[str, Any] = {
        name: moment(value) if name.endswith(("_at", "_until")) else value for name, value in asdict(case).items()
    }
    for key, record in office.records.get(case.subjects).items():
        facts[f"now of {key}"] = _standing(record)
    facts |= evidence.of_case(office, case, options.key, options.still)
    return Report(facts=facts)


def decide(office: Office, options: argparse.Namespace) -> Report:
    """Decide a case. What it does to people can be repeated, and comes first: who is interrupted does it again."""
    case = get(office, options.case)
    if case.decision is not None:
        raise OperatorError(f"Case {case.number} was decided before: {case.decision}.")
    if options.decision == "grant":
        for key in case.subjects:
            pardon(office, key, case.number)
    if options.doubt_reporter:
        _doubt(office, case)
    ended = campaigns.undo(office, case, read(office, days(DAYS_MAX))) if options.campaign else 0
    if not office.cases.decide(case.number, GRANTED if options.decision == "grant" else UPHELD):
        raise OperatorError(f"Case {case.number} was decided by somebody else just now.")
    effect = "The ban ends within ten seconds." if options.decision == "grant" else "The ban stays."
    if options.campaign:
        effect += f" {ended} other bans end as well, and the reports of all who reported weigh nothing for 30 days."
    return Report(sentence=f"Case {case.number} is decided. {effect}")


def pardon(office: Office, key: str, number: str | None = None) -> bool:
    """End the ban of a key, of any case or of this one only; False when there is none."""

    def alter(record: Record) -> Record:
        concerns = record.ban is not None and number in {None, record.ban.case}
        return record.pardoned() if concerns else record

    before, after = office.records.change(key, alter)
    return before != after


def get(office: Office, number: str) -> Case:
    """Return a case by its number, in whatever case somebody typed it."""
    case = office.cases.get(number.upper())
    if case is None:
        raise OperatorError(f"There is no case {number}. Cases are kept for {DAYS_MAX} days.")
    return case


def read(office: Office, partitions: Iterable[str]) -> Iterator[Case]:
    """Give the cases that these days list, each once."""
    numbers = list(dict.fromkeys(number for partition in partitions for number in _numbers(office, partition)))
    for start in range(0, len(numbers), PAGE):
        keys = [case_key(number) for number in numbers[start : start + PAGE]]
        yield from map(case_from, office.table.get_many(keys))


def days(count: int) -> list[str]:
    """Return the partitions of the last days, today included."""
    now = time.time()
    return [listing_partition(now - number * DAY) for number in range(count)]


def _numbers(office: Office, partition: str) -> Iterator[str]:
    after: str | None = None
    while True:
        found, after = office.table.query(partition, PAGE, after)
        yield from (raw["case"]["S"] for raw in found)
        if after is None:
            return


def _is_wanted(case: Case, options: argparse.Namespace) -> bool:
    is_open = case.decision is None and case.reason != "flood"
    return (
        (not options.open or is_open)
        and (not options.appealed or case.appeal is not None)
        and options.reason in {None, case.reason}
    )


def _gravity(case: Case) -> int:
    return GRAVITY.index(case.reason) if case.reason in GRAVITY else len(GRAVITY)


def _standing(record: Record) -> str:
    if record.ban is None or record.ban.until <= time.time():
        return f"not banned, {len(record.charges)} reports counted, next rung {record.rung}"
    return f"banned until {moment(record.ban.until)} for {record.ban.reason} (case {record.ban.case})"


def _doubt(office: Office, case: Case) -> None:
    if case.reporter_device is None:
        raise OperatorError(f"Case {case.number} has no reporter.")
    campaigns.doubt(office, case.reporter_device)
