"""Why DynamoDB refused, read from its errors as pynamodb hands them on."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from pynamodb.exceptions import PynamoDBException, TransactWriteError, UpdateError, VerboseClientError

from functions.chat.storage.table import HELD, Table, is_held, is_lost, reasons_of
from tests.functions.tables import FaultyClient, refusal
from tests.functions.world import StillClock


def caught(table: Any, cause: Exception) -> PynamoDBException:
    """Return what a transaction of three legs raises when the client fails with `cause`."""
    client = FaultyClient(table.client)
    client.fail("TransactWriteItems", cause)
    with pytest.raises(TransactWriteError) as error:
        Table(client, table.name, StillClock()).transact([], [])
    return error.value


@pytest.mark.parametrize(
    ("reasons", "lost", "held"),
    [
        (("ConditionalCheckFailed", "None", "None"), True, False),
        (("None", "None", "ConditionalCheckFailed"), True, False),
        (("None", "TransactionConflict", "ConditionalCheckFailed"), True, False),
        (("None", "TransactionConflict", "None"), False, True),
        (("ThrottlingError", "TransactionConflict", "ProvisionedThroughputExceeded"), False, True),
        (("None", "ValidationError", "TransactionConflict"), False, False),
        (("ItemCollectionSizeLimitExceeded", "None", "None"), False, False),
    ],
)
def test_a_cancelled_transaction_is_lost_held_or_an_accident(table, reasons, lost, held):
    """A failed condition counts more than a conflict: repeating would only fail again."""
    error = caught(table, refusal("TransactionCanceledException", *reasons))

    assert (is_lost(error), is_held(error)) == (lost, held)
    assert reasons_of(error) == [None if reason == "None" else reason for reason in reasons]


@pytest.mark.parametrize("code", [*sorted(HELD), "ConditionalCheckFailedException", "ValidationException"])
def test_a_call_by_itself_has_a_code_and_no_reasons(code):
    """Lost, held, or neither; never two at once."""
    error = UpdateError("No.", VerboseClientError({"Error": {"Code": code}}, "UpdateItem", {}))

    assert is_lost(error) is (code == "ConditionalCheckFailedException")
    assert is_held(error) is (code in HELD)
    assert reasons_of(error) == []


def test_a_call_that_never_arrived_is_neither_lost_nor_held(table):
    """Nobody knows what became of it; it is raised."""
    error = caught(table, ConnectTimeoutError(endpoint_url="https://dynamodb.example"))

    assert (is_lost(error), is_held(error), reasons_of(error)) == (False, False, [])
