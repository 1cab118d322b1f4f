"""The queue: tickets as hints, in one partition for each lobby, several for the lobby of anyone."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from functions.chat.model.pairing import LOBBY_FOR_ANYONE, lobbies
from functions.chat.model.people import Connection, Ticket, Wish
from functions.chat.storage import models
from functions.chat.storage.table import ATTEMPTS_MAX, Table

SNAPSHOT_MAX = 20  # tickets read at once: as many as one read unit pays for, at about 200 bytes each
NEIGHBOURS_MAX = 16  # tickets read back from one's own: far more than a piece of crowd_order.py ever has
ATTEMPTS_OF_SHARD_MAX = 2  # with the client's own about a second; then a search goes on in the other shards
BEHIND = "~"  # sorts behind every character of a ticket's id
HINT_KEPT_SECONDS = 3 * 3600  # a socket lives 2 h at most; after a lost `$disconnect` a hint goes then


class Queue:
    """The tickets of all waiters, as a joiner reads them."""

    def __init__(self, table: Table, shards: int = 1) -> None:
        self._table = table
        self._shards = shards

    def read(
        self, partition: str, after: str | None = None, *, consistent: bool = True
    ) -> tuple[list[Ticket], str | None]:
        """Return the oldest tickets of a partition behind the ticket `after`, and the one behind which may be more."""
        attempts = ATTEMPTS_MAX if self._shards == 1 else ATTEMPTS_OF_SHARD_MAX
        raw_items, last = self._table.query(partition, SNAPSHOT_MAX, after, consistent=consistent, attempts=attempts)
        return [models.ticket_from(raw) for raw in raw_items], last

    def glance(self, seeker: Connection, mode: str) -> list[Ticket]:
        """Return the oldest tickets of the lobby for anyone, of one shard, perhaps as they were a moment ago."""
        partition = _partition(mode, LOBBY_FOR_ANYONE, self._shard_of(seeker.ticket_id or seeker.id))
        raw_items, _ = self._table.query(partition, SNAPSHOT_MAX, None, consistent=False)
        return [models.ticket_from(raw) for raw in raw_items]

    def read_back(self, partition: str, ticket_id: str) -> list[Ticket]:
        """Return a ticket, if it stands in the partition, and those just before it."""
        raw_items, _ = self._table.query(partition, NEIGHBOURS_MAX, ticket_id + BEHIND, forward=False)
        return [models.ticket_from(raw) for raw in raw_items]

    def put(self, ticket: Ticket, partitions: Iterable[str]) -> None:
        """Show a ticket in queue partitions. No condition: a stale hint costs a lost claim."""
        expiry = self._table.expiry(HINT_KEPT_SECONDS)
        hints = [models.ticket_item(ticket, partition, expiry) for partition in partitions]
        attempts = ATTEMPTS_OF_SHARD_MAX if self.may_stand_elsewhere(ticket) else ATTEMPTS_MAX
        self._table.batch_write(put=hints, attempts=attempts)

    def remove(self, tickets: Iterable[Ticket]) -> None:
        """Remove tickets from everywhere they may stand. No condition: an id is never used for two tickets."""
        keys = [(partition, ticket.id) for ticket in tickets for partition in self.partitions_of(ticket)]
        self._table.batch_write(delete=keys)

    def partitions_of(self, ticket: Ticket) -> list[str]:
        """Return where a ticket stands."""
        return [_partition(ticket.wish.mode, lobby, self._shard_of(ticket.id)) for lobby in lobbies(ticket.wish)]

    def may_stand_elsewhere(self, ticket: Ticket) -> bool:
        """Tell whether another ticket of the same owner may be shown in another partition."""
        return self._shards > 1 and ticket.wish.accepts_anyone

    def partitions_for(self, seeker: Connection, wish: Wish) -> list[str]:
        """Return where a seeker looks, the most wanted first: own interests, then anyone, in every shard."""
        home = self._shard_of(seeker.ticket_id or seeker.id)
        shards = [(home + step) % self._shards for step in range(self._shards)]
        return [
            _partition(wish.mode, lobby, shard)
            for lobby in lobbies(wish)
            for shard in (shards if lobby == LOBBY_FOR_ANYONE else shards[:1])
        ]

    def _shard_of(self, identifier: str) -> int:
        return zlib.crc32(identifier.encode()) % self._shards


def _partition(mode: str, lobby: str, shard: int) -> str:
    # An interest's lobby is one partition: only the lobby for anyone is ever hot enough to need several.
    return f"queue#{mode}#{lobby}#{shard}" if lobby == LOBBY_FOR_ANYONE else f"queue#{mode}#{lobby}"
