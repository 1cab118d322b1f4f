"""Leaky buckets that all processes count in together."""

from __future__ import annotations

from functions.chat.model.rates import Rate
from functions.chat.storage.record_items import PaceItem
from functions.chat.storage.table import Table

PACE_KEPT_SECONDS = 3 * 3600  # after the last drop; every bucket is drained by then
ATTEMPTS_MAX = 4  # each lost race means that another process wrote the same bucket in the same moment


class SharedPace:
    """Counts of all processes."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def pour(self, what: str, amount: float, rate: Rate) -> float:
        """Add to a bucket; return for how many seconds it overflows, 0 when it does not."""
        return rate.seconds_over(self.pour_to(what, amount, rate))

    def pour_to(self, what: str, amount: float, rate: Rate) -> float:
        """Add to a bucket; return how full it is then."""
        for _ in range(ATTEMPTS_MAX):
            added = self._add(what, amount)
            if added is None:
                if self._begin(what, amount, None):
                    return amount
                continue
            began, total = added
            level = rate.level(total, self._table.now() - began)
            if level > 0:
                return level
            # The bucket drained since it began: it holds only the amount that was just added.
            if self._begin(what, amount, total):
                return amount
        return 0.0  # others count the same flood in this very moment

    def level(self, what: str, rate: Rate) -> float:
        """Return how full a bucket is, without pouring."""
        raw = self._table.get(pace_key(what))
        return rate.level(float(raw["amount"]["N"]), self._table.now() - float(raw["began"]["N"])) if raw else 0.0

    def give_back(self, what: str, amount: float) -> None:
        """Take something out of a bucket, if there is one; one that holds less than nothing is empty."""
        self._add(what, -amount)

    def _add(self, what: str, amount: float) -> tuple[float, float] | None:
        """Add to a bucket that is there. Condition: it exists and has not expired."""
        is_there = PaceItem.pk.exists() & (PaceItem.expires_at >= self._table.now())
        actions = [PaceItem.amount.add(amount), PaceItem.expires_at.set(self._table.expiry(PACE_KEPT_SECONDS))]
        raw = self._table.update(pace_key(what), actions, is_there)
        return None if raw is None else (float(raw["began"]["N"]), float(raw["amount"]["N"]))

    def _begin(self, what: str, amount: float, seen: float | None) -> bool:
        """Begin a bucket anew. Condition: there is none, or it has expired, or it holds what was seen and no more."""
        now = self._table.now()
        is_free = PaceItem.pk.does_not_exist() | (PaceItem.expires_at < now)
        condition = is_free if seen is None else is_free | (PaceItem.amount == seen)
        pk, sk = pace_key(what)
        expires_at = self._table.expiry(PACE_KEPT_SECONDS)
        return self._table.put(PaceItem(pk, sk, began=now, amount=amount, expires_at=expires_at), condition)


def pace_key(what: str) -> tuple[str, str]:
    """Return where something is counted."""
    return f"pace#{what}", "pace"
