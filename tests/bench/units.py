"""The units that DynamoDB bills for a request (Amazon DynamoDB, "Read and write operations", "Item sizes")."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

READ_BYTES, WRITE_BYTES = 4096, 1024
TRANSACTION_FACTOR = 2  # each item is written twice: prepared and committed
Raw = dict[str, Any]


def size(item: Raw | None) -> int:
    """Return the bytes of an item in DynamoDB's own form; nothing is as good as one byte."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items()) if item else 1


def read_units(sizes: Iterable[int], *, consistent: bool) -> float:
    """Return the units of reading items one by one; a query reads its items as one."""
    return sum(math.ceil(max(each, 1) / READ_BYTES) for each in sizes) * (1.0 if consistent else 0.5)


def write_units(before: int, after: int, *, transaction: bool = False) -> int:
    """Return the units of one write: of whichever is larger, the item as it was or as it is."""
    return math.ceil(max(before, after, 1) / WRITE_BYTES) * (TRANSACTION_FACTOR if transaction else 1)


def _value_size(value: Raw) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return (len(content.strip("-").replace(".", "")) + 1) // 2 + 1
        case "BOOL" | "NULL":
            return 1
        case "SS":
            return sum(len(each.encode()) for each in content)
        case "L":
            return 3 + sum(1 + _value_size(each) for each in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_size(each) for name, each in content.items())
    raise AssertionError(f"the product stores nothing of the kind {kind}")
