"""What processes count together: leaky buckets, and the places that one busy address holds in the queue."""

from __future__ import annotations

from pynamodb.expressions.condition import size

from functions.chat.model.rates import Rate
from functions.chat.storage.models import connection_from, connection_key
from functions.chat.storage.record_items import PaceItem, PlacesItem
from functions.chat.storage.table import Table

PACE_KEPT_SECONDS = 3 * 3600  # after the last drop; every bucket is drained by then
PLACES_KEPT_SECONDS = 3 * 3600  # a socket lives 2 h at most
READ_AT_ONCE_MAX = 100  # BatchGetItem's own limit
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
            # It was drained since it began: what was written into it now is all that is in it.
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

    def hold_place(self, address: str, connection_id: str, places_max: int) -> bool:
        """Take a place in the queue for an address; False when it holds as many as it may."""
        if self._add_holder(address, connection_id, places_max):
            return True
        self._drop_former(address)
        return self._add_holder(address, connection_id, places_max)

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

    def _add_holder(self, address: str, connection_id: str, places_max: int) -> bool:
        """Add a holder. Condition: it is one already, or there are fewer than an address may have."""
        holders = PlacesItem.holders
        has_room = size(holders) < places_max  # type: ignore[no-untyped-call]  # pynamodb leaves it untyped
        condition = holders.does_not_exist() | has_room | holders.contains(connection_id)
        actions = [holders.add({connection_id}), PlacesItem.expires_at.set(self._table.expiry(PLACES_KEPT_SECONDS))]
        return self._table.update(_places_key(address), actions, condition) is not None

    def _drop_former(self, address: str) -> None:
        """Drop holders that do not wait any more. Condition: the item exists."""
        raw = self._table.get(_places_key(address))
        holders: set[str] = set(raw["holders"]["SS"]) if raw and "holders" in raw else set()
        if not holders:
            return
        ordered = sorted(holders)
        waiting: set[str] = set()
        for start in range(0, len(ordered), READ_AT_ONCE_MAX):
            keys = [connection_key(each) for each in ordered[start : start + READ_AT_ONCE_MAX]]
            found = map(connection_from, self._table.get_many(keys))
            waiting |= {each.id for each in found if each.ticket_id is not None}
        former = holders - waiting
        if former:
            self._table.update(_places_key(address), [PlacesItem.holders.delete(former)], PlacesItem.pk.exists())


def pace_key(what: str) -> tuple[str, str]:
    """Return where something is counted."""
    return f"pace#{what}", "pace"


def _places_key(address: str) -> tuple[str, str]:
    return f"places#{address}", "places"
