"""The log of what operators decided: each entry holds the hash of the one before it, so that no edit goes unseen.

Whoever may write to the table could compute the whole chain anew. So each desk remembers, on its own machine, the last
entry that it has seen; a chain without that entry is not the one that grew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import TransactWriteError

from functions.chat.storage.switches import NEVER
from functions.chat.storage.table import LOST_REASON, Busy, Item, RawItem, is_held, reasons_of
from infra.operator.office import Office

PARTITION = "audit"
PAGE = 200
RACES_MAX = 8  # each lost race means that somebody else's entry was written in the same moment
NOTHING_BEFORE = ""


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
    """Who did what, when and in which case; `before` is the digest of the entry with the number before."""

    number: int
    at: float
    who: str
    what: str
    case: str
    before: str

    def digest(self) -> str:
        """Return the hash of all that the entry says."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Witness:
    """The last entry that somebody has seen, to be remembered elsewhere than in the table."""

    number: int = 0
    digest: str = NOTHING_BEFORE


def problems(log: Iterable[tuple[Entry, str]], seen: Witness) -> Iterator[str]:
    """Give what is wrong with a log, each entry with its stored digest, oldest first; nothing is, where it grew."""
    before, last, is_seen = NOTHING_BEFORE, 0, not seen.number
    for entry, digest in log:
        last += 1
        if entry.number != last:
            yield f"Entry {last} is missing."
            last = entry.number
        elif entry.before != before:
            yield f"Entry {entry.number} does not follow the one before it."
        if entry.digest() != digest:
            yield f"Entry {entry.number} was changed."
        is_seen |= (entry.number, digest) == (seen.number, seen.digest)
        before = digest
    if not is_seen:
        yield f"Entry {seen.number}, which this machine has seen, is missing or another one."


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


def recall(path: Path) -> Witness:
    """Return what this machine remembers; nothing when it never looked."""
    try:
        seen = json.loads(path.read_text(encoding="utf-8"))
        return Witness(int(seen["number"]), str(seen["digest"]))
    except (FileNotFoundError, ValueError, KeyError):
        return Witness()


def remember(path: Path, log: list[tuple[Entry, str]]) -> None:
    """Keep the last entry of a log in which nothing is wrong."""
    if log:
        path.parent.mkdir(parents=True, exist_ok=True)
        entry, digest = log[-1]
        path.write_text(json.dumps({"number": entry.number, "digest": digest}), encoding="utf-8")


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
