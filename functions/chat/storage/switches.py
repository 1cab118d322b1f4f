"""The operator's switches and notices: one item, which each process reads at most every 10 s."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from functions.chat.storage.record_items import SWITCHES_KEY, SwitchesItem
from functions.chat.storage.table import NEVER, Busy, RawItem, Table

KEPT_SECONDS = 10.0  # after so long an operator's switch is in effect everywhere
CHANGES_MAX = 5  # each lost race means that another operator switched something in the same moment
PLANS_MAX = 20  # all of them are in one item, which is read with every tenth `join`
ANY_LANGUAGE = ""  # words for people who speak none of the others


class Plan(NamedTuple):
    """A time in which modes are closed, or a notice is told: words by language, in the operator's order."""

    since: float
    until: float
    closes: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Switches:
    """Modes that are closed, a notice for everybody, and plans; empty when there is none."""

    closed: frozenset[str] = frozenset()
    notice: str = ""
    plans: tuple[Plan, ...] = ()

    def at(self, now: float) -> Switches:
        """Return the switches of now: the plans that have begun and are not over, and the modes that they close."""
        active = tuple(plan for plan in self.plans if plan.since <= now < plan.until)
        closed = self.closed.union(*(plan.closes for plan in active))
        return Switches(closed, self.notice, active)

    def words_for(self, languages: Sequence[str]) -> str:
        """Return the words for a person who speaks these: of the plan made last, else the standing notice."""
        for plan in reversed(self.plans):
            words = dict(plan.words)
            found = next((words[each] for each in (*languages, ANY_LANGUAGE) if each in words), "")
            if found:
                return found
        return self.notice


class SwitchBoard:
    """The switches, as this process last read them."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._switches = Switches()
        self._read_at = float("-inf")

    def read(self) -> Switches:
        if self.is_due:
            self.note(self._table.get(SWITCHES_KEY))
        return self._switches.at(self._table.now()) if self._switches.plans else self._switches

    @property
    def is_due(self) -> bool:
        """Tell whether to read them again; a handler that reads something else then reads SWITCHES_KEY along."""
        return self._table.now() - self._read_at >= KEPT_SECONDS

    def note(self, raw: RawItem | None) -> None:
        """Remember the switches as they were just read."""
        (self._switches, _), self._read_at = _read(raw), self._table.now()

    def fetch(self) -> Switches:
        return self._fetch()[0]

    def change(self, alter: Callable[[Switches], Switches]) -> Switches:
        """Write what `alter` makes of the switches, and return it; it may run several times."""
        for _ in range(CHANGES_MAX):
            switches, version = self._fetch()
            changed = alter(switches)
            if self._put(changed, version):
                return changed
        raise Busy

    def _fetch(self) -> tuple[Switches, int]:
        return _read(self._table.get(SWITCHES_KEY))

    def _put(self, switches: Switches, version: int) -> bool:
        """Write the switches. Condition: they are as they were read, or there are still none."""
        item = SwitchesItem(*SWITCHES_KEY, version=version + 1, expires_at=NEVER)
        item.closed, item.notice = switches.closed or None, switches.notice or None
        item.plans = tuple(json.dumps(plan) for plan in switches.plans) or None
        is_as_seen = SwitchesItem.version == version if version else SwitchesItem.pk.does_not_exist()
        return self._table.put(item, is_as_seen)


def _read(raw: RawItem | None) -> tuple[Switches, int]:
    """Return the switches and their version; 0 when there are none."""
    if raw is None:
        return Switches(), 0
    item = SwitchesItem.from_raw_data(raw)
    plans = tuple(_plan_from(text) for text in item.plans or ())
    return Switches(item.closed or frozenset(), item.notice or "", plans), int(item.version)


def _plan_from(text: str) -> Plan:
    since, until, closes, words = json.loads(text)
    return Plan(since, until, tuple(closes), tuple((language, said) for language, said in words))
