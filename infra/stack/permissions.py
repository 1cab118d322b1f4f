"""What each route's Lambda may do, once: every action by name, on the one table and the one stage.

A handler that needs another call gets it here, in review. The only wildcards are in `WILDCARDS`, each with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from functions.routes import CLOSING, EXPIRY, ROUTES, Route

# Opening a connection looks who is banned and writes it, and counts many from one address; nobody is told anything.
_OPENING = frozenset({"BatchGetItem", "GetItem", "PutItem", "UpdateItem"})

# Searching, talking and ending all may end in the same place: a peer's socket is gone, so the room is closed, tickets
# are deleted and somebody is put back into the queue. Transactions are allowed by the actions that they contain.
_PAIRING = frozenset(
    {
        "GetItem",
        "BatchGetItem",
        "Query",
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "BatchWriteItem",
        "ConditionCheckItem",
    }
)

# What Lambda's own reader of a queue does with the function's role (docs: "Using Lambda with Amazon SQS").
_RECEIVING = frozenset({"ReceiveMessage", "DeleteMessage", "GetQueueAttributes"})


@dataclass(frozen=True, slots=True)
class Permissions:
    """DynamoDB actions on the table, methods of the @connections API on the stage, actions on the delay queue.

    `pairs`: may make a video room, and so may ask the relay's provider for credentials, where one is configured.
    `knows_people`: makes and reads the keys behind pseudonyms, which no other Lambda needs.
    """

    table: frozenset[str] = frozenset()
    connections: frozenset[str] = frozenset()
    queue: frozenset[str] = frozenset()
    pairs: bool = False
    knows_people: bool = False


# Every frame may be one too many: then its connection is closed and what it was part of is ended.
_TALKING = Permissions(
    table=_PAIRING, connections=frozenset({"POST", "DELETE"}), queue=frozenset({"SendMessage"}), pairs=True
)

PERMISSIONS: Mapping[str, Permissions] = {
    # The platform allows no message to a socket that is still connecting.
    "$connect": Permissions(table=_OPENING, knows_people=True),
    "$disconnect": _TALKING,
    "$default": _TALKING,
    "join": _TALKING,
    "message": _TALKING,
    "ack": _TALKING,
    "typing": _TALKING,
    "signal": _TALKING,
    "skip": _TALKING,
    "leave": _TALKING,
    "report": _TALKING,
    "appeal": _TALKING,
    "resume": _TALKING,
    EXPIRY.key: replace(
        _TALKING,
        queue=_TALKING.queue | _RECEIVING,
        connections=_TALKING.connections | {"GET"},
    ),
    CLOSING.key: Permissions(table=frozenset({"GetItem", "PutItem"})),
}

LAMBDAS: tuple[Route, ...] = (*(route for route in ROUTES if route.module), EXPIRY, CLOSING)

assert set(PERMISSIONS) == {route.key for route in LAMBDAS}, "a Lambda has no row here"

# Where a policy's resource ends in `*`, and why it cannot be narrower. Tests find no other.
WILDCARDS: Mapping[str, str] = {
    "/@connections/*": "API Gateway makes connection ids while the product runs; the stage and the method are named.",
}

# Actions on services that have no resources, and why they are allowed at all. Tests find no other.
NAMELESS: Mapping[str, str] = dict.fromkeys(
    ("xray:PutTraceSegments", "xray:PutTelemetryRecords"), "Writing traces, only with `tracing`."
)
