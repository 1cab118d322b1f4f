"""The docket: cases that wait for the operator, gravest and then oldest first; and the history of a device.

Reports that weigh nothing, and those of their own network beyond a few a day, wait behind all others: a person who
reports their own windows by the thousand delays no other report. So do appeals against bans for a flood: they are over
before they are read, and a person makes as many of these bans for their own browsers as they like.

An entry is to a case what a hint is to a ticket: it says where to look. The case is the truth, and a
reader that meets the entry of a case that waits no more drops it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pynamodb.attributes import UnicodeAttribute

from functions.chat.model.case import Case
from functions.chat.model.complaints import TABLE as COMPLAINTS
from functions.chat.model.networks import DEVICE
from functions.chat.model.reasons import REASONS
from functions.chat.model.reputation import FLOOD
from functions.chat.storage.table import Item, Key, Table

DOCKET = "docket"
APPEALED = "0"  # before every reason: a banned person waits for a decision
# Complaints with a clock of hours come first of all: `-` sorts before every digit. Those with days come after reports.
URGENT = "-"
LAST = "~"  # sorts behind every digit
_URGENT, _PATIENT = ([kind.code for kind in COMPLAINTS if kind.is_urgent is wanted] for wanted in (True, False))
RANKS = {
    **{kind: f"{URGENT}{rank}" for rank, kind in enumerate(_URGENT, start=1)},
    **{reason: str(rank) for rank, reason in enumerate((*REASONS, *_PATIENT), start=1)},
}
GRAVITY = tuple(RANKS)  # the gravest first
REPORTED, REPORTER = "reported", "reporter"
SEPARATOR = "#"  # in no number and no time


class EntryItem(Item):
    """Where to look for a case; in a history `role` says whether the device reported or was reported."""

    case = UnicodeAttribute()
    role = UnicodeAttribute(null=True)


class Entry(NamedTuple):
    """A case's number, the sort key behind which the next entry is, and in a history the device's role."""

    case: str
    place: str
    role: str | None

    @property
    def at(self) -> float:
        """Since when it is there."""
        return float(self.place.split(SEPARATOR)[-2]) / 1000


class Docket:
    def __init__(self, table: Table) -> None:
        self._table = table

    def waiting(self, limit: int, after: str | None = None, reason: str | None = None) -> list[Entry]:
        """Return the next entries, up to `limit`: of one reason, of `appealed`, or of all; fewer are the last ones."""
        if reason is None:
            return self._page(DOCKET, limit, after)
        found: list[Entry] = []
        for rank in (RANKS.get(reason, APPEALED), LAST + RANKS.get(reason, APPEALED)):
            page = self._page(DOCKET, limit - len(found), max(after or "", rank)) if len(found) < limit else []
            found += [entry for entry in page if entry.place.startswith(f"{rank}{SEPARATOR}")]
        return found

    def history(self, device: str, limit: int) -> list[Entry]:
        """Return the last cases that a device has to do with, the newest first."""
        return self._page(history_partition(device), limit, None, forward=False)

    def count(self) -> int:
        """Return how many cases wait."""
        return self._table.count(DOCKET)

    def drop(self, place: str) -> None:
        """Delete the entry of a case that waits no more."""
        self._table.batch_write(delete=[(DOCKET, place)])

    def _page(self, partition: str, limit: int, after: str | None, *, forward: bool = True) -> list[Entry]:
        found: list[Entry] = []
        while len(found) < limit:
            raws, after = self._table.query(partition, limit - len(found), after, forward=forward)
            items = map(EntryItem.from_raw_data, raws)
            found += [Entry(item.case, item.sk, item.role) for item in items]
            if after is None:
                break
        return found


def entry_of(case: Case, expires_at: int) -> list[EntryItem]:
    """Return the entry of a case in the docket, if it waits."""
    place = place_of(case)
    return [] if place is None else [EntryItem(DOCKET, place, case=case.number, expires_at=expires_at)]


def histories_of(case: Case, expires_at: int) -> Iterator[EntryItem]:
    """Give the entries of a case in the histories of its devices."""
    roles = {key: REPORTED for key in case.subjects if key.startswith(DEVICE)}
    if case.reporter_device is not None:
        roles.setdefault(case.reporter_device, REPORTER)
    for device, role in roles.items():
        place = f"{_clock(case.opened_at)}{SEPARATOR}{case.number}"
        yield EntryItem(history_partition(device), place, case=case.number, role=role, expires_at=expires_at)


def place_of(case: Case) -> str | None:
    """Return where a case waits; a ban by hand or for a flood does once it is appealed."""
    places = places_of(case) if case.is_open else []
    return places[-1][1] if places else None


def places_of(case: Case) -> list[Key]:
    """Return the keys of all entries that a case may have had in the docket."""
    appealed = _place_of_appeal(case, case.appealed_at) if case.appealed_at else None
    return [(DOCKET, place) for place in (_place_of_report(case), appealed) if place is not None]


def history_partition(device: str) -> str:
    return f"history#{device}"


def _place_of_report(case: Case) -> str | None:
    rank = RANKS.get(case.reason)
    if rank is None:
        return None
    return SEPARATOR.join((LAST + rank if case.weighs_nothing else rank, _clock(case.opened_at), case.number))


def _place_of_appeal(case: Case, at: float) -> str:
    return SEPARATOR.join((LAST + APPEALED if case.reason == FLOOD else APPEALED, _clock(at), case.number))


def _clock(at: float) -> str:
    return f"{at * 1000:015.0f}"  # milliseconds, which sort as text for the next 30,000 years
