"""The two AWS clients and the clock that handlers get in the simulation: every call becomes an `Operation`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from types import SimpleNamespace
from typing import Any

from functions.chat.aws import delay_queue
from functions.routes import Permissions
from tests.simulation import schedule
from tests.simulation.schedule import NOTHING, Fault, Footprint, Operation
from tests.simulation.strands import perform

READS = frozenset({"GetItem", "BatchGetItem", "TransactGetItems", "Query"})
READ_FAULTS = (Fault.DIES, Fault.THROTTLED)
WRITE_FAULTS = (Fault.DIES, Fault.THROTTLED, Fault.CONFLICT, Fault.REPEATED)
# The SDK repeats a transaction with the same token, so that its second arrival changes nothing.
TRANSACTION_FAULTS = (Fault.DIES, Fault.THROTTLED, Fault.CONFLICT)
POST_FAULTS = (Fault.DIES, Fault.GONE, Fault.BUSY)
PRODUCT = "/functions/chat/"
PLUMBING = "/functions/chat/storage/table.py"
PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
# Of what has no row: a process that serves every route.
ANY_ROUTE = Permissions(
    table=frozenset({*READS, *PARTS.values(), "BatchWriteItem"}),
    connections=frozenset({"GET", "POST", "DELETE"}),
    queue=frozenset({"SendMessage"}),
    knows_people=True,
)
Request = dict[str, Any]
Place = tuple[str, str]


class DynamoDBClient:
    """A client that the store takes for botocore's; it permits only the calls of the handler's Lambda."""

    meta = SimpleNamespace(region_name="us-east-1", events=SimpleNamespace())

    def __init__(self, permissions: Permissions = ANY_ROUTE) -> None:
        self._permissions = permissions

    def _make_api_call(self, operation: str, request: Request) -> dict[str, Any]:
        require(actions_of(operation, request), self._permissions.table)
        site, places = site_in_product(), places_of(operation, request)
        named = [partition_of(request)] if operation == "Query" else [key for key, _ in places]
        require_items(named, self._permissions.items)
        return perform(
            Operation(
                kind="dynamodb",
                name=operation,
                arguments=request,
                sentence=f"{site} {describe(places, operation, request)}",
                footprint=footprint_of(operation, request, places),
                faults=faults_of(operation, request),
                site=site,
            )
        )


class ManagementClient:
    """A client that `Connections` takes for boto3's of the @connections API; it permits only its Lambda's calls."""

    def __init__(self, permissions: Permissions = ANY_ROUTE) -> None:
        self._permissions = permissions

    def post_to_connection(self, ConnectionId: str, Data: bytes) -> None:  # noqa: N803 - boto3's names
        require({"POST"}, self._permissions.connections)
        event = json.loads(Data)
        perform(
            Operation(
                kind="post",
                name=ConnectionId,
                arguments=event,
                sentence=f"tells {ConnectionId} {summary(event)}",
                footprint=Footprint(writes=frozenset({("socket", ConnectionId)})),
                faults=POST_FAULTS,
            )
        )

    def delete_connection(self, ConnectionId: str) -> None:  # noqa: N803
        require({"DELETE"}, self._permissions.connections)
        close_socket(ConnectionId)

    def get_connection(self, ConnectionId: str) -> dict[str, Any]:  # noqa: N803
        require({"GET"}, self._permissions.connections)
        area = Footprint(reads=frozenset({("socket", ConnectionId)}))
        sentence = f"asks whether {ConnectionId} is open"
        return perform(Operation("ask", ConnectionId, {}, sentence, area))


class Timers(delay_queue.Timers):
    """The messages to the delay queue."""

    def __init__(self, permissions: Permissions = ANY_ROUTE) -> None:
        super().__init__(self._ask)
        self._permissions = permissions

    def _ask(self, work: dict[str, str], seconds: int) -> None:
        require({"SendMessage"}, self._permissions.queue)
        body = json.dumps(work)
        area = Footprint(writes=frozenset({("timer", body)}))
        what = " ".join(word for each in work.items() for word in each)
        perform(Operation("timer", body, {"seconds": seconds}, f"sets a timer for {what}", area))


class Clock:
    """Time as a handler sees it."""

    def now(self) -> float:
        """Return the time of the last answer."""
        return schedule.now()

    def sleep(self, seconds: float) -> None:
        """Stop; others may go on meanwhile."""
        perform(Operation("sleep", "sleep", {"seconds": seconds}, f"sleeps {seconds:.3f} s", NOTHING))


def require_items(keys: Iterable[str], allowed: AbstractSet[str]) -> None:
    """Fail where a key of a request has another beginning than the row lets it have."""
    others = sorted({key.partition("#")[0] for key in keys} - allowed) if allowed else []
    assert not others, f"the route's row in functions/routes.py does not permit items of {others}"


def require(actions: AbstractSet[str], allowed: AbstractSet[str]) -> None:
    """Fail where AWS would deny: the row of functions/routes.py is all that a handler's Lambda may do."""
    assert actions <= allowed, f"the route's row in functions/routes.py does not permit {sorted(actions - allowed)}"


def actions_of(operation: str, request: Request) -> set[str]:
    """Return the actions that a request needs; a transaction needs those of its parts ("IAM and transactions")."""
    if operation == "TransactGetItems":
        return {"GetItem"}
    if operation == "TransactWriteItems":
        return {PARTS[part] for entry in request["TransactItems"] for part in entry}
    return {operation}


def close_socket(connection_id: str) -> None:
    """Close a socket from either side."""
    area = Footprint(writes=frozenset({("socket", connection_id)}))
    perform(Operation("close", connection_id, {}, f"closes the socket of {connection_id}", area, ()))


def faults_of(operation: str, request: Request) -> tuple[Fault, ...]:
    """Return the possible faults at a call. A query that is not consistent may miss all writes before it."""
    if operation == "Query" and not request.get("ConsistentRead", False):
        return (*READ_FAULTS, Fault.STALE)
    if operation in READS:
        return READ_FAULTS
    return TRANSACTION_FAULTS if operation == "TransactWriteItems" else WRITE_FAULTS


def site_in_product() -> str:
    """Return the product's function that makes the call: the innermost that is public and no plumbing."""
    frame = sys._getframe(2)
    while frame is not None:
        file, name = frame.f_code.co_filename, frame.f_code.co_name
        if PRODUCT in file and PLUMBING not in file and not name.startswith(("_", "<")):
            return name
        frame = frame.f_back  # type: ignore[assignment]
    return "call"


def places_of(operation: str, request: Request) -> list[Place]:
    """Return the keys of the items that a request names."""
    if operation == "Query":
        return []
    keys = [body["Item"] if "Item" in body else body["Key"] for body in bodies_of(operation, request)]
    return [(key["pk"]["S"], key["sk"]["S"]) for key in keys]


def bodies_of(operation: str, request: Request) -> list[Request]:
    """Return the parts of a request that are about one item each."""
    if operation in ("TransactWriteItems", "TransactGetItems"):
        return [next(iter(entry.values())) for entry in request["TransactItems"]]
    if operation == "BatchWriteItem":
        return [next(iter(entry.values())) for entries in request["RequestItems"].values() for entry in entries]
    if operation == "BatchGetItem":
        return [{"Key": key} for wanted in request["RequestItems"].values() for key in wanted["Keys"]]
    return [request]


def footprint_of(operation: str, request: Request, places: list[Place]) -> Footprint:
    if operation == "Query":
        return Footprint(partitions_read=frozenset({partition_of(request)}))
    if operation in READS:
        return Footprint(reads=frozenset(places))
    return Footprint(writes=frozenset(places), partitions_changed=frozenset(pk for pk, _ in places))


def partition_of(request: Request) -> str:
    """Return the partition that a query reads: the first value of its key condition."""
    token = request["KeyConditionExpression"].split("=", 1)[1].strip(" ()").split(" ")[0]
    return request["ExpressionAttributeValues"][token]["S"]


def describe(places: list[Place], operation: str, request: Request) -> str:
    """Return which items a call is about, as a story tells them."""
    if operation == "Query":
        return f"({partition_of(request)})"
    return "(" + ", ".join(pk if not pk.startswith("queue#") else f"{pk} {sk}" for pk, sk in places) + ")"


def summary(event: dict[str, Any]) -> str:
    """Return an event in a few words."""
    if event.get("type") == "error":
        return f"error {event['code']}"
    details = [str(event[name]) for name in ("room", "reason", "ticket") if name in event]
    return " ".join([str(event.get("type")), *details])
