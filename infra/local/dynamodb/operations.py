"""DynamoDB in memory, exact for the operations that the product uses, and fast.

Requests and answers are the API's own dictionaries, as botocore takes and gives them. Every call is one atomic step;
who runs next is its caller's business. `tests/simulation/test_dynamodb.py` holds it against moto and MiniStack.

Not imitated: indexes, streams, throughput (the simulation adds latency and conflicts), time to live (expired items
stay, as they do on AWS for days), and reserved words (always use placeholders for names).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

from infra.local.dynamodb.expressions import Scope
from infra.local.dynamodb.parser import parse_condition, parse_update
from infra.local.dynamodb.requests import (
    Request,
    Response,
    asks_for_units,
    fingerprint,
    is_found_while_running,
    key_condition,
    project,
    read_units,
    scope_of,
    units_of_bytes,
    used_up,
    with_units,
)
from infra.local.dynamodb.tables import Key, Table, Write, returned_attributes
from infra.local.dynamodb.updates import apply_update
from infra.local.dynamodb.values import DatabaseError, Item, invalid, normalise_item

QUERY_BYTES_MAX = 1024 * 1024
TRANSACTION_ACTIONS_MAX, BATCH_GET_MAX, BATCH_WRITE_MAX = 100, 100, 25
CONDITION_FAILED = "The conditional request failed"


class Database:
    """Tables and the operations on them: `call(operation, request)` answers or raises `DatabaseError`."""

    def __init__(self, tables: dict[str, Table] | None = None) -> None:
        self.tables: dict[str, Table] = tables or {}
        self.tokens: dict[str, bytes] = {}

    def create_table(self, name: str, partition_key: str = "pk", sort_key: str = "sk") -> Table:
        return self.tables.setdefault(name, Table(partition_key, sort_key))

    def call(self, operation: str, request: Request) -> Response:
        """Run one operation, as a whole or not at all."""
        method: Callable[[Request], Response] | None = getattr(self, f"on_{operation}", None)
        if method is None:
            raise NotImplementedError(f"the in-memory DynamoDB has no {operation}")
        return method(request)

    # Reads

    def on_GetItem(self, request: Request) -> Response:  # noqa: N802 - operations keep the API's names
        item, scope = self.find(request)
        used_up(scope, request)
        answer: Response = {} if item is None else {"Item": project(item, request, scope)}
        return with_units(answer, request, lambda: read_units([item], request.get("ConsistentRead", False)))

    def on_BatchGetItem(self, request: Request) -> Response:  # noqa: N802
        answers: dict[str, list[Item]] = {}
        capacity = []
        if sum(len(wanted["Keys"]) for wanted in request["RequestItems"].values()) > BATCH_GET_MAX:
            raise invalid("Too many items requested for the BatchGetItem call")
        for name, wanted in request["RequestItems"].items():
            table, units, seen = self.table(name), 0.0, set()
            answers[name] = []
            for raw in wanted["Keys"]:
                key = table.key_of(normalise_item(raw), exact=True)
                if key in seen:
                    raise invalid("Provided list of item keys contains duplicates")
                seen.add(key)
                item = table.items.get(key)
                if asks_for_units(request):
                    units += read_units([item], wanted.get("ConsistentRead", False))
                if item is not None:
                    answers[name].append(
                        project(item, wanted, Scope({}, wanted.get("ExpressionAttributeNames", {}), {}))
                    )
            capacity.append({"TableName": name, "CapacityUnits": units})
        answer: Response = {"Responses": answers, "UnprocessedKeys": {}}
        return answer if not asks_for_units(request) else {**answer, "ConsumedCapacity": capacity}

    def on_TransactGetItems(self, request: Request) -> Response:  # noqa: N802
        found = [self.find(entry["Get"]) for entry in request["TransactItems"]]
        answers = [
            {} if item is None else {"Item": project(item, entry["Get"], scope)}
            for entry, (item, scope) in zip(request["TransactItems"], found, strict=True)
        ]
        answer: Response = {"Responses": answers}
        if asks_for_units(request):
            name = request["TransactItems"][0]["Get"]["TableName"]
            units = sum(2 * read_units([item], consistent=True) for item, _ in found)
            answer["ConsumedCapacity"] = [{"TableName": name, "CapacityUnits": units}]
        return answer

    def on_Query(self, request: Request) -> Response:  # noqa: N802
        table = self.table(request["TableName"])
        scope = scope_of(request)
        limit, read, size, last = request.get("Limit", float("inf")), [], 0, None
        if limit < 1:
            raise invalid("Limit must be greater than or equal to 1")
        for key in self.keys_in_range(table, request, scope):
            read.append(table.items[key])
            size += table.size_at(key)
            if len(read) == limit or size > QUERY_BYTES_MAX:
                last = {name: read[-1][name] for name in table.key_names}
                break
        matching = self.filtered(read, request, scope)
        used_up(scope, request)
        answer: Response = {"Count": len(matching), "ScannedCount": len(read)}
        if request.get("Select") != "COUNT":
            answer["Items"] = [project(item, request, scope) for item in matching]
        if last is not None:
            answer["LastEvaluatedKey"] = last
        return with_units(answer, request, lambda: units_of_bytes(size, request.get("ConsistentRead", False)))

    def keys_in_range(self, table: Table, request: Request, scope: Scope) -> Iterator[Key]:
        """Return the keys that a query visits, in its direction, after its start key."""
        partition, is_in_range = key_condition(
            table.key_names, parse_condition(request["KeyConditionExpression"]), scope
        )
        order = table.sort_orders.get(partition, [])
        forward = request.get("ScanIndexForward", True)
        start, end = 0, len(order)
        if raw := request.get("ExclusiveStartKey"):
            after = table.key_of(normalise_item(raw), exact=True)[1]
            position = bisect_left(order, after)
            present = position < end and order[position] == after
            start, end = (position + present, end) if forward else (0, position)
        positions = range(start, end) if forward else range(end - 1, start - 1, -1)
        if not order:
            # The placeholders are checked all the same.
            is_in_range({})
        for position in positions:
            key = (partition, order[position])
            if is_in_range(table.items[key]):
                yield key

    def filtered(self, items: list[Item], request: Request, scope: Scope) -> list[Item]:
        if "FilterExpression" not in request:
            return items
        node = parse_condition(request["FilterExpression"])
        node.evaluate(scope)
        matching = []
        for item in items:
            scope.item = item
            if node.evaluate(scope):
                matching.append(item)
        return matching

    # Writes

    def on_PutItem(self, request: Request) -> Response:  # noqa: N802
        return self.write(self.plan_put(request))

    def on_UpdateItem(self, request: Request) -> Response:  # noqa: N802
        return self.write(self.plan_update(request))

    def on_DeleteItem(self, request: Request) -> Response:  # noqa: N802
        return self.write(self.plan_delete(request))

    def write(self, write: Write) -> Response:
        write.apply()
        answer: Response = {}
        attributes = returned_attributes(write)
        if attributes:
            answer["Attributes"] = attributes
        return with_units(answer, write.request, lambda: write.units)

    def on_BatchWriteItem(self, request: Request) -> Response:  # noqa: N802
        writes = []
        for name, entries in request["RequestItems"].items():
            for entry in entries:
                verb, body = next(iter(entry.items()))
                plan = self.plan_put if verb == "PutRequest" else self.plan_delete
                writes.append(plan({"TableName": name, **body}))
        if len({(id(write.table), write.key) for write in writes}) < len(writes):
            raise invalid("Provided list of item keys contains duplicates")
        if len(writes) > BATCH_WRITE_MAX:
            raise invalid("Too many items requested for the BatchWriteItem call")
        for write in writes:
            write.apply()
        answer: Response = {"UnprocessedItems": {}}
        if asks_for_units(request):
            units = sum(write.units for write in writes)
            answer["ConsumedCapacity"] = [{"TableName": name, "CapacityUnits": units}]
        return answer

    def on_TransactWriteItems(self, request: Request) -> Response:  # noqa: N802
        token = request.get("ClientRequestToken")
        if token in self.tokens:
            if self.tokens[token] != fingerprint(request):
                raise DatabaseError("IdempotentParameterMismatchException", "The request uses the same client token")
            return {}
        writes, reasons = self.plan_transaction(request["TransactItems"])
        if any(reason["Code"] != "None" for reason in reasons):
            codes = ", ".join(reason["Code"] for reason in reasons)
            raise DatabaseError(
                "TransactionCanceledException",
                f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
                reasons,
            )
        for write in writes:
            if "ConditionCheck" not in write.request:
                write.apply()
        if token is not None:
            self.tokens[token] = fingerprint(request)
        if not asks_for_units(request):
            return {}
        name = next(iter(request["TransactItems"][0].values()))["TableName"]
        units = 2 * sum(write.units for write in writes)
        return {"ConsumedCapacity": [{"TableName": name, "CapacityUnits": units, "WriteCapacityUnits": units}]}

    def plan_transaction(self, entries: list[dict[str, Request]]) -> tuple[list[Write], list[dict[str, Any]]]:
        """Plan every action, with a reason for each in the order of the request."""
        plans = {
            "Put": self.plan_put,
            "Update": self.plan_update,
            "Delete": self.plan_delete,
            "ConditionCheck": self.plan_check,
        }
        if len(entries) > TRANSACTION_ACTIONS_MAX:
            raise invalid("Member must have length less than or equal to 100")
        self.refuse_two_actions_on_one_item(entries)
        writes: list[Write] = []
        reasons: list[dict[str, Any]] = []
        for entry in entries:
            verb, request = next(iter(entry.items()))
            try:
                writes.append(plans[verb](request))
                reasons.append({"Code": "None"})
            except DatabaseError as error:
                if error.code == "ConditionalCheckFailedException":
                    reason: dict[str, Any] = {"Code": "ConditionalCheckFailed", "Message": error.message}
                    reasons.append(reason if error.item is None else {**reason, "Item": error.item})
                elif is_found_while_running(error):
                    reasons.append({"Code": "ValidationError", "Message": error.message})
                else:
                    raise
        return writes, reasons

    def refuse_two_actions_on_one_item(self, entries: list[dict[str, Request]]) -> None:
        places = []
        for entry in entries:
            request = next(iter(entry.values()))
            table = self.table(request["TableName"])
            raw = request["Item"] if "Item" in request else request["Key"]
            places.append((request["TableName"], table.key_of(normalise_item(raw), exact="Key" in request)))
        if len(set(places)) < len(places):
            raise invalid("Transaction request cannot include multiple operations on one item")

    def plan_put(self, request: Request) -> Write:
        table, item, scope = self.table(request["TableName"]), normalise_item(request["Item"]), scope_of(request)
        key = table.key_of(item)
        return self.plan(table, key, request, scope, lambda _before: item)

    def plan_delete(self, request: Request) -> Write:
        table, scope = self.table(request["TableName"]), scope_of(request)
        key = table.key_of(normalise_item(request["Key"]), exact=True)
        return self.plan(table, key, request, scope, lambda _before: None)

    def plan_check(self, request: Request) -> Write:
        table, scope = self.table(request["TableName"]), scope_of(request)
        key = table.key_of(normalise_item(request["Key"]), exact=True)
        return self.plan(table, key, request, scope, lambda before: before)

    def plan_update(self, request: Request) -> Write:
        table, scope = self.table(request["TableName"]), scope_of(request)
        own = normalise_item(request["Key"])
        key = table.key_of(own, exact=True)
        actions = parse_update(request["UpdateExpression"]) if request.get("UpdateExpression") else ()

        def updated(before: Item | None) -> Item:
            # An update creates the item that it does not find.
            scope.item = own if before is None else before
            return apply_update(actions, scope, table.key_names)

        return self.plan(table, key, request, scope, updated)

    def plan(
        self, table: Table, key: Key, request: Request, scope: Scope, change: Callable[[Item | None], Item | None]
    ) -> Write:
        """Check the condition and compute the change, without writing."""
        before = table.items.get(key)
        scope.item = before or {}
        holds = True
        if "ConditionExpression" in request:
            holds = bool(parse_condition(request["ConditionExpression"]).evaluate(scope))
        if not holds:
            wants = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            raise DatabaseError("ConditionalCheckFailedException", CONDITION_FAILED, item=before if wants else None)
        after = change(before)
        used_up(scope, request)
        return Write(table, key, before, after, request)

    # Shared

    def table(self, name: str) -> Table:
        if name not in self.tables:
            raise DatabaseError("ResourceNotFoundException", "Requested resource not found")
        return self.tables[name]

    def find(self, request: Request) -> tuple[Item | None, Scope]:
        table = self.table(request["TableName"])
        key = table.key_of(normalise_item(request["Key"]), exact=True)
        return table.items.get(key), scope_of(request)
