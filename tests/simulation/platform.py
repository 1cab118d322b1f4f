"""AWS's side of a world: table, sockets, timers and time. It answers operations, well or with a fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from infra.local.dynamodb.operations import Database
from infra.local.dynamodb.tables import Table
from infra.local.dynamodb.values import DatabaseError
from tests.simulation import remembered
from tests.simulation.program import Refusal
from tests.simulation.schedule import Fault, Operation, intern

Change = Callable[[Operation], dict[str, Any]]
GONE = Refusal("PostToConnection", "GoneException", "Gone")
SLOW = Refusal("PostToConnection", "LimitExceededException", "Rate exceeded")


@dataclass
class Platform:
    """Data that is copied when a world forks. `change` alters requests on their way, which is how mutants live."""

    table: Table
    now: float
    change: Change | None = None
    open: frozenset[str] = frozenset()
    inboxes: dict[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    posted: tuple[tuple[str, dict[str, Any]], ...] = ()
    tokens: dict[str, int] = field(default_factory=dict)
    # When each message of the delay queue is due, and which invocation it started: that one has to end well.
    timers: dict[str, float] = field(default_factory=dict)
    fired: dict[str, str] = field(default_factory=dict)

    def fork(self, change: Change | None = None) -> Platform:
        return Platform(
            self.table.fork(),
            self.now,
            change or self.change,
            self.open,
            dict(self.inboxes),
            self.posted,
            dict(self.tokens),
            dict(self.timers),
            dict(self.fired),
        )

    def connect(self, connection: str) -> None:
        """Open a socket with an id that was never used."""
        assert connection not in self.inboxes, f"the id {connection} was used before"
        self.open |= {connection}
        self.inboxes[connection] = ()
        self.tokens[connection] = 0

    def perform(self, operation: Operation, fault: Fault | None = None) -> Any:
        """Return the answer to an operation, or the `Refusal` that a fault makes of it."""
        match operation.kind:
            case "dynamodb":
                return self._query_table(operation, fault)
            case "post":
                return self._post(operation.name, operation.arguments, fault)
            case "ask":
                return {} if operation.name in self.open else GONE
            case "close":
                self.open -= {operation.name}
            case "sleep":
                # A sleeping handler goes on at any moment later; milliseconds decide nothing else here, and rates.py
                # has them.
                pass
            case "timer":
                # Of several that ask for the same, the first to be delivered decides: the others find it done.
                due = self.now + operation.arguments["seconds"]
                self.timers[operation.name] = min(due, self.timers.get(operation.name, due))
            case _:
                raise AssertionError(f"nothing performs {operation.kind}")
        return None

    def due(self) -> list[str]:
        """Return the messages of the delay queue that are due."""
        return [body for body, at in self.timers.items() if at <= self.now]

    def end_timer(self, label: str, finished: bool) -> None:
        """Take a message from the queue whose handler has ended well."""
        body = self.fired.pop(label, None)
        if body is not None and finished:
            self.timers.pop(body, None)

    def state(self) -> int:
        """Return a number for all of this."""
        items = frozenset((key, remembered.token_of(item)) for key, item in self.table.items.items())
        return intern((items, self.now, self.open, frozenset(self.tokens.items()), frozenset(self.timers.items())))

    def _query_table(self, operation: Operation, fault: Fault | None) -> Any:
        if fault in (Fault.THROTTLED, Fault.CONFLICT):
            return refusal_for(operation, fault)
        if fault is Fault.STALE:
            return {"Items": [], "Count": 0, "ScannedCount": 0}
        if fault is Fault.REPEATED:
            self._call(operation)
        return self._call(operation)

    def _call(self, operation: Operation) -> Any:
        if self.change is None:
            return remembered.perform(operation, self.table, lambda: self._ask(operation.name, operation.arguments))
        return self._ask(operation.name, self.change(operation))

    def _ask(self, name: str, arguments: dict[str, Any]) -> Any:
        # Nobody here reads what a call would have cost.
        request = {key: value for key, value in arguments.items() if key != "ReturnConsumedCapacity"}
        try:
            return Database({request_table(name, request): self.table}).call(name, request)
        except DatabaseError as error:
            return Refusal(name, error.code, error.message, error.reasons, error.item)

    def _post(self, connection: str, event: dict[str, Any], fault: Fault | None) -> Any:
        if fault is Fault.GONE:
            self.open -= {connection}
        if connection not in self.open:
            return GONE
        if fault is Fault.BUSY:
            return SLOW
        self.posted = (*self.posted, (connection, event))
        self.inboxes[connection] = (*self.inboxes[connection], event)
        self.tokens[connection] = intern((self.tokens[connection], json.dumps(event, sort_keys=True)))
        return None


def request_table(name: str, request: dict[str, Any]) -> str:
    """Return the one table that a request names."""
    if "RequestItems" in request:
        return next(iter(request["RequestItems"]))
    if "TransactItems" in request:
        return next(iter(request["TransactItems"][0].values()))["TableName"]
    return request["TableName"]


def refusal_for(operation: Operation, fault: Fault) -> Refusal:
    """Return what DynamoDB answers when it is too busy, or when a transaction holds an item."""
    conflict = fault is Fault.CONFLICT
    if operation.name == "TransactWriteItems":
        code = "TransactionConflict" if conflict else "ThrottlingError"
        reasons = [{"Code": "None"} for _ in operation.arguments["TransactItems"]]
        reasons[-1] = {"Code": code, "Message": fault.value}
        return Refusal(operation.name, "TransactionCanceledException", f"Transaction cancelled [{code}]", reasons)
    code = "TransactionConflictException" if conflict else "ThrottlingException"
    return Refusal(operation.name, code, fault.value)
