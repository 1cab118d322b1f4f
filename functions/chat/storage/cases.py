"""Cases: every report, and every ban that no report led to, with a number to quote and room for one appeal."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from pynamodb.expressions.update import Action

from functions.chat.model.case import GRANTED, Case, Ruling
from functions.chat.storage import docket
from functions.chat.storage.record_items import CaseItem, ListingItem, case_key
from functions.chat.storage.table import NEVER, Item, RawItem, Table, is_empty, values_in

CASE_KEPT_SECONDS = 90 * 24 * 3600
# Only one moderator's decision is carried out at a time; a decision that broke off can be made again after this.
HELD_SECONDS = 60
HELD = frozenset({"holder", "held_until"})  # by whom and until when; no reader of the case needs them
PAGE = 100  # items of one query or of one read of many


class Cases:
    def __init__(self, table: Table) -> None:
        self._table = table

    def open(self, case: Case) -> bool:
        """Keep a new case. Condition: there is none of this number, so that a repeated report changes nothing."""
        # Listed first: a handler that dies in between leaves a listing of nothing, and not a case that nobody finds.
        self.enter(case)
        is_new = self._table.put(item_of(case), CaseItem.pk.does_not_exist())
        if not is_new:
            self._take_back(case)
        return is_new

    def enter(self, case: Case) -> None:
        """Write the entries by which a case is found: in its day, in the docket, and in its devices' histories."""
        self._table.batch_write(put=entries_of(case))

    def _take_back(self, case: Case) -> None:
        """Delete the entries of a report that was sent again, but for those that its case has by now."""
        stored = self.get(case.number)
        kept = {(entry.pk, entry.sk) for entry in entries_of(stored)} if stored is not None else set()
        wrong = [key for entry in entries_of(case) if (key := (entry.pk, entry.sk)) not in kept]
        if wrong:
            self._table.batch_write(delete=wrong)

    def get(self, number: str) -> Case | None:
        """Return a case as it is now."""
        raw = self._table.get(case_key(number))
        return None if raw is None else case_from(raw)

    def listed(self, partitions: Iterable[str]) -> Iterator[Case]:
        """Give the cases that these partitions list, each once."""
        numbers = list(dict.fromkeys(number for partition in partitions for number in self._numbers(partition)))
        for start in range(0, len(numbers), PAGE):
            yield from self.get_many(numbers[start : start + PAGE]).values()

    def get_many(self, numbers: Iterable[str]) -> dict[str, Case]:
        """Return up to a hundred cases by their numbers; one that is not there any more is left out."""
        keys = [case_key(number) for number in dict.fromkeys(numbers)]
        found = map(case_from, self._table.get_many(keys)) if keys else ()
        return {case.number: case for case in found}

    def _numbers(self, partition: str) -> Iterator[str]:
        after: str | None = None
        while True:
            found, after = self._table.query(partition, PAGE, after)
            yield from (raw["case"]["S"] for raw in found)
            if after is None:
                return

    def put_last(self, number: str) -> bool:
        """Have a report wait behind all others. Condition: it is open."""
        raw = self._table.update(case_key(number), [CaseItem.weighs_nothing.set(True)], _is_open())
        if raw is None:
            return False
        case = case_from(raw)
        before = docket.places_of(replace(case, weighs_nothing=False))
        self._table.batch_write(put=docket.entry_of(case, expires_at(case)), delete=before[:1])
        return True

    def note_ban(self, number: str, until: float) -> bool:
        """Note the ban that a case led to. Condition: the case exists."""
        actions = [CaseItem.banned_until.set(until), CaseItem.banned_at.set(self._table.now())]
        return self._table.update(case_key(number), actions, CaseItem.pk.exists()) is not None

    def appeal(self, number: str, text: str) -> bool:
        """Keep an appeal with its case. Condition: the case exists and nobody has appealed it before."""
        actions = [CaseItem.appeal.set(text), CaseItem.appealed_at.set(self._table.now())]
        first = CaseItem.pk.exists() & CaseItem.appeal.does_not_exist()
        raw = self._table.update(case_key(number), actions, first)
        if raw is None:
            return False
        case = case_from(raw)
        entry = docket.entry_of(case, expires_at(case))
        self._table.batch_write(put=entry, delete=docket.places_of(case)[:-1])
        return True

    def hold(self, number: str, holder: str) -> bool:
        """Take a case to decide it. Condition: it is open, and nobody else's decision is being carried out."""
        now = self._table.now()
        actions = [CaseItem.holder.set(holder), CaseItem.held_until.set(now + HELD_SECONDS)]
        is_free = CaseItem.held_until.does_not_exist() | (CaseItem.held_until < now) | (CaseItem.holder == holder)
        return self._table.update(case_key(number), actions, _is_open() & is_free) is not None

    def release(self, number: str, holder: str) -> None:
        """Let others decide a case that was held in vain. Condition: `holder` still holds it."""
        self._table.update(case_key(number), [CaseItem.held_until.set(0)], CaseItem.holder == holder)

    def propose(self, number: str, what: str, by: str) -> bool:
        """Keep a moderator's proposal, for a second one to confirm. Condition: the case is open."""
        actions = [
            CaseItem.proposed.set(what),
            CaseItem.proposed_by.set(by),
            CaseItem.proposed_at.set(self._table.now()),
        ]
        return self._table.update(case_key(number), actions, _is_open()) is not None

    def ruling_leg(self, number: str, ruling: Ruling, holder: str) -> RawItem:
        """Return the part of a transaction that keeps a decision. Condition: it is open and `holder` holds it."""
        actions = [*self._ruled(ruling), CaseItem.held_until.set(0)]
        return self._table.update_leg(case_key(number), actions, _is_open() & (CaseItem.holder == holder))

    def withdrawal_leg(self, number: str, ruling: Ruling) -> RawItem:
        """Return the part of a transaction that takes a warning back. Condition: the last decision was to warn."""
        return self._table.update_leg(case_key(number), self._ruled(ruling), CaseItem.is_warned == True)  # noqa: E712

    def _ruled(self, ruling: Ruling) -> list[Action]:
        return [
            CaseItem.decision.set(ruling.decision),
            CaseItem.verdict.set(ruling.verdict),
            CaseItem.decided_by.set(ruling.by),
            CaseItem.decided_at.set(self._table.now()),
            CaseItem.is_warned.set(ruling.warns),
        ]

    def take_back(self, number: str, device: str) -> bool:
        """Note that a reporter wants their words forgotten. Condition: `device` reported, and it is not noted yet."""
        is_own = (CaseItem.reporter_device == device) & CaseItem.taken_back.does_not_exist()
        actions = [CaseItem.taken_back.set(self._table.now())]
        return self._table.update(case_key(number), actions, is_own) is not None

    def forget_words(self, number: str, device: str) -> bool:
        """Delete the note of a report that this device took back. Condition: the case is settled."""
        is_taken_back = (CaseItem.reporter_device == device) & CaseItem.taken_back.exists()
        condition = is_taken_back & _is_settled(self._table.now())
        return self._table.update(case_key(number), [CaseItem.note.remove()], condition) is not None

    def strike(self, case: Case) -> None:
        """Take a case that was decided off the docket."""
        places = docket.places_of(case)
        if places:
            self._table.batch_write(delete=places)


def listing_partition(at: float) -> str:
    """Return the partition that lists the cases of a day in UTC."""
    return f"cases#{time.strftime('%Y-%m-%d', time.gmtime(at))}"


def expires_at(case: Case) -> int:
    """Return when a case is deleted, with all that belongs to it: never while it is on hold."""
    return int(case.opened_at) + CASE_KEPT_SECONDS if case.kept_for is None else NEVER


def entries_of(case: Case) -> list[Item]:
    """Return the entries by which a case is found: in its day, in the docket, and in the histories of its devices."""
    end = expires_at(case)
    listing = ListingItem(listing_partition(case.opened_at), case.number, case=case.number, expires_at=end)
    return [listing, *docket.entry_of(case, end), *docket.histories_of(case, end)]


def case_from(raw: RawItem) -> Case:
    found = {name: value for name, value in values_in(CaseItem, raw).items() if name not in HELD}
    return Case(number=found.pop("case"), **found)


def item_of(case: Case) -> CaseItem:
    """Return the item of a case; an empty value is not stored."""
    values = {each.name: getattr(case, each.name) for each in fields(Case) if each.name != "number"}
    stored = {name: value for name, value in values.items() if not is_empty(value)}
    return CaseItem(*case_key(case.number), case=case.number, expires_at=expires_at(case), **stored)


def _is_open() -> Any:
    """Return the condition of `Case.is_open`."""
    never = CaseItem.decision.does_not_exist()
    return CaseItem.pk.exists() & (never | (CaseItem.decided_at < CaseItem.appealed_at))


def _is_settled(now: float) -> Any:
    """Return the condition that a case was decided, also on appeal, is not on hold, and has no ban that lasts."""
    is_decided = CaseItem.decision.exists() & (
        CaseItem.appealed_at.does_not_exist() | (CaseItem.decided_at >= CaseItem.appealed_at)
    )
    is_free = CaseItem.banned_until.does_not_exist() | (CaseItem.banned_until < now) | (CaseItem.decision == GRANTED)
    return is_decided & is_free & CaseItem.kept_for.does_not_exist()
