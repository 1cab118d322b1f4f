"""Finding cases: by number, by day, and the gravest first."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from functions.chat.model.reasons import REASONS
from functions.chat.model.record import DAY
from functions.chat.model.reputation import FLOOD, OPERATOR
from functions.chat.storage import docket
from functions.chat.storage.cases import Case, case_from, listing_partition
from functions.chat.storage.record_items import case_key
from infra.operator.office import Office, OperatorError

DAYS_MAX = 90  # cases are kept so long
PAGE = 100  # what one query or one read of many takes

UNDER_WAY_SECONDS = 60  # a report is in the docket some milliseconds before it is a case
GRAVITY = (*REASONS, OPERATOR, FLOOD)  # the gravest first; what is not listed comes last


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
        yield from get_many(office, numbers[start : start + PAGE]).values()


def waiting(
    office: Office, limit: int, after: str | None = None, reason: str | None = None
) -> tuple[list[Case], str | None]:
    """Return the next cases of the docket, up to PAGE, and the place behind which there are more.

    An entry that is wrong goes, unless its report may still be on the way into the table.
    """
    entries = office.docket.waiting(limit, after, reason)
    found = get_many(office, (entry.case for entry in entries))
    right: dict[str, Case] = {}
    for entry in entries:
        case = found.get(entry.case)
        if case is not None and docket.place_of(case) == entry.place:
            right[case.number] = case
        elif case is not None or office.table.now() - entry.at > UNDER_WAY_SECONDS:
            office.docket.drop(entry.place)
    return list(right.values()), entries[-1].place if len(entries) == limit else None


def history(office: Office, device: str) -> list[tuple[Case, str]]:
    """Return the last cases that a device has to do with, the newest first, and its role in each."""
    roles = {entry.case: entry.role or "" for entry in office.docket.history(device, PAGE)}
    found = get_many(office, roles)
    return [(found[number], role) for number, role in roles.items() if number in found]


def relist(office: Office) -> int:
    """Write again what all cases are found by; for those of before there was a docket. Return how many there are."""
    count = 0
    for case in read(office, days(DAYS_MAX)):
        office.cases.enter(case)
        count += 1
    return count


def days(count: int) -> list[str]:
    """Return the partitions of the last days, today included."""
    now = time.time()
    return [listing_partition(now - number * DAY) for number in range(count)]


def gravity(case: Case) -> int:
    """Return how grave a case is: the smaller, the graver."""
    return GRAVITY.index(case.reason) if case.reason in GRAVITY else len(GRAVITY)


def get_many(office: Office, numbers: Iterable[str]) -> dict[str, Case]:
    """Return up to a hundred cases by their numbers; one that is not there any more is left out."""
    keys = [case_key(number) for number in dict.fromkeys(numbers)]
    found = map(case_from, office.table.get_many(keys)) if keys else ()
    return {case.number: case for case in found}


def _numbers(office: Office, partition: str) -> Iterator[str]:
    after: str | None = None
    while True:
        found, after = office.table.query(partition, PAGE, after)
        yield from (raw["case"]["S"] for raw in found)
        if after is None:
            return
