"""Thousands of people in virtual time: the product's own handlers on a DynamoDB that takes time and has conflicts.

The table is exact (table.py); what is modelled is time. Every call travels to the table, works there and comes back.
A transaction holds its items until it commits: whoever else wants to write one of them is refused with a conflict, as
DynamoDB does. A partition that is asked for more than its units within a second is throttled, and the SDK tries once
more. Clients send `join` and repeat it every few seconds until they are told of a room.
"""

from __future__ import annotations

import heapq
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from functions.chat.backend import Backend
from infra.local.dynamodb.operations import Database
from infra.local.dynamodb.values import DatabaseError, Item
from tests.simulation.endpoints import READS, places_of
from tests.simulation.platform import refusal_for
from tests.simulation.program import Refusal, tell
from tests.simulation.schedule import Ending, Fault, Invocation, Operation
from tests.simulation.strands import Answered
from tests.simulation.world import EPOCH, HANDLERS, TABLE, backend_for

# Milliseconds of a call as a Lambda in the same Region sees it, from and to. A transaction takes two rounds inside
# DynamoDB (prepare, commit), which is why it costs twice the units; 10 to 20 ms is what the design assumes.
MILLISECONDS = {
    "GetItem": (2, 5),
    "BatchGetItem": (3, 6),
    "Query": (3, 7),
    "PutItem": (3, 7),
    "UpdateItem": (3, 7),
    "DeleteItem": (3, 7),
    "BatchWriteItem": (4, 8),
    "TransactWriteItems": (10, 20),
    "post": (5, 15),
    "timer": (5, 15),
    "close": (5, 15),
}
START_MILLISECONDS = (5, 15)  # API Gateway and a warm Lambda, until the handler's first line
WRITE_UNITS_MAX = 1000  # of one partition, in a second (developer guide, "Partitions and data distribution")
READ_UNITS_MAX = 3000
SDK_RETRY_SECONDS = 1.0  # standard mode waits up to this before its second and last attempt
JOIN_AGAIN_SECONDS = 4.0  # as the page does
WIDENING_SECONDS = 8.0  # as the page does
HOT_INTEREST = "music"
KEPT_SECONDS = 10_000  # longer than any run


@dataclass
class Visitor:
    """One person's wait."""

    name: str
    joined_at: float
    has_interest: bool = False
    paired_at: float | None = None
    told_at: float | None = None
    rooms: list[str] = field(default_factory=list)


@dataclass
class Run:
    """A handler at work in a process, and which of its operations are under way."""

    process: Backend
    invocation: Invocation
    under_way: list[Operation] = field(default_factory=list)


@dataclass
class Budget:
    """The units that a partition has left in this second."""

    second: int = -1
    spent: float = 0.0

    def allows(self, second: int, units: float, most: float) -> bool:
        """Spend units; False when this second's are used up."""
        if second != self.second:
            self.second, self.spent = second, 0.0
        if self.spent + units > most:
            return False
        self.spent += units
        return True


@dataclass
class Traffic:
    """A run: the joins and their times, its costs, and each wait."""

    queue_shards: int = 1
    seed: int = 0
    limits: bool = True
    hot_share: float = 0.0  # of people who have one interest, the same
    lost_partitions: frozenset[str] = frozenset()  # that refuse every request
    now: float = EPOCH
    visitors: dict[str, Visitor] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.database = Database()
        self.database.create_table(TABLE)
        self.chance = random.Random(self.seed)
        self._held: set[Any] = set()
        self._read_budgets: dict[str, Budget] = {}
        self._write_budgets: dict[str, Budget] = {}
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._processes = count()
        self._idle: list[Backend] = []

    def run(self, joins: list[float], until_seconds: float) -> None:
        """Let somebody join at each of these seconds, and go on until all is quiet or the time is over."""
        chance = random.Random(f"interests {self.seed}")
        for number, second in enumerate(joins):
            visitor = Visitor(f"visitor{number}", EPOCH + second, chance.random() < self.hot_share)
            self.visitors[visitor.name] = visitor
            self.database.call("PutItem", {"TableName": TABLE, "Item": self.connected(visitor)})
            self._at(visitor.joined_at, lambda visitor=visitor: self._join(visitor))  # type: ignore[misc]
        end = EPOCH + until_seconds
        while self._events and self._events[0][0] <= end:
            self.now, _, act = heapq.heappop(self._events)
            act()

    def connected(self, visitor: Visitor) -> Item:
        """Return the item of somebody's connection, as short as it can be."""
        key = {"pk": {"S": f"connection#{visitor.name}"}, "sk": {"S": "connection"}}
        return {**key, "person": {"S": visitor.name}, "expires_at": {"N": str(int(EPOCH) + KEPT_SECONDS)}}

    def _at(self, moment: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._order), act))

    def _later(self, milliseconds: tuple[float, float], act: Callable[[], None]) -> None:
        self._at(self.now + self.chance.uniform(*milliseconds) / 1000, act)

    # Clients

    def _join(self, visitor: Visitor) -> None:
        if visitor.told_at is not None:
            return
        self.calls["join"] += 1
        self._later(START_MILLISECONDS, lambda: self._start(visitor.name, "join", self._wish_of(visitor)))
        self._at(self.now + JOIN_AGAIN_SECONDS, lambda: self._join(visitor))

    def _wish_of(self, visitor: Visitor) -> dict[str, Any]:
        """Return a person's wish: as on the page, one who waits long for a common interest takes anybody."""
        if not visitor.has_interest:
            return {"mode": "text"}
        widened = self.now - visitor.joined_at >= WIDENING_SECONDS
        return {"mode": "text", "interests": [HOT_INTEREST], **({"widen": True} if widened else {})}

    def _start(self, name: str, action: str, fields: dict[str, Any]) -> None:
        context = {"connectionId": name, "routeKey": action, "eventType": "MESSAGE", "requestId": name}
        event = {"requestContext": context, "isBase64Encoded": False, "body": json.dumps({"action": action, **fields})}
        # A process takes one frame at a time; there are as many as the rate needs.
        process = self._idle.pop() if self._idle else self._new_process()
        handler = HANDLERS[action]
        self._go_on(Run(process, Invocation(lambda: handler(event, None, process), self.now)))

    def _new_process(self) -> Backend:
        return backend_for(self.queue_shards, random.Random(f"{self.seed} {next(self._processes)}"))

    # The platform

    def _go_on(self, run: Run) -> None:
        following = run.invocation.next
        if isinstance(following, Ending):
            self._idle.append(run.process)
            if following.failure is not None:
                raise following.failure
            return
        for operation in following.each:
            if not any(operation is other for other in run.under_way):
                run.under_way.append(operation)
                self._send(run, operation)

    def _send(self, run: Run, operation: Operation) -> None:
        if operation.kind == "sleep":
            self._at(self.now + operation.arguments["seconds"], lambda: self._answer(run, operation, None))
            return
        name = operation.name if operation.kind == "dynamodb" else operation.kind
        self.calls[name] += 1
        whole = self.chance.uniform(*MILLISECONDS[name]) / 1000
        self._at(self.now + whole / 3, lambda: self._arrive(run, operation, whole * 2 / 3))

    def _arrive(self, run: Run, operation: Operation, rest: float, attempt: int = 1) -> None:
        """Let a call reach the table or the socket; its answer takes the rest of its time."""
        if operation.kind != "dynamodb":
            self._at(self.now + rest, lambda: self._answer(run, operation, self._perform(operation)))
            return
        read = self._call(operation) if operation.name in READS else None
        if self.limits and self._is_throttled(operation, read):
            self.refused["throttled"] += 1
            if attempt == 1:
                self._later((0, SDK_RETRY_SECONDS * 1000), lambda: self._arrive(run, operation, rest, attempt=2))
            else:
                self._at(self.now + rest, lambda: self._answer(run, operation, refusal_for(operation, Fault.THROTTLED)))
            return
        answer = self._write(operation, rest) if read is None else read
        self._at(self.now + rest, lambda: self._answer(run, operation, answer))

    def _write(self, operation: Operation, rest: float) -> Any:
        places = set(places_of(operation.name, operation.arguments))
        if not places.isdisjoint(self._held):
            self.refused["conflict"] += 1
            return self._conflict(operation, places)
        return self._begin(operation, places, rest) if operation.name == "TransactWriteItems" else self._call(operation)

    def _begin(self, operation: Operation, places: set[Any], rest: float) -> Any:
        """Check a transaction, hold its items, and write them when it commits: until then readers see the old state."""
        _, reasons = self.database.plan_transaction(operation.arguments["TransactItems"])
        if any(reason["Code"] != "None" for reason in reasons):
            return Refusal(operation.name, "TransactionCanceledException", "Transaction cancelled", reasons)

        def commit() -> None:
            self._held.difference_update(places)
            answer = self._call(operation)
            assert not isinstance(answer, Refusal), "nobody else could write what was held"
            for visitor in self._visitors_of(places):
                visitor.paired_at = visitor.paired_at or self.now

        self._held |= places
        self._at(self.now + rest / 2, commit)
        return {}

    def _visitors_of(self, places: set[Any]) -> list[Visitor]:
        names = (pk.partition("#")[2] for pk, _ in places if pk.startswith("connection#"))
        return [self.visitors[name] for name in names]

    def _conflict(self, operation: Operation, places: set[Any]) -> Refusal:
        refusal = refusal_for(operation, Fault.CONFLICT)
        if operation.name != "TransactWriteItems":
            return refusal
        bodies = places_of(operation.name, operation.arguments)
        codes = ["TransactionConflict" if place in self._held else "None" for place in bodies]
        reasons = [{"Code": code} for code in codes]
        return Refusal(refusal.operation, refusal.code, refusal.message, reasons)

    def _is_throttled(self, operation: Operation, read: Any) -> bool:
        """Spend the units of a call in each partition that it touches; those of a query stand in its answer."""
        second = int(self.now)
        if operation.name == "Query":
            partition = next(iter(operation.arguments["ExpressionAttributeValues"].values()))["S"]
            if partition in self.lost_partitions:
                return True
            units = read["ConsumedCapacity"]["CapacityUnits"]
            return not self._read_budgets.setdefault(partition, Budget()).allows(second, units, READ_UNITS_MAX)
        if operation.name in READS:
            return False
        factor = 2 if operation.name == "TransactWriteItems" else 1
        written = Counter(body_place[0] for body_place in places_of(operation.name, operation.arguments))
        if not self.lost_partitions.isdisjoint(written):
            return True
        budgets = {partition: self._write_budgets.setdefault(partition, Budget()) for partition in written}
        return not all(
            budget.allows(second, written[partition] * factor, WRITE_UNITS_MAX) for partition, budget in budgets.items()
        )

    def _call(self, operation: Operation) -> Any:
        try:
            return self.database.call(operation.name, operation.arguments)
        except DatabaseError as error:
            return Refusal(operation.name, error.code, error.message, error.reasons, error.item)

    def _perform(self, operation: Operation) -> Any:
        if operation.kind == "post" and operation.arguments["type"] == "paired":
            visitor = self.visitors[operation.name]
            visitor.rooms.append(operation.arguments["room"])
            visitor.told_at = visitor.told_at or self.now
        elif operation.kind == "post" and operation.arguments["type"] == "error":
            self.refused[f"error {operation.arguments['code']}"] += 1
        return None

    def _answer(self, run: Run, operation: Operation, answer: Any) -> None:
        following = run.invocation.next
        assert isinstance(following, Operation), "who was asked something is still at work"
        run.under_way = [other for other in run.under_way if other is not operation]
        if following.alternatives:
            strand = next(at for at, each in enumerate(following.alternatives) if each is operation)
            answer = Answered(strand, answer)
        tell(run.invocation, answer, self.now)
        self._go_on(run)
