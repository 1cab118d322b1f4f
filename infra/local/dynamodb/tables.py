"""A table in memory, and a write to it that was found possible."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import Any

from infra.local.dynamodb.parser import parse_update
from infra.local.dynamodb.requests import Request, scope_of, write_units
from infra.local.dynamodb.values import ITEM_BYTES_MAX, Item, invalid, order_of, size_of_item

Key = tuple[Any, Any]


@dataclass
class Table:
    """Partitions of items in the order of their sort keys."""

    partition_key: str
    sort_key: str
    items: dict[Key, Item] = field(default_factory=dict)
    sort_orders: dict[Any, list[Any]] = field(default_factory=dict)
    changes: int = 0
    # Of items that were not placed since: a query that reads a crowd adds them up each time.
    sizes: dict[Key, int] = field(default_factory=dict, compare=False)

    @property
    def key_names(self) -> tuple[str, str]:
        return self.partition_key, self.sort_key

    def key_of(self, item: Item, exact: bool = False) -> Key:
        """Return the place of an item; a Key of a request holds the key attributes and nothing else (`exact`)."""
        if exact and set(item) != set(self.key_names):
            raise invalid("The provided key element does not match the schema")
        for name in self.key_names:
            kind = next(iter(item.get(name, {"missing": None})))
            if kind not in ("S", "N", "B"):
                raise invalid(f"One or more parameter values were invalid: Missing the key {name} in the item")
            if kind != "N" and not item[name][kind]:
                raise invalid(f"One or more parameter values are not valid. Empty value for key: {name}")
        return order_of(item[self.partition_key]), order_of(item[self.sort_key])

    def fork(self) -> Table:
        """Return a copy; items are shared, because they are never changed in place."""
        orders = {partition: list(order) for partition, order in self.sort_orders.items()}
        return Table(self.partition_key, self.sort_key, dict(self.items), orders, self.changes, dict(self.sizes))

    def put(self, key: Key, item: Item) -> None:
        size = size_of_item(item)
        if size > ITEM_BYTES_MAX:
            raise invalid("Item size has exceeded the maximum allowed size")
        self.place(key, item)
        self.sizes[key] = size

    def place(self, key: Key, item: Item) -> None:
        """Write an item that is known to be small enough."""
        if key not in self.items:
            insort(self.sort_orders.setdefault(key[0], []), key[1])
        self.items[key] = item
        self.sizes.pop(key, None)
        self.changes += 1

    def delete(self, key: Key) -> None:
        self.changes += 1
        self.sizes.pop(key, None)
        if self.items.pop(key, None) is not None:
            order = self.sort_orders[key[0]]
            del order[bisect_left(order, key[1])]

    def size_at(self, key: Key) -> int:
        """Return the size of an item by which it is billed."""
        if key not in self.sizes:
            self.sizes[key] = size_of_item(self.items[key])
        return self.sizes[key]


@dataclass
class Write:
    """A write that was found possible: the item before and after it."""

    table: Table
    key: Key
    before: Item | None
    after: Item | None
    request: Request

    def apply(self) -> None:
        if self.after is None:
            self.table.delete(self.key)
        else:
            self.table.put(self.key, self.after)

    @property
    def units(self) -> int:
        """Write units: the larger of before and after counts, a failed condition like a success."""
        return write_units(self.before, self.after)


def returned_attributes(write: Write) -> Item | None:
    """Return what ReturnValues asks for."""
    wanted = write.request.get("ReturnValues", "NONE")
    if wanted == "NONE":
        return None
    source = write.before if wanted.endswith("OLD") else write.after
    if wanted.startswith("ALL") or source is None:
        return source
    scope = scope_of(write.request)
    names = [str(action.path.resolve(scope)[0]) for action in parse_update(write.request["UpdateExpression"])]
    return {name: source[name] for name in names if name in source}
