"""The log of what operators decided, in the table: a chain (infra/tools/chain.py), so that no edit goes unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import TransactWriteError

from functions.chat.storage.table import LOST_REASON, NEVER, Busy, Item, RawItem, is_held, reasons_of
from infra.operator.office import Office
from infra.tools.chain import NOTHING_BEFORE, digest_of

PARTITION = "audit"
PAGE = 200
RACES_MAX = 8  # each lost race means that another operator's entry was written in the same moment


class AuditItem(Item):
    """One entry. It names cases, not people, and is kept."""

    at = NumberAttribute()
    who = UnicodeAttribute()
    what = UnicodeAttribute()
    case = UnicodeAttribute(null=True)
    before = UnicodeAttribute(null=True)
    digest = UnicodeAttribute()


@dataclass(frozen=True, slots=True)
class Entry:
    """An operator's deed, its time and its case; `before` is the digest of the entry with the number before."""

    number: int
    at: float
    who: str
    what: str
    case: str
    before: str

    def digest(self) -> str:
        """Return the hash of all that the entry says."""
        return digest_of(self)


def read(office: Office) -> list[tuple[Entry, str]]:
    """Return the whole log with the stored digests, oldest first."""
    found: list[tuple[Entry, str]] = []
    after: str | None = None
    while True:
        raws, after = office.table.query(PARTITION, PAGE, after)
        found += map(_entry_from, raws)
        if after is None:
            return found


def write(office: Office, who: str, what: str, case: str = "", update: RawItem | None = None) -> bool:
    """Add an entry, together with a change of another item if one is given; False when that one's condition failed."""
    for _ in range(RACES_MAX):
        leg = office.table.put_leg(*_next(office, who, what, case))
        try:
            office.table.transact([leg], [] if update is None else [update])
        except TransactWriteError as error:
            reasons = reasons_of(error)  # the entry's, then the other's
            if reasons[1:] == [LOST_REASON]:
                return False
            if LOST_REASON not in reasons and not is_held(error):
                raise
        else:
            return True
    raise Busy


def _next(office: Office, who: str, what: str, case: str) -> tuple[AuditItem, Any]:
    (last, digest), *_ = [*_last(office), (None, NOTHING_BEFORE)]
    entry = Entry(1 if last is None else last.number + 1, round(office.table.now(), 3), who, what, case, digest)
    item = AuditItem(
        PARTITION,
        f"{entry.number:012}",
        at=entry.at,
        who=who,
        what=what,
        case=case or None,
        before=digest or None,
        digest=entry.digest(),
        expires_at=NEVER,
    )
    return item, AuditItem.pk.does_not_exist()


def _last(office: Office) -> list[tuple[Entry, str]]:
    raws, _ = office.table.query(PARTITION, 1, None, forward=False)
    return [_entry_from(raw) for raw in raws]


def _entry_from(raw: RawItem) -> tuple[Entry, str]:
    item = AuditItem.from_raw_data(raw)
    number = int(item.sk)
    return Entry(number, float(item.at), item.who, item.what, item.case or "", item.before or ""), item.digest
