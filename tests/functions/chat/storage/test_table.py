"""The way to the table: reads are consistent and skip expired items; a call waits a little for others in its way."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from pynamodb.exceptions import PynamoDBException, TransactWriteError

from functions.chat.storage.models import ConnectionItem, connection_key
from functions.chat.storage.table import Busy, Table, reasons_of
from tests.functions.tables import FaultyClient, refusal
from tests.functions.world import START, StillClock

ATTEMPTS_MAX = 5
BATCH_WRITE_MAX = 25
PAUSE_SECONDS = 0.02

KEY = connection_key("Ada=")
IS_NEW = ConnectionItem.pk.does_not_exist()
IS_THERE = ConnectionItem.pk.exists()
HELD = ["TransactionConflictException", "ThrottlingException", "ProvisionedThroughputExceededException"]
HELD.append("RequestLimitExceeded")


class Desk:
    """A table, with a client that can be told to fail and a clock that notes every pause."""

    def __init__(self, table: Any) -> None:
        self.moto, self.clock = table, StillClock()
        self.client = FaultyClient(table.client)
        self.table = Table(self.client, table.name, self.clock)

    def put(self, connection_id: str = "Ada=", expires_at: float = START + 60) -> bool:
        item = ConnectionItem(*connection_key(connection_id), person="ada", expires_at=expires_at)
        return self.table.put(item, IS_NEW)

    def update(self, condition: Any = IS_THERE) -> Any:
        return self.table.update(KEY, [ConnectionItem.person.set("eve")], condition)

    def calls(self) -> dict[str, Any]:
        """Return every way to the table, by the name of its operation, on an item that is there."""
        leg = self.table.update_leg(KEY, [ConnectionItem.person.set("eve")], IS_THERE)
        return {
            "GetItem": lambda: self.table.get(KEY),
            "BatchGetItem": lambda: self.table.get_many([KEY]),
            "Query": lambda: self.table.query(KEY[0], 5, None),
            "PutItem": lambda: self.put("Bo="),
            "UpdateItem": self.update,
            "DeleteItem": lambda: self.table.delete(KEY, IS_THERE),
            "BatchWriteItem": lambda: self.table.batch_write(delete=[KEY]),
            "TransactWriteItems": lambda: self.table.transact_or_lose([leg]),
        }


OPERATIONS = ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"]
OPERATIONS.append("TransactWriteItems")


@pytest.fixture
def desk(table) -> Desk:
    desk = Desk(table)
    assert desk.put()
    desk.client.requests.clear()
    return desk


def test_every_read_is_consistent(desk):
    """A read that may be old would relay into a closed room, or miss somebody who waits."""
    for operation in ("GetItem", "BatchGetItem", "Query"):
        desk.calls()[operation]()
        (request,) = desk.client.asked(operation)
        (consistent,) = [request] if "ConsistentRead" in request else request["RequestItems"].values()
        assert consistent["ConsistentRead"] is True


@pytest.mark.parametrize(("seconds", "is_there"), [(60, True), (0, True), (-1, False), (-86_400, False)])
def test_an_expired_item_is_not_there_whether_or_not_it_was_deleted(table, seconds, is_there):
    """DynamoDB may be days late with deleting."""
    desk = Desk(table)
    desk.put(expires_at=START + seconds)

    assert bool(desk.table.get(KEY)) is is_there
    assert bool(desk.table.get_many([KEY])) is is_there
    assert bool(desk.table.query(KEY[0], 5, None)[0]) is is_there
    assert table.items()


def test_an_expiry_is_in_whole_epoch_seconds(desk):
    """DynamoDB ignores a time to live that is anything else."""
    desk.clock.seconds = START + 0.9

    assert desk.table.expiry(60) == START + 60
    assert isinstance(desk.table.expiry(60), int)


def test_pages_follow_each_other_without_a_gap(desk):
    """The next page begins behind the last item read; the last one says that there is no more."""
    partition, items = "queue#text#*#0", [ConnectionItem("queue#text#*#0", f"{each}", person="x") for each in range(5)]
    for item in items:
        item.expires_at = START
    desk.table.batch_write(put=items)

    first, after = desk.table.query(partition, 2, None)
    second, further = desk.table.query(partition, 2, after)
    third, end = desk.table.query(partition, 2, further)

    assert [[item["sk"]["S"] for item in page] for page in (first, second, third)] == [["0", "1"], ["2", "3"], ["4"]]
    assert (after, further, end) == ("1", "3", None)


def test_a_page_of_what_expired_is_empty_and_says_where_to_go_on(desk):
    """Otherwise what was forgotten in a queue would hide everybody behind it."""
    for number, expires_at in enumerate([START - 1, START - 1, START + 60]):
        desk.table.batch_write(put=[ConnectionItem("queue", f"{number}", person="x", expires_at=expires_at)])

    assert desk.table.query("queue", 2, None) == ([], "1")
    assert [item["sk"]["S"] for item in desk.table.query("queue", 2, "1")[0]] == ["2"]


def test_a_lost_condition_is_a_result_and_writes_nothing(desk):
    """It is not repeated either: the race is over."""
    before = desk.moto.items()
    lost = desk.table.update_leg(KEY, [ConnectionItem.person.set("eve")], IS_NEW)

    assert desk.put() is False
    assert desk.update(IS_NEW) is None
    assert desk.table.delete(KEY, IS_NEW) is None
    assert desk.table.transact_or_lose([lost]) is False
    assert desk.moto.items() == before
    assert [len(desk.client.asked(each)) for each in ("UpdateItem", "DeleteItem", "TransactWriteItems")] == [1, 1, 1]
    assert desk.clock.naps == []


def test_a_won_condition_writes_and_returns_the_item(desk):
    """An update as it is then, a deletion as it was."""
    assert desk.update()["person"] == {"S": "eve"}
    assert desk.table.delete(KEY, IS_THERE)["person"] == {"S": "eve"}
    assert desk.moto.items() == {}


@pytest.mark.parametrize("code", HELD)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_call_that_others_hold_up_is_repeated_after_growing_pauses(desk, operation, code):
    """A transaction in flight takes some 20 ms, and then the call goes through as if nothing had been."""
    desk.client.fail(operation, refusal(code), refusal(code))
    before = desk.moto.items()

    desk.calls()[operation]()

    assert len(desk.client.asked(operation)) == 3
    assert desk.clock.naps == [PAUSE_SECONDS, 2 * PAUSE_SECONDS]
    assert (desk.moto.items() == before) is (operation in ("GetItem", "BatchGetItem", "Query"))


# Why DynamoDB cancelled a transaction, leg by leg, and what becomes of it.
CANCELLED = [
    (("ConditionalCheckFailed", "None", "None"), "lost"),
    (("None", "None", "ConditionalCheckFailed"), "lost"),
    (("None", "TransactionConflict", "ConditionalCheckFailed"), "lost"),
    (("None", "TransactionConflict", "None"), "repeated"),
    (("ThrottlingError", "TransactionConflict", "ProvisionedThroughputExceeded"), "repeated"),
    (("None", "ValidationError", "TransactionConflict"), "an accident"),
    (("ItemCollectionSizeLimitExceeded", "None", "None"), "an accident"),
]


@pytest.mark.parametrize(("reasons", "becomes"), CANCELLED)
def test_a_cancelled_transaction_is_lost_repeated_or_an_accident(desk, reasons, becomes):
    """A conflict says nothing about the conditions: giving up would cost somebody their conversation.

    A failed condition counts more than a conflict: repeating would only fail again, as what nobody understands would.
    """
    desk.client.fail("TransactWriteItems", refusal("TransactionCanceledException", *reasons))
    transact = desk.calls()["TransactWriteItems"]

    if becomes == "an accident":
        with pytest.raises(TransactWriteError) as error:
            transact()
        assert reasons_of(error.value) == [None if reason == "None" else reason for reason in reasons]
    else:
        assert transact() is (becomes == "repeated")
    assert (desk.moto.items()[KEY]["person"] == {"S": "eve"}) is (becomes == "repeated")
    assert len(desk.clock.naps) == (becomes == "repeated")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_call_that_is_held_up_for_too_long_is_busy(desk, operation):
    """The sender is asked to try again, long before the platform's own time is over."""
    desk.client.fail(operation, *[refusal("ThrottlingException")] * ATTEMPTS_MAX)
    before = desk.moto.items()

    with pytest.raises(Busy):
        desk.calls()[operation]()

    assert len(desk.client.asked(operation)) == ATTEMPTS_MAX
    assert sum(desk.clock.naps) < 1
    assert desk.moto.items() == before


@pytest.mark.parametrize(
    "error",
    [
        refusal("ValidationException"),
        refusal("ResourceNotFoundException"),
        refusal("AccessDeniedException"),
        ReadTimeoutError(endpoint_url="https://dynamodb.example"),
    ],
    ids=lambda error: str(error)[:60],
)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_any_other_error_is_an_accident_and_is_raised_at_once(desk, operation, error):
    """Nothing that we do not understand is repeated or swallowed."""
    desk.client.fail(operation, error)

    with pytest.raises(PynamoDBException):
        desk.calls()[operation]()

    assert len(desk.client.asked(operation)) == 1
    assert desk.clock.naps == []


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("BatchGetItem", {"Responses": {}, "UnprocessedKeys": {"table": {"Keys": [{}]}}}),
        ("BatchWriteItem", {"UnprocessedItems": {"table": [{}]}}),
    ],
)
def test_a_batch_that_was_done_in_part_is_busy(desk, operation, answer):
    """A key that was not read is not a key that is not there."""
    desk.client.fail(operation, answer)

    with pytest.raises(Busy):
        desk.calls()[operation]()


def test_a_batch_is_never_larger_than_the_platform_takes(desk):
    """More would be a mistake of ours, and says so."""
    with pytest.raises(AssertionError, match="fewer hints"):
        desk.table.batch_write(delete=[(f"{each}", "x") for each in range(BATCH_WRITE_MAX + 1)])


def test_pynamodb_works_on_the_client_that_it_was_given(desk):
    """Its own would be another session for each thread, 200 ms each when cold."""
    for call in desk.calls().values():
        call()

    assert sorted({name for name, _ in desk.client.requests}) == sorted(OPERATIONS)
