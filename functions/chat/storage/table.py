"""The way to the one table: pynamodb's operations on a client of ours, with conditions as results.

A write whose condition fails returns False (or None) and has changed nothing. A write that meets a transaction in
flight or a throttled partition is repeated a few times; then it is `Busy`, and the sender is asked to try again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

from pynamodb.attributes import AttributeContainer, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection as DynamoDB
from pynamodb.connection.base import MetaTable
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from functions.chat import storage as schema

NEVER = 253_402_300_799  # an item has to expire some day, as all do: in the year 9999
ATTEMPTS_MAX = 5  # of one call that meets a transaction in flight; with the pauses below about 0.6 s
PAUSE_SECONDS = 0.02  # a transaction takes 10 to 20 ms; doubled each time
COUNT_PAGES_MAX = 100  # of 1 MB, so of ten thousand small items
BATCH_WRITE_MAX = 25  # BatchWriteItem's own limit; two tickets have at most 22 hints

# Why DynamoDB refuses a call: a condition failed, or other calls were in the way.
LOST = "ConditionalCheckFailedException"
CANCELLED = "TransactionCanceledException"
# Other calls were in the way: the errors of a call, and below the reasons why a transaction was cancelled (Amazon
# DynamoDB, "Error handling with DynamoDB" and the API reference of TransactWriteItems).
HELD = frozenset(
    {
        "TransactionConflictException",
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
    }
)
LOST_REASON = "ConditionalCheckFailed"
HELD_REASONS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})

Result = TypeVar("Result")
Key = tuple[str, str]
RawItem = dict[str, Any]
EVERY_ITEM = frozenset({schema.PARTITION_KEY, schema.SORT_KEY, schema.TTL_ATTRIBUTE})


class Clock(Protocol):
    """The time, and a way to let it pass."""

    def now(self) -> float:
        """Return the seconds since 1970 in UTC."""

    def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""


class Busy(Exception):
    """The table refused for as long as we may wait; the sender is asked to try again."""


class Item(Model):
    """The attributes of every item."""

    pk = UnicodeAttribute(hash_key=True, attr_name=schema.PARTITION_KEY)
    sk = UnicodeAttribute(range_key=True, attr_name=schema.SORT_KEY)
    expires_at = NumberAttribute(attr_name=schema.TTL_ATTRIBUTE)


class SharedDynamoDB(DynamoDB):
    """pynamodb's connection on a client of ours; its own makes a session for each thread."""

    def __init__(self, client: Any, table_name: str) -> None:
        super().__init__(region=client.meta.region_name)
        self.shared_client = client
        kinds = {schema.PARTITION_KEY: "HASH", schema.SORT_KEY: "RANGE"}
        description = {
            "TableName": table_name,
            "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in kinds.items()],
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in kinds],
        }
        self.add_meta_table(MetaTable(description))

    @property
    def client(self) -> Any:
        """The client that this process shares."""
        return self.shared_client


class Table:
    """Reads that are consistent unless asked otherwise and never return what has expired; writes with conditions."""

    def __init__(self, client: Any, table_name: str, clock: Clock) -> None:
        self._dynamodb = SharedDynamoDB(client, table_name)
        self._name = table_name
        self._clock = clock

    def get(self, key: Key) -> RawItem | None:
        """Return one item as it is now."""
        answer = self._attempt(lambda: self._dynamodb.get_item(self._name, *key, consistent_read=True))
        raw: RawItem | None = (answer or {}).get("Item")
        return None if raw is None or self._is_expired(raw) else raw

    def get_many(self, keys: Sequence[Key], *, consistent: bool = True) -> list[RawItem]:
        """Return items as they are now, or were a moment ago, in one round trip and in no order."""
        wanted: list[Any] = [{schema.PARTITION_KEY: pk, schema.SORT_KEY: sk} for pk, sk in keys]
        answer = self._attempt(lambda: self._dynamodb.batch_get_item(self._name, wanted, consistent_read=consistent))
        if answer is None or answer.get("UnprocessedKeys"):
            raise Busy
        return [raw for raw in answer["Responses"][self._name] if not self._is_expired(raw)]

    def query(  # noqa: PLR0913 - the parts of one request
        self,
        partition: str,
        limit: int,
        after: str | None,
        *,
        forward: bool = True,
        consistent: bool = True,
        attempts: int = ATTEMPTS_MAX,
    ) -> tuple[list[RawItem], str | None]:
        """Return up to `limit` items of a partition behind the sort key `after`, and the key behind which may be more.

        Behind means towards the newest, or with `forward` false towards the oldest.

        A page may be empty and not the last: expired items count for its limit. A read that is not consistent may be a
        moment old, at half the price.
        """
        start = after and {schema.PARTITION_KEY: {"S": partition}, schema.SORT_KEY: {"S": after}}
        answer = self._attempt(
            lambda: self._dynamodb.query(
                self._name,
                partition,
                consistent_read=consistent,
                limit=limit,
                exclusive_start_key=start,
                scan_index_forward=forward,
            ),
            attempts,
        )
        assert answer is not None, "a read has no condition to lose"
        last = answer.get("LastEvaluatedKey")
        return [raw for raw in answer["Items"] if not self._is_expired(raw)], last and last[schema.SORT_KEY]["S"]

    def count(self, partition: str) -> int:
        """Return how many items of a partition have not expired, roughly: from one page to the next they may change."""
        total, start = 0, None
        for _ in range(COUNT_PAGES_MAX):
            not_expired = Item.expires_at >= self._clock.now()
            page = partial(self._dynamodb.query, self._name, partition, filter_condition=not_expired, select="COUNT")
            answer = self._attempt(partial(page, exclusive_start_key=start))
            assert answer is not None, "a read has no condition to lose"
            total, start = total + int(answer["Count"]), answer.get("LastEvaluatedKey")
            if start is None:
                break
        return total

    def put(self, item: Item, condition: Condition) -> bool:
        attributes = item.serialize()
        answer = self._attempt(
            lambda: self._dynamodb.put_item(self._name, item.pk, item.sk, attributes=attributes, condition=condition)
        )
        return answer is not None

    def update(self, key: Key, actions: Sequence[Action], condition: Condition) -> RawItem | None:
        answer = self._attempt(
            lambda: self._dynamodb.update_item(
                self._name, *key, actions=actions, condition=condition, return_values="ALL_NEW"
            )
        )
        return None if answer is None else answer["Attributes"]

    def delete(self, key: Key, condition: Condition) -> RawItem | None:
        """Delete an item and return what it was."""
        answer = self._attempt(
            lambda: self._dynamodb.delete_item(self._name, *key, condition=condition, return_values="ALL_OLD")
        )
        return (answer or {}).get("Attributes")

    def batch_write(
        self, put: Sequence[Item] = (), delete: Sequence[Key] = (), *, attempts: int = ATTEMPTS_MAX
    ) -> None:
        """Write and delete items without a condition, in one round trip."""
        assert len(put) + len(delete) <= BATCH_WRITE_MAX, "two tickets have fewer hints than a batch holds"
        puts = [item.serialize() for item in put] or None
        deletes = [{schema.PARTITION_KEY: pk, schema.SORT_KEY: sk} for pk, sk in delete] or None
        answer = self._attempt(lambda: self._dynamodb.batch_write_item(self._name, puts, deletes), attempts)
        if answer is None or answer.get("UnprocessedItems"):
            raise Busy

    def put_leg(self, item: Item, condition: Condition) -> RawItem:
        """Return the part of a transaction that writes a whole item."""
        return self._dynamodb.get_operation_kwargs(
            self._name, item.pk, item.sk, key="Item", attributes=item.serialize(), condition=condition
        )

    def update_leg(self, key: Key, actions: Sequence[Action], condition: Condition) -> RawItem:
        """Return the part of a transaction that changes an item."""
        return self._dynamodb.get_operation_kwargs(self._name, *key, actions=actions, condition=condition)

    def transact(self, put: Sequence[RawItem], update: Sequence[RawItem]) -> None:
        """Write all legs or none, once; raises pynamodb's TransactWriteError, whose reasons `reasons_of` returns."""
        self._dynamodb.transact_write_items([], [], list(put), list(update))

    def transact_or_lose(self, update: Sequence[RawItem]) -> bool:
        """Write all legs, or none when a condition failed."""
        answer = self._attempt(lambda: self._dynamodb.transact_write_items([], [], [], list(update)))
        return answer is not None

    def expiry(self, seconds: int) -> int:
        """Return the time at which an item written now expires."""
        return int(self._clock.now()) + seconds

    def now(self) -> float:
        """Return the time, in epoch seconds."""
        return self._clock.now()

    def _attempt(self, call: Callable[[], Result], attempts: int = ATTEMPTS_MAX) -> Result | None:
        """Return the call's answer, or None when its condition failed; pause and repeat while other calls are held."""
        for attempt in range(attempts):
            try:
                return call()
            except PynamoDBException as error:
                if is_lost(error):
                    return None
                if not is_held(error):
                    raise
            self._clock.sleep(PAUSE_SECONDS * 2**attempt)
        raise Busy

    def _is_expired(self, raw: RawItem) -> bool:
        return float(raw[schema.TTL_ATTRIBUTE]["N"]) < self._clock.now()


def values_in(model: type[AttributeContainer], raw: RawItem) -> dict[str, Any]:
    """Return the values of a raw item by name, without its key, its expiry, and attributes that its model lacks.

    It makes no item of the model, which takes seven times as long: a search reads twenty tickets.
    """
    known = model.get_attributes()
    return {
        name: known[name].deserialize(stored[known[name].attr_type])
        for name, stored in raw.items()
        if name in known and name not in EVERY_ITEM
    }


def is_empty(value: object) -> bool:
    """Tell whether a value says nothing that has to be stored: nothing, no, or an empty text or list. 0 is a number."""
    return value is None or value is False or (isinstance(value, Collection) and not value)


def is_lost(error: PynamoDBException) -> bool:
    """Tell whether a condition failed: the write lost a race, and repeating it is of no use."""
    return _code_of(error) == LOST or LOST_REASON in reasons_of(error)


def is_held(error: PynamoDBException) -> bool:
    """Tell whether only other calls in the way kept a call from being done."""
    if _code_of(error) == CANCELLED:
        return set(reasons_of(error)) <= {None, *HELD_REASONS}
    return _code_of(error) in HELD


def reasons_of(error: PynamoDBException) -> list[str | None]:
    """Return why each leg of a transaction was refused; empty for any other error.

    They come in the order deletes, puts, updates: pynamodb sorts the legs (github.com/pynamodb/PynamoDB/issues/1284).
    """
    if not isinstance(error, TransactWriteError):
        return []
    return [reason.code if reason else None for reason in error.cancellation_reasons]


def _code_of(error: PynamoDBException) -> str | None:
    # pynamodb's own `cause_response_code` fails on errors of the connection, which have a `response` of None.
    response = getattr(error.cause, "response", None) or {}
    code: str | None = response.get("Error", {}).get("Code")
    return code
