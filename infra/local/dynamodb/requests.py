"""The parts of a DynamoDB request: placeholders, key conditions, projections, and the units that it costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from infra.local.dynamodb.expressions import Between, Both, Call, Comparison, Literal, Path, Scope
from infra.local.dynamodb.parser import parse_projection
from infra.local.dynamodb.values import (
    DatabaseError,
    Item,
    Value,
    invalid,
    normalise,
    order_of,
    size_of_item,
)

Request = dict[str, Any]
Response = dict[str, Any]
READ_UNIT_BYTES, WRITE_UNIT_BYTES = 4096, 1024


def key_condition(key_names: tuple[str, str], node: Any, scope: Scope) -> tuple[Any, Callable[[Item], bool]]:
    """Split a key condition into the partition and the test of the sort key."""
    terms = [node.left, node.right] if isinstance(node, Both) else [node]
    partition: Value | None = None
    tests = []
    for term in terms:
        operand = term.operands[0] if isinstance(term, Call) else getattr(term, "left", getattr(term, "operand", None))
        name = operand.resolve(scope)[0] if isinstance(operand, Path) else None
        if name == key_names[0] and isinstance(term, Comparison) and term.operator == "=" and partition is None:
            partition = term.right.evaluate(scope)
        elif name == key_names[1] and is_key_test(term):
            tests.append(term)
        else:
            raise invalid("Query key condition not supported")
    if partition is None or len(tests) > 1:
        raise invalid("Query condition missed key schema element")

    def is_in_range(item: Item) -> bool:
        scope.item = item
        return all(test.evaluate(scope) for test in tests)

    return order_of(partition), is_in_range


def is_key_test(term: Any) -> bool:
    if isinstance(term, Comparison):
        return term.operator != "<>" and isinstance(term.right, Literal)
    return isinstance(term, Between) or (isinstance(term, Call) and term.name == "begins_with")


def is_found_while_running(error: DatabaseError) -> bool:
    """Tell a fault of the item's content, which cancels a transaction, from one of the request, which is refused."""
    return error.code == "ValidationException" and error.message.startswith(
        ("An operand in the update", "The document path provided", "The provided expression refers")
    )


def scope_of(request: Request) -> Scope:
    values = request.get("ExpressionAttributeValues") or {}
    return Scope(
        {}, request.get("ExpressionAttributeNames") or {}, {token: normalise(value) for token, value in values.items()}
    )


def used_up(scope: Scope, request: Request) -> None:
    """Refuse placeholders that no expression uses."""
    for path in parse_projection(request["ProjectionExpression"]) if "ProjectionExpression" in request else ():
        path.resolve(scope)
    unused = (scope.names.keys() | scope.values.keys()) - scope.used
    if unused:
        raise invalid(
            f"Value provided in ExpressionAttributeNames/Values unused in expressions: keys: {sorted(unused)}"
        )


def project(item: Item, request: Request, scope: Scope) -> Item:
    """Return the item, or the parts of it that the request names."""
    if "ProjectionExpression" not in request:
        return dict(item)
    result: Item = {}
    for path in parse_projection(request["ProjectionExpression"]):
        parts = path.resolve(scope)
        scope.item = item
        value = path.evaluate(scope)
        if value is None:
            continue
        if len(parts) > 1:
            raise NotImplementedError("the product projects whole attributes")
        result[str(parts[0])] = value
    return result


def read_units(items: list[Item | None], consistent: bool) -> float:
    return sum(units_of_bytes(0 if item is None else size_of_item(item), consistent) for item in items)


def units_of_bytes(size: int, consistent: bool) -> float:
    """4 KB or a part of it cost one unit, half of it when an older state will do."""
    return max(1, -(-size // READ_UNIT_BYTES)) * (1.0 if consistent else 0.5)


def write_units(before: Item | None, after: Item | None) -> int:
    size = max(0 if item is None else size_of_item(item) for item in (before, after))
    return max(1, -(-size // WRITE_UNIT_BYTES))


def asks_for_units(request: Request) -> bool:
    return bool(request.get("ReturnConsumedCapacity", "NONE") != "NONE")


def with_units(answer: Response, request: Request, units: Callable[[], float]) -> Response:
    """Return the answer with its units, which are counted only where the request asks for them."""
    if asks_for_units(request):
        answer["ConsumedCapacity"] = {"TableName": request["TableName"], "CapacityUnits": units()}
    return answer


def fingerprint(request: Request) -> bytes:
    """Return what tells a request that is sent again from another one with the same token."""
    return sha256(json.dumps(request["TransactItems"], default=str).encode()).digest()
