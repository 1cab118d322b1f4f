"""Finding cases: by number, by day, and the gravest first."""

from __future__ import annotations

from functions.chat.model.case import Case
from functions.chat.model.record import DAY
from functions.chat.model.reputation import FLOOD, OPERATOR
from functions.chat.storage import docket
from functions.chat.storage.cases import PAGE, listing_partition
from infra.operator.office import Office, OperatorError

DAYS_MAX = 90  # cases are kept so long

UNDER_WAY_SECONDS = 60  # a report is in the docket some milliseconds before it is a case
GRAVITY = (*docket.GRAVITY, OPERATOR, FLOOD)  # the gravest first; an unlisted reason comes last


def get(office: Office, number: str) -> Case:
    """Return a case by its number, typed in small or capital letters."""
    case = office.cases.get(number.upper())
    if case is None:
        raise OperatorError(f"There is no case {number}. Cases are kept for {DAYS_MAX} days.")
    return case


def waiting(
    office: Office, limit: int, after: str | None = None, reason: str | None = None
) -> tuple[list[Case], str | None]:
    """Return the next cases of the docket, up to PAGE, and the place behind which there are more.

    An entry that is wrong goes, unless its report may still be on the way into the table.
    """
    entries = office.docket.waiting(limit, after, reason)
    found = office.cases.get_many(entry.case for entry in entries)
    right: dict[str, Case] = {}
    for entry in entries:
        case = found.get(entry.case)
        if case is not None and docket.place_of(case) == entry.place:
            right[case.number] = case
        elif case is not None or office.table.now() - entry.at > UNDER_WAY_SECONDS:
            office.docket.drop(entry.place)
    return list(right.values()), entries[-1].place if len(entries) == limit else None


def history(office: Office, device: str) -> list[tuple[Case, str]]:
    """Return the last cases in which a device reported or was reported, the newest first, and its role in each."""
    roles = {entry.case: entry.role or "" for entry in office.docket.history(device, PAGE)}
    found = office.cases.get_many(roles)
    return [(found[number], role) for number, role in roles.items() if number in found]


def relist(office: Office) -> int:
    """Write the entries of all cases again, for cases that are older than the docket. Return how many there are."""
    count = 0
    for case in office.cases.listed(days(office, DAYS_MAX)):
        office.cases.enter(case)
        count += 1
    return count


def days(office: Office, count: int) -> list[str]:
    """Return the partitions of the last days, today included."""
    return [listing_partition(office.table.now() - number * DAY) for number in range(count)]


def gravity(case: Case) -> int:
    """Return how grave a case is: the smaller, the graver."""
    return GRAVITY.index(case.reason) if case.reason in GRAVITY else len(GRAVITY)
