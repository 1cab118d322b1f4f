"""Cases on hold: nothing deletes a case that the law wants preserved, or the entries by which it is found."""

from __future__ import annotations

from dataclasses import replace

from functions.chat.model.case import Case
from functions.chat.storage.cases import case_from, entries_of, expires_at
from functions.chat.storage.record_items import CaseItem, ListingItem, case_key
from functions.chat.storage.table import NEVER, Item, Key, RawItem, Table

HELD_PARTITION = "held"  # the listing of a day does not stay for good


class Holds:
    def __init__(self, table: Table) -> None:
        self._table = table

    def keep(self, number: str, why: str, by: str) -> Case | None:
        """Put a case on hold, and return it; None when there is no such case. Condition: it exists."""
        now = self._table.now()
        actions = [CaseItem.kept_for.set(why), CaseItem.kept_by.set(by), CaseItem.kept_at.set(now)]
        raw = self._table.update(case_key(number), [*actions, CaseItem.expires_at.set(NEVER)], CaseItem.pk.exists())
        return None if raw is None else self._entered(raw, [held_item(number)], [])

    def let_go(self, number: str) -> Case | None:
        """Take a case off hold, and return it; None when it is not on hold. Condition: it is."""
        raw = self._table.get(case_key(number))
        case = None if raw is None else case_from(raw)
        if case is None or case.kept_for is None:
            return None
        end = expires_at(replace(case, kept_for=None))
        actions = [CaseItem.kept_for.remove(), CaseItem.kept_by.remove(), CaseItem.kept_at.remove()]
        raw = self._table.update(
            case_key(number), [*actions, CaseItem.expires_at.set(end)], CaseItem.kept_for == case.kept_for
        )
        return None if raw is None else self._entered(raw, [], [(HELD_PARTITION, number)])

    def _entered(self, raw: RawItem, put: list[Item], delete: list[Key]) -> Case:
        """Return the case of a write that changed its end, whose entries end with it now."""
        case = case_from(raw)
        self._table.batch_write(put=[*entries_of(case), *put], delete=delete)
        return case


def held_item(number: str) -> ListingItem:
    """Return where the operator finds a case that is on hold."""
    return ListingItem(HELD_PARTITION, number, case=number, expires_at=NEVER)
