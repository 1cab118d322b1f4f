"""In the simulation a handler may do what its Lambda may do on AWS, so a right that is missing breaks a history."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from functions.chat.backend import Backend
from functions.routes import BY_KEY, Permissions
from tests.simulation.endpoints import actions_of
from tests.simulation.world import backend_for

KEY = {"pk": {"S": "a"}, "sk": {"S": "b"}}
CALLS: dict[str, Callable[[Backend], Any]] = {
    "GetItem": lambda backend: backend.table.get(("a", "b")),
    "Query": lambda backend: backend.table.query("a", 1, None),
    "POST": lambda backend: backend.connections.post("ada", {"type": "pong"}),
    "DELETE": lambda backend: backend.connections.close("ada"),
    "GET": lambda backend: backend.connections.last_used("ada"),
    "SendMessage": lambda backend: backend.timers.expire_later("ada", 1),
    "know people": lambda backend: backend.keyring(),
}


@pytest.mark.parametrize("action", CALLS)
def test_a_call_that_a_row_does_not_permit_fails(action: str) -> None:
    backend = backend_for(1, random.Random(0), permissions=Permissions())

    with pytest.raises(AssertionError, match=f"does not (permit .*{action}|let it {action})"):
        CALLS[action](backend)


RELAYED = ("message", "ack", "typing", "signal")


@pytest.mark.parametrize("key", RELAYED)
@pytest.mark.parametrize("item", ["record#d.ada", "case#1", "cases#2027-01-15", "recent#d.ada", "switches", "places#a"])
def test_a_relay_reaches_neither_bans_nor_cases(key: str, item: str) -> None:
    backend = backend_for(1, random.Random(0), permissions=BY_KEY[key].permissions)
    reading, asking = (lambda: backend.table.get((item, "x"))), (lambda: backend.table.query(item, 1, None))

    for reach in (reading, asking):
        with pytest.raises(AssertionError, match=r"does not permit (items of|.*Query)"):
            reach()


@pytest.mark.parametrize("item", ["switches", "cases#2027-01-15", "docket", "places#a", "audit", "census"])
def test_a_person_who_looks_at_their_own_data_reaches_nothing_of_the_operators(item: str) -> None:
    backend = backend_for(1, random.Random(0), permissions=BY_KEY["mine"].permissions)

    with pytest.raises(AssertionError, match="does not permit items of"):
        backend.table.get((item, "x"))


@pytest.mark.parametrize(
    ("operation", "request_body", "actions"),
    [
        ("UpdateItem", {"Key": KEY}, {"UpdateItem"}),
        ("BatchWriteItem", {"RequestItems": {}}, {"BatchWriteItem"}),
        ("TransactGetItems", {"TransactItems": [{"Get": {"Key": KEY}}]}, {"GetItem"}),
        (
            "TransactWriteItems",
            {"TransactItems": [{"Put": {}}, {"Update": {}}, {"Delete": {}}, {"ConditionCheck": {}}]},
            {"PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"},
        ),
    ],
)
def test_a_transaction_needs_the_rights_of_its_parts(
    operation: str, request_body: dict[str, Any], actions: set[str]
) -> None:
    assert actions_of(operation, request_body) == actions
