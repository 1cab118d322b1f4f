"""What each route's Lambda may do, once: every action by name, on the one table and the one stage.

A handler that needs another call gets it here, in review. The only wildcards are in `WILDCARDS`, each with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from functions.routes import ROUTES

# Opening a connection writes it and looks who is banned; nothing is paired and nobody is told.
_OPENING = frozenset({"GetItem", "Query", "PutItem"})

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


@dataclass(frozen=True, slots=True)
class Permissions:
    """DynamoDB actions on the table, and methods of the @connections API on the stage."""

    table: frozenset[str] = frozenset()
    connections: frozenset[str] = frozenset()


_TALKING = Permissions(table=_PAIRING, connections=frozenset({"POST"}))

PERMISSIONS: Mapping[str, Permissions] = {
    # The platform allows no message to a socket that is still connecting.
    "$connect": Permissions(table=_OPENING),
    "$disconnect": _TALKING,
    # Tells the sender what was wrong, and touches nothing.
    "$default": Permissions(connections=frozenset({"POST"})),
    "join": _TALKING,
    "message": _TALKING,
    "ack": _TALKING,
    "typing": _TALKING,
    "signal": _TALKING,
    "skip": _TALKING,
    "leave": _TALKING,
    "report": _TALKING,
    "resume": _TALKING,
}

assert set(PERMISSIONS) == {route.key for route in ROUTES if route.module}, "a route's Lambda has no row here"

# Where a policy's resource ends in `*`, and why it cannot be narrower. Tests find no other.
WILDCARDS: Mapping[str, str] = {
    "/@connections/*": "Connection ids are made by API Gateway while the product runs; the stage and the method are named.",
}
