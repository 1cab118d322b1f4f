"""The table: one function per read and per conditional write.

DynamoDB is the one arbiter. Every write names its condition in a sentence and returns False (or None) when it lost the
race; nothing is written then. UpdateItem creates what is missing, so every update also requires that its item exists:
a slow handler cannot bring a closed connection back.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any, TypeVar

from pynamodb.connection import Connection as DynamoDB
from pynamodb.connection.base import MetaTable
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from functions.chat import models, table
from functions.chat.clock import Clock
from functions.chat.models import ConnectionItem, ReportItem, RoomItem
from functions.chat.pairing import AVOIDED_MAX, LOBBY_FOR_ANYONE, Connection, Room, Ticket, Wish, lobbies

SNAPSHOT_MAX = 50  # tickets read at once: enough to spread a burst over, 4 read units at most
CONNECTION_KEPT_SECONDS = 3 * 3600  # a socket lives 2 h at most; what a lost `$disconnect` left behind goes then
ROOM_KEPT_SECONDS = 24 * 3600  # who, when and why it ended; reports look back 10 minutes, operators a day
REPORT_KEPT_SECONDS = 90 * 24 * 3600
ATTEMPTS_MAX = 5  # of one write that meets a transaction in flight; with the pauses below about 0.3 s
PAUSE_SECONDS = 0.02  # a transaction takes 10 to 20 ms; doubled each time
BATCH_WRITE_MAX = 25  # BatchWriteItem's own limit; a ticket has at most 11 hints

LOST = "ConditionalCheckFailedException"
CONTENDED = frozenset({"TransactionConflictException", "ThrottlingException", "ProvisionedThroughputExceededException"})

Result = TypeVar("Result")


class Busy(Exception):
    """The table refused for as long as we may wait; the sender is asked to try again."""


class Claim(Enum):
    """How a pairing's transaction ended."""

    WON = "won"
    SEEKER_CHANGED = "the seeker was paired, left or closed meanwhile"
    CANDIDATE_CHANGED = "the hint was stale"
    CONTENDED = "another transaction held one of the two, or the table throttled"


class SharedDynamoDB(DynamoDB):
    """pynamodb's connection on a client of ours; its own makes a session for each thread."""

    def __init__(self, client: Any, table_name: str) -> None:
        super().__init__(region=client.meta.region_name)
        self.shared_client = client
        names = (table.PARTITION_KEY, table.SORT_KEY)
        self.add_meta_table(
            MetaTable(
                {
                    "TableName": table_name,
                    "KeySchema": [
                        {"AttributeName": name, "KeyType": kind}
                        for name, kind in zip(names, ("HASH", "RANGE"), strict=True)
                    ],
                    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in names],
                }
            )
        )

    @property
    def client(self) -> Any:
        """The client that this process shares."""
        return self.shared_client


class Store:
    """Connections, tickets, rooms and reports in one table."""

    def __init__(self, client: Any, table_name: str, clock: Clock, queue_shards: int = 1) -> None:
        self._dynamodb = SharedDynamoDB(client, table_name)
        self._table = table_name
        self._clock = clock
        self._queue_shards = queue_shards

    # Connections

    def open_connection(self, connection_id: str, person: str) -> bool:
        """Keep a new connection. Condition: there is none of this id (a repeated `$connect` changes nothing)."""
        is_new = ConnectionItem.pk.does_not_exist()
        item = ConnectionItem(*models.connection_key(connection_id), person=person)
        item.expires_at = self._expiry(CONNECTION_KEPT_SECONDS)
        return self._put(item, is_new)

    def get_connection(self, connection_id: str) -> Connection | None:
        """Return the connection as it is now, or None once it is closed."""
        raw = self._get(models.connection_key(connection_id))
        return models.connection_from(raw) if raw else None

    def close_connection(self, connection_id: str) -> Connection | None:
        """Delete a connection and return what it was; None when somebody else already did.

        No condition: deleting is final and idempotent, and what was deleted comes back in the same request.
        """
        pk, sk = models.connection_key(connection_id)
        answer = self._attempt(lambda: self._dynamodb.delete_item(self._table, pk, sk, return_values="ALL_OLD"))
        raw = (answer or {}).get("Attributes")
        return models.connection_from(raw) if raw else None

    def enter_queue(self, seeker: Connection, ticket_id: str) -> bool:
        """Make an idle connection wait with `ticket_id`. Condition: it is as it was read, idle and not closed."""
        return self._update(
            models.connection_key(seeker.id),
            [ConnectionItem.ticket_id.set(ticket_id), *_wish_actions(seeker)],
            _is_as_seen(replace(seeker, ticket_id=None)),
        )

    def change_wish(self, waiter: Connection) -> bool:
        """Change what a waiting connection wishes. Condition: it still waits with the ticket that was read."""
        return self._update(models.connection_key(waiter.id), _wish_actions(waiter), _is_as_seen(waiter))

    def make_idle(self, seen: Connection) -> bool:
        """Take a connection out of the queue, or away from its closed room. Condition: it is as it was read."""
        actions: list[Action] = [ConnectionItem.ticket_id.remove(), ConnectionItem.room_id.remove()]
        actions.append(_set_or_remove(ConnectionItem.meetings, models.meetings_to(seen.meetings)))
        return self._update(models.connection_key(seen.id), actions, _is_as_seen(seen))

    def avoid(self, connection: Connection, person: str) -> bool:
        """Never pair this connection with `person` again. Condition: it exists.

        A hint that is in the queue already does not know; the pairing's own conditions do.
        """
        kept = sorted(connection.avoided - {person})[-(AVOIDED_MAX - 1) :]
        return self._update(
            models.connection_key(connection.id),
            [ConnectionItem.avoided.set([*kept, person])],
            ConnectionItem.pk.exists(),
        )

    # Rooms

    def get_room(self, room_id: str) -> Room | None:
        """Return the room as it is now; None when there never was one or it has expired."""
        raw = self._get(models.room_key(room_id))
        return models.room_from(raw) if raw else None

    def get_room_and_connection(self, room_id: str, connection_id: str) -> tuple[Room | None, Connection | None]:
        """Return a room and a connection, each as it is now, in one round trip."""
        wanted = (models.room_key(room_id), models.connection_key(connection_id))
        keys: list[Any] = [{table.PARTITION_KEY: pk, table.SORT_KEY: sk} for pk, sk in wanted]
        answer = self._attempt(lambda: self._dynamodb.batch_get_item(self._table, keys, consistent_read=True))
        assert answer is not None, "a read has no condition to lose"
        if answer.get("UnprocessedKeys"):
            raise Busy
        items = {raw[table.SORT_KEY]["S"]: raw for raw in answer["Responses"][self._table] if not self._is_expired(raw)}
        room, connection = items.get("room"), items.get("connection")
        return room and models.room_from(room), connection and models.connection_from(connection)

    def pair(self, room: Room, seeker: Connection, candidate: Ticket) -> Claim:
        """Open `room` for the candidate and the seeker, all or nothing.

        Conditions: the room is new; the seeker is as it was read; the candidate still waits with the ticket seen; and
        neither avoids the other, whatever a hint that was written before a report says.
        """
        is_new = RoomItem.pk.does_not_exist()
        seeker_is_free = _is_as_seen(seeker) & ~ConnectionItem.avoided.contains(candidate.person)
        still_waits = ConnectionItem.pk.exists() & (ConnectionItem.ticket_id == candidate.id)
        still_waits &= ~ConnectionItem.avoided.contains(seeker.person)
        talk = [ConnectionItem.room_id.set(room.id), ConnectionItem.ticket_id.remove()]
        item = models.room_item(room, self._expiry(ROOM_KEPT_SECONDS))
        legs: list[dict[str, Any]] = [
            self._leg(models.connection_key(seeker.id), [*talk, *_wish_actions(seeker)], seeker_is_free),
            self._leg(models.connection_key(candidate.connection_id), talk, still_waits),
        ]
        put = self._dynamodb.get_operation_kwargs(
            self._table, item.pk, item.sk, key="Item", attributes=item.serialize(), condition=is_new
        )
        try:
            self._dynamodb.transact_write_items([], [], [put], legs)
        except TransactWriteError as error:
            return _claim_lost(error)
        return Claim.WON

    def close_room(self, room: Room, closed_by: str, reason: str) -> bool:
        """End a conversation. Condition: it is still open, so exactly one caller ends it."""
        is_open = RoomItem.pk.exists() & RoomItem.closed_at.does_not_exist()
        actions = [
            RoomItem.closed_at.set(self._clock.now()),
            RoomItem.closed_by.set(closed_by),
            RoomItem.reason.set(reason),
        ]
        return self._update(models.room_key(room.id), actions, is_open)

    def keep_report(self, room: Room, reporter_id: str, case: str, reason: str, note: str) -> bool:
        """Keep a report. Condition: this member has not reported this room before."""
        is_new = ReportItem.pk.does_not_exist()
        position = room.position(reporter_id)
        item = ReportItem(f"report#{room.id}", str(position), case=case, reason=reason, note=note or None)
        item.reporter, item.reported = room.member(reporter_id).person, room.peer(reporter_id).person
        item.reported_at = self._clock.now()
        item.expires_at = self._expiry(REPORT_KEPT_SECONDS)
        return self._put(item, is_new)

    # Hints

    def read_hints(self, partition: str, after: str | None = None) -> list[Ticket]:
        """Return up to SNAPSHOT_MAX tickets of a partition, oldest first, behind the ticket `after`."""
        start = None
        if after is not None:
            start = {table.PARTITION_KEY: {"S": partition}, table.SORT_KEY: {"S": after}}
        answer = self._attempt(
            lambda: self._dynamodb.query(
                self._table, partition, consistent_read=True, limit=SNAPSHOT_MAX, exclusive_start_key=start
            )
        )
        assert answer is not None, "a read has no condition to lose"
        return [models.ticket_from(raw) for raw in answer["Items"] if not self._is_expired(raw)]

    def put_hints(self, ticket: Ticket, partitions: Iterable[str]) -> None:
        """Show a ticket in queue partitions. No condition: a hint that is not true costs a lost claim."""
        expiry = self._expiry(CONNECTION_KEPT_SECONDS)
        items = [models.ticket_item(ticket, partition, expiry).serialize() for partition in partitions]
        self._batch_write(put_items=items)

    def delete_hints(self, tickets: Iterable[Ticket]) -> None:
        """Remove tickets from everywhere they may stand. No condition: an id is never used for two tickets."""
        keys = [
            {table.PARTITION_KEY: partition, table.SORT_KEY: ticket.id}
            for ticket in tickets
            for partition in self.partitions_of(ticket)
        ]
        self._batch_write(delete_items=keys)

    def partitions_of(self, ticket: Ticket) -> list[str]:
        """Return where a ticket stands."""
        return [_partition(ticket.wish.mode, lobby, self._shard_of(ticket.id)) for lobby in lobbies(ticket.wish)]

    def partitions_for(self, seeker: Connection, wish: Wish) -> list[str]:
        """Return where somebody looks, the most wanted first: own interests, then anyone, in every shard."""
        home = self._shard_of(seeker.ticket_id or seeker.id)
        shards = [(home + step) % self._queue_shards for step in range(self._queue_shards)]
        return [
            _partition(wish.mode, lobby, shard)
            for lobby in lobbies(wish)
            for shard in (shards if lobby == LOBBY_FOR_ANYONE else shards[:1])
        ]

    # The ways to the table

    def _get(self, key: tuple[str, str]) -> dict[str, Any] | None:
        pk, sk = key
        answer = self._attempt(lambda: self._dynamodb.get_item(self._table, pk, sk, consistent_read=True))
        raw: dict[str, Any] | None = (answer or {}).get("Item")
        return None if raw is None or self._is_expired(raw) else raw

    def _put(self, item: models.Item, condition: Condition) -> bool:
        attributes = item.serialize()
        return (
            self._attempt(
                lambda: self._dynamodb.put_item(
                    self._table, item.pk, item.sk, attributes=attributes, condition=condition
                )
            )
            is not None
        )

    def _update(self, key: tuple[str, str], actions: Sequence[Action], condition: Condition) -> bool:
        pk, sk = key
        return (
            self._attempt(lambda: self._dynamodb.update_item(self._table, pk, sk, actions=actions, condition=condition))
            is not None
        )

    def _leg(self, key: tuple[str, str], actions: Sequence[Action], condition: Condition) -> dict[str, Any]:
        pk, sk = key
        return self._dynamodb.get_operation_kwargs(self._table, pk, sk, actions=actions, condition=condition)

    def _batch_write(self, **items: Any) -> None:
        assert sum(map(len, items.values())) <= BATCH_WRITE_MAX, "a ticket has fewer hints than a batch holds"
        answer = self._attempt(lambda: self._dynamodb.batch_write_item(self._table, **items))
        if (answer or {}).get("UnprocessedItems"):
            raise Busy

    def _attempt(self, call: Callable[[], Result]) -> Result | None:
        """Return the call's answer, or None when its condition failed; pause and repeat while others are in the way."""
        for attempt in range(ATTEMPTS_MAX):
            try:
                return call()
            except PynamoDBException as error:
                if error.cause_response_code == LOST:
                    return None
                if error.cause_response_code not in CONTENDED:
                    raise
            self._clock.sleep(PAUSE_SECONDS * 2**attempt)
        raise Busy

    def _expiry(self, seconds: int) -> int:
        return int(self._clock.now()) + seconds

    def _is_expired(self, raw: dict[str, Any]) -> bool:
        return float(raw[table.TTL_ATTRIBUTE]["N"]) < self._clock.now()

    def _shard_of(self, identifier: str) -> int:
        return zlib.crc32(identifier.encode()) % self._queue_shards


def _partition(mode: str, lobby: str, shard: int) -> str:
    # An interest's lobby is one partition: only the lobby for anyone is ever hot enough to need several.
    return f"queue#{mode}#{lobby}#{shard}" if lobby == LOBBY_FOR_ANYONE else f"queue#{mode}#{lobby}"


def _is_as_seen(seen: Connection) -> Condition:
    exists = ConnectionItem.pk.exists()
    same_ticket = (
        ConnectionItem.ticket_id.does_not_exist()
        if seen.ticket_id is None
        else ConnectionItem.ticket_id == seen.ticket_id
    )
    same_room = (
        ConnectionItem.room_id.does_not_exist() if seen.room_id is None else ConnectionItem.room_id == seen.room_id
    )
    condition: Condition = exists & same_ticket & same_room
    return condition


def _wish_actions(seeker: Connection) -> list[Action]:
    wish = seeker.wish
    assert wish is not None, "who is written as a seeker has a wish"
    return [
        ConnectionItem.mode.set(wish.mode),
        ConnectionItem.widened.set(wish.widened),
        _set_or_remove(ConnectionItem.interests, list(wish.interests)),
        _set_or_remove(ConnectionItem.languages, list(wish.languages)),
        _set_or_remove(ConnectionItem.meetings, models.meetings_to(seeker.meetings)),
    ]


def _set_or_remove(attribute: Any, values: list[str]) -> Action:
    action: Action = attribute.set(values) if values else attribute.remove()
    return action


def _claim_lost(error: TransactWriteError) -> Claim:
    # The legs come back in pynamodb's order: puts, then updates as they were given (its own list is reordered, see
    # github.com/pynamodb/PynamoDB/issues/1284).
    if error.cause_response_code in CONTENDED:
        return Claim.CONTENDED
    if error.cause_response_code != "TransactionCanceledException":
        raise error
    room, seeker, candidate = (reason and reason.code for reason in error.cancellation_reasons)
    assert room != "ConditionalCheckFailed", "a room id is random and was never used"
    if seeker == "ConditionalCheckFailed":
        return Claim.SEEKER_CHANGED
    if candidate == "ConditionalCheckFailed":
        return Claim.CANDIDATE_CHANGED
    return Claim.CONTENDED
