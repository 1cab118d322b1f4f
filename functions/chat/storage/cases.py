"""Cases: every report, and every ban that no report led to, with a number to quote and room for one appeal."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass

from functions.chat.model.pseudonyms import Keyring
from functions.chat.storage.record_items import CaseItem, ListingItem, case_key
from functions.chat.storage.table import RawItem, Table

CASE_BYTES = 7
CASE_LENGTH = 10  # short enough to read out, long enough not to meet twice in a million cases
CASE_KEPT_SECONDS = 90 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Case:
    """What was reported, of whom, and what followed. `subjects` are the keys that it is about."""

    number: str
    reason: str
    opened_at: float
    subjects: tuple[str, ...] = ()
    room: str | None = None
    reporter: str | None = None
    reporter_device: str | None = None
    reported: str | None = None
    note: str | None = None
    banned_until: float | None = None
    appeal: str | None = None
    appealed_at: float | None = None
    decision: str | None = None
    decided_at: float | None = None
    reporter_network: str | None = None


class Cases:
    """The cases in the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def open(self, case: Case) -> bool:
        """Keep a new case. Condition: there is none of this number, so that a repeated report changes nothing."""
        expires_at = self._table.expiry(CASE_KEPT_SECONDS)
        # Listed first: a handler that dies in between leaves a listing of nothing, and not a case that nobody finds.
        listing = ListingItem(listing_partition(case.opened_at), case.number, case=case.number, expires_at=expires_at)
        self._table.batch_write(put=[listing])
        return self._table.put(_item(case, expires_at), CaseItem.pk.does_not_exist())

    def get(self, number: str) -> Case | None:
        """Return a case as it is now."""
        raw = self._table.get(case_key(number))
        return None if raw is None else case_from(raw)

    def note_ban(self, number: str, until: float) -> bool:
        """Note the ban that a case led to. Condition: the case exists."""
        actions = [CaseItem.banned_until.set(until)]
        return self._table.update(case_key(number), actions, CaseItem.pk.exists()) is not None

    def appeal(self, number: str, text: str) -> bool:
        """Keep an appeal with its case. Condition: the case exists and nobody has appealed it before."""
        actions = [CaseItem.appeal.set(text), CaseItem.appealed_at.set(self._table.now())]
        first = CaseItem.pk.exists() & CaseItem.appeal.does_not_exist()
        return self._table.update(case_key(number), actions, first) is not None

    def decide(self, number: str, decision: str) -> bool:
        """Keep the operator's decision. Condition: the case exists and was not decided before."""
        actions = [CaseItem.decision.set(decision), CaseItem.decided_at.set(self._table.now())]
        open_case = CaseItem.pk.exists() & CaseItem.decision.does_not_exist()
        return self._table.update(case_key(number), actions, open_case) is not None


def report_number(keyring: Keyring, room_id: str, position: int) -> str:
    """Return the number of a report: the same when it is sent again, and to be computed by nobody without the key."""
    return number_from(keyring.keys[0].digest("report", f"{room_id} {position}".encode()))


def number_from(data: bytes) -> str:
    """Return a number to quote, made of at least CASE_BYTES random bytes."""
    return base64.b32encode(data)[:CASE_LENGTH].decode()


def listing_partition(at: float) -> str:
    """Return the partition that lists the cases of a day in UTC."""
    return f"cases#{time.strftime('%Y-%m-%d', time.gmtime(at))}"


def case_from(raw: RawItem) -> Case:
    """Return the case in a raw item."""
    item = CaseItem.from_raw_data(raw)
    return Case(
        number=item.case,
        reason=item.reason,
        opened_at=item.opened_at,
        subjects=tuple(item.subjects or ()),
        room=item.room,
        reporter=item.reporter,
        reporter_device=item.reporter_device,
        reported=item.reported,
        note=item.note,
        banned_until=item.banned_until,
        appeal=item.appeal,
        appealed_at=item.appealed_at,
        decision=item.decision,
        decided_at=item.decided_at,
        reporter_network=item.reporter_network,
    )


def _item(case: Case, expires_at: int) -> CaseItem:
    pk, sk = case_key(case.number)
    return CaseItem(
        pk=pk,
        sk=sk,
        case=case.number,
        reason=case.reason,
        opened_at=case.opened_at,
        subjects=list(case.subjects) or None,
        room=case.room,
        reporter=case.reporter,
        reporter_device=case.reporter_device,
        reporter_network=case.reporter_network,
        reported=case.reported,
        note=case.note or None,
        expires_at=expires_at,
    )
