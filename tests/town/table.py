"""The product's table in memory, for millions of calls: the same conditions and updates, without their texts.

The product hands pynamodb's expressions to `functions.chat.storage.table.Table`. Here they are evaluated as they are,
against raw items, where DynamoDB would get them as text (test_table.py holds both against each other). An item is never
changed in place: a reader keeps it as it was when read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from pynamodb.exceptions import CancellationReason, TransactWriteError, VerboseClientError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path, Value
from pynamodb.expressions.update import Action, AddAction, DeleteAction, RemoveAction, SetAction

from functions.chat.storage.table import CANCELLED, LOST_REASON, Item, Key, RawItem

Raw = dict[str, Any]


class Leg:
    """One part of a transaction: what it makes of an item, on what condition."""

    def __init__(self, key: Key, condition: Condition, change: Callable[[RawItem | None], RawItem | None]) -> None:
        self.key, self.condition, self.change = key, condition, change


class MemoryTable:
    """Has the methods of the product's `Table`; every call is one atomic step."""

    def __init__(self, clock: Any) -> None:
        self._clock = clock
        self.items: dict[Key, RawItem] = {}
        self._orders: dict[str, list[str]] = {}

    # Reads

    def get(self, key: Key) -> RawItem | None:
        """Return one item as it is now."""
        raw = self.items.get(key)
        return None if raw is None or self._is_expired(raw) else raw

    def get_many(self, keys: Sequence[Key], *, consistent: bool = True) -> list[RawItem]:
        """Return items as they are now; what is not asked for consistently is as consistent here."""
        assert len(set(keys)) == len(keys) <= 100, "BatchGetItem takes a hundred keys, each once"
        return [raw for key in keys if (raw := self.get(key)) is not None]

    def query(
        self,
        partition: str,
        limit: int,
        after: str | None,
        *,
        forward: bool = True,
        consistent: bool = True,
        attempts: int | None = None,
    ) -> tuple[list[RawItem], str | None]:
        """Return up to `limit` items of a partition behind `after`, and the key behind which may be more.

        A read that is not asked for consistently is as consistent here.
        """
        del consistent
        order = self._orders.get(partition, [])
        if forward:
            start = bisect_right(order, after) if after is not None else 0
            read = order[start : start + limit]
        else:
            end = bisect_left(order, after) if after is not None else len(order)
            read = order[max(0, end - limit) : end][::-1]
        found = [raw for key in read if not self._is_expired(raw := self.items[partition, key])]
        return found, read[-1] if len(read) == limit else None

    def count(self, partition: str) -> int:
        """Return how many items of a partition have not expired."""
        return sum(not self._is_expired(self.items[partition, key]) for key in self._orders.get(partition, []))

    # Writes

    def put(self, item: Item, condition: Condition) -> bool:
        return self._write(self.put_leg(item, condition)) is not None

    def update(self, key: Key, actions: Sequence[Action], condition: Condition) -> RawItem | None:
        """Change an item and return it as it is then."""
        return self._write(self.update_leg(key, actions, condition))

    def delete(self, key: Key, condition: Condition) -> RawItem | None:
        """Delete an item and return what it was."""
        before = self.items.get(key)
        if not holds(condition, before or {}):
            return None
        self._set(key, None)
        return before

    def batch_write(self, put: Sequence[Item] = (), delete: Sequence[Key] = (), *, attempts: int = 1) -> None:
        """Write and delete items without a condition."""
        for item in put:
            self._set((item.pk, item.sk), raw_of(item))
        for key in delete:
            self._set(key, None)

    def put_leg(self, item: Item, condition: Condition) -> Leg:
        """Return the part of a transaction that writes a whole item."""
        raw = raw_of(item)
        return Leg((item.pk, item.sk), condition, lambda _before: raw)

    def update_leg(self, key: Key, actions: Sequence[Action], condition: Condition) -> Leg:
        """Return the part of a transaction that changes an item."""
        return Leg(
            key, condition, lambda before: updated(before or {"pk": {"S": key[0]}, "sk": {"S": key[1]}}, actions)
        )

    def transact(self, put: Sequence[Leg], update: Sequence[Leg]) -> None:
        legs = [*put, *update]
        lost = [not holds(leg.condition, self.items.get(leg.key, {})) for leg in legs]
        if any(lost):
            raise cancelled(lost)
        for leg in legs:
            self._write(leg)

    def transact_or_lose(self, update: Sequence[Leg]) -> bool:
        """Write all legs, or none when a condition failed."""
        try:
            self.transact([], update)
        except TransactWriteError:
            return False
        return True

    # Time

    def expiry(self, seconds: int) -> int:
        """Return the time at which an item written now expires."""
        return int(self._clock.now()) + seconds

    def now(self) -> float:
        """Return the time, in epoch seconds."""
        return float(self._clock.now())

    def sweep(self) -> None:
        """Delete what has expired, as DynamoDB does some time later."""
        for key in [key for key, raw in self.items.items() if self._is_expired(raw)]:
            self._set(key, None)

    def _write(self, leg: Leg) -> RawItem | None:
        before = self.items.get(leg.key)
        if not holds(leg.condition, before or {}):
            return None
        after = leg.change(before)
        self._set(leg.key, after)
        return after

    def _set(self, key: Key, raw: RawItem | None) -> None:
        partition, sort = key
        if raw is None:
            if self.items.pop(key, None) is not None:
                order = self._orders[partition]
                del order[bisect_left(order, sort)]
                if not order:
                    del self._orders[partition]
            return
        if key not in self.items:
            insort(self._orders.setdefault(partition, []), sort)
        self.items[key] = raw

    def _is_expired(self, raw: RawItem) -> bool:
        return float(raw["expires_at"]["N"]) < self._clock.now()


def raw_of(item: Item) -> RawItem:
    """Return the stored form of an item; sets are in the order in which they are compared."""
    return {name: stored(value) for name, value in item.serialize().items()}


def stored(value: Raw) -> Raw:
    """Return the one form of a value."""
    for kind in ("SS", "NS"):
        if kind in value:
            return {kind: sorted(value[kind])}
    return value


def holds(condition: Condition, item: RawItem) -> bool:
    """Tell whether a condition holds of an item."""
    return bool(CONDITIONS[condition.operator](item, *condition.values))


def updated(item: RawItem, actions: Sequence[Action]) -> RawItem:
    """Return the item after an update; every operand is read before anything is written."""
    operands = [evaluated(action.values[1], item) if len(action.values) > 1 else None for action in actions]
    after = dict(item)
    for action, operand in zip(actions, operands, strict=True):
        target = action.values[0]
        assert isinstance(target, Path), "what an action writes to"
        *parents, name = target.path
        container = after
        for parent in parents:
            container[parent] = {"M": dict(container[parent]["M"])}
            container = container[parent]["M"]
        value = changed(action, container.get(name), operand)
        if value is None:
            container.pop(name, None)
        else:
            container[name] = value
    return after


def changed(action: Action, before: Raw | None, operand: Raw | None) -> Raw | None:
    """Return what an action makes of a value; None for nothing."""
    if isinstance(action, RemoveAction):
        return None
    assert operand is not None, "every action but a removal has an operand"
    if isinstance(action, SetAction):
        return stored(operand)
    (kind, content) = next(iter(operand.items()))
    if isinstance(action, AddAction) and kind == "N":
        return {"N": str(Decimal(before["N"] if before else 0) + Decimal(content))}
    present = set(before[kind]) if before else set()
    remaining = present | set(content) if isinstance(action, AddAction) else present - set(content)
    assert isinstance(action, AddAction | DeleteAction), "there are four kinds of actions"
    return {kind: sorted(remaining)} if remaining else None


def evaluated(operand: Any, item: RawItem) -> Any:
    """Return the value of an operand, or None when there is none."""
    if isinstance(operand, Value):
        return operand.values[0]
    if isinstance(operand, Path):
        value: Any = {"M": item}
        for part in operand.path:
            value = value["M"].get(part) if value is not None and "M" in value else None
        return value
    return OPERANDS[type(operand).__name__](*(evaluated(each, item) for each in operand.values))


def _size(value: Raw | None) -> Raw | None:
    return None if value is None else {"N": str(len(next(iter(value.values()))))}


def _contains(value: Raw | None, member: Raw | None) -> bool:
    if value is None or member is None:
        return False
    (kind, content), (_, wanted) = next(iter(value.items())), next(iter(member.items()))
    return member in content if kind == "L" else wanted in content


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[RawItem, Any, Any], bool]:
    def comparison(item: RawItem, left: Any, right: Any) -> bool:
        one, other = evaluated(left, item), evaluated(right, item)
        if one is None or other is None or one.keys() != other.keys():
            return False
        (kind, first), second = next(iter(one.items())), next(iter(other.values()))
        return compare(Decimal(first), Decimal(second)) if kind == "N" else compare(first, second)

    return comparison


def _equals(item: RawItem, left: Any, right: Any) -> bool:
    one, other = evaluated(left, item), evaluated(right, item)
    if one is not None and other is not None and "N" in one and "N" in other:
        return Decimal(one["N"]) == Decimal(other["N"])
    return one is not None and one == (other if other is None else stored(other))


CONDITIONS: dict[str, Callable[..., bool]] = {
    "AND": lambda item, one, other: holds(one, item) and holds(other, item),
    "OR": lambda item, one, other: holds(one, item) or holds(other, item),
    "NOT": lambda item, one: not holds(one, item),
    "attribute_exists": lambda item, path: evaluated(path, item) is not None,
    "attribute_not_exists": lambda item, path: evaluated(path, item) is None,
    "contains": lambda item, path, member: _contains(evaluated(path, item), evaluated(member, item)),
    "=": _equals,
    "<>": lambda item, left, right: not _equals(item, left, right),
    "<": _compared(lambda one, other: one < other),
    "<=": _compared(lambda one, other: one <= other),
    ">": _compared(lambda one, other: one > other),
    ">=": _compared(lambda one, other: one >= other),
}
OPERANDS: dict[str, Callable[..., Any]] = {
    "_Size": _size,
    "_ListAppend": lambda first, second: {"L": [*first["L"], *second["L"]]},
    "_IfNotExists": lambda value, otherwise: otherwise if value is None else value,
    "_Increment": lambda one, other: {"N": str(Decimal(one["N"]) + Decimal(other["N"]))},
    "_Decrement": lambda one, other: {"N": str(Decimal(one["N"]) - Decimal(other["N"]))},
}


def cancelled(lost: Sequence[bool]) -> TransactWriteError:
    """Return the error of a transaction some of whose conditions failed."""
    reasons = [CancellationReason(LOST_REASON) if each else None for each in lost]
    response = {"Error": {"Code": CANCELLED, "Message": "Transaction cancelled"}}
    cause = VerboseClientError(response, "TransactWriteItems", {}, cancellation_reasons=reasons)
    return TransactWriteError("Failed to write transaction items", cause)
