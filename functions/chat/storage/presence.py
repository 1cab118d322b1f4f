"""The people here now, at two small writes a visit: an item for each open socket, counted once a minute.

`$connect` writes the item and `$disconnect` deletes it; a line costs nothing. A lost `$disconnect` leaves an item
behind, so a number that went up and down would drift for ever. So the number is measured anew each minute: items are
counted, and the platform is asked about some of them, chosen by chance, or all where there are few (census.py). The
share of sockets in use corrects the number at once, and closed ones are removed. An item that nobody asked about
expires when no socket so old can live.

Items are spread over partitions, each good for about 1,000 writes a second, by a hash of the connection; the same hash
orders them, so that a few in a row are as good as drawn by lot. The measurement has itself called again by the delay
queue as long as anybody is here, so an empty site costs nothing, and a `join` wakes it when it has stopped.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import NamedTuple

from pynamodb.attributes import JSONAttribute, NumberAttribute

from functions.chat.model.busy_hours import Hours
from functions.chat.storage.table import Item, Table
from functions.platform import CONNECTION_SECONDS_MAX

PARTITIONS = 8  # a Region opens 500 sockets a second; one partition would take that, two events a socket are more
KEPT_SECONDS = CONNECTION_SECONDS_MAX + 60  # no socket lives longer
COUNT_SECONDS = 60  # between two measurements
SLACK_SECONDS = 5  # the delay queue's clock and ours differ by less
OVERDUE_SECONDS = 30  # a measurement so late is not coming any more: its handler died
LOOK_SECONDS = 20.0  # a process looks so often whether measurements go on
HASH_DIGITS = 8
SAMPLE_MAX = 104  # sockets that are asked about in one measurement; 100 calls of 10 ms, ten at a time
CENSUS_KEY = ("census", "census")
CENSUS_KEPT_SECONDS = 14 * 24 * 3600  # the busy hours of two weeks ago are worth nothing


class PresenceItem(Item):
    """A socket that is open, as far as `$connect` and `$disconnect` say."""


class CensusItem(Item):
    """The measurement of this minute; `shown` and `busy` are what visitors were told last, and `shown_at` when."""

    due_at = NumberAttribute()
    shown = NumberAttribute(null=True)
    busy = JSONAttribute(null=True)
    shown_at = NumberAttribute(null=True)
    hours = JSONAttribute(null=True)


class Census(NamedTuple):
    """The result of a measurement, for the next one."""

    shown: int = 0
    busy: tuple[int, ...] = ()
    shown_at: float = 0.0
    hours: Hours | None = None


class Online:
    """The open sockets, as far as the table knows, and when they are counted next."""

    def __init__(self, table: Table, count_later: Callable[[int], None], chance: random.Random) -> None:
        self._table = table
        self._count_later = count_later
        self._chance = chance
        self._looked_at = float("-inf")

    def arrive(self, connection_id: str) -> None:
        """Note a socket that opens. Condition: it is not noted yet."""
        pk, sk = presence_key(connection_id)
        item = PresenceItem(pk, sk, expires_at=self._table.expiry(KEPT_SECONDS))
        self._table.put(item, PresenceItem.pk.does_not_exist())

    def leave(self, connection_id: str) -> None:
        """Forget a socket. Condition: it is noted."""
        self._table.delete(presence_key(connection_id), PresenceItem.pk.exists())

    def wake(self) -> None:
        """Start the measurement again if it has stopped; a process looks at most every 20 s."""
        now = self._table.now()
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        raw = self._table.get(CENSUS_KEY)
        if raw is None or float(raw["due_at"]["N"]) + OVERDUE_SECONDS < now:
            self._count_later(0)

    def begin(self) -> Census | None:
        """Claim this minute's measurement, and return what the last one said.

        Condition: none is claimed for this minute, so of several handlers that were called only one counts and goes on.
        """
        now = self._table.now()
        is_due = CensusItem.pk.does_not_exist() | (CensusItem.due_at <= now)
        actions = [
            CensusItem.due_at.set(now + COUNT_SECONDS - SLACK_SECONDS),
            CensusItem.expires_at.set(self._table.expiry(CENSUS_KEPT_SECONDS)),
        ]
        raw = self._table.update(CENSUS_KEY, actions, is_due)
        return None if raw is None else _census_from(CensusItem.from_raw_data(raw))

    def go_on(self) -> None:
        """Have the next measurement made in a minute."""
        self._count_later(COUNT_SECONDS)

    def remember(self, census: Census) -> None:
        """Note what was counted, and what visitors are told from now on. Condition: a measurement was begun."""
        actions = [
            CensusItem.shown.set(census.shown),
            CensusItem.busy.set(list(census.busy)),
            CensusItem.shown_at.set(census.shown_at),
            CensusItem.hours.set(list(census.hours or ())),
        ]
        self._table.update(CENSUS_KEY, actions, CensusItem.pk.exists())

    def noted(self) -> int:
        """Return how many sockets are noted."""
        return sum(self._table.count(f"online#{number}") for number in range(PARTITIONS))

    def sample(self) -> list[str]:
        """Return some connection ids, each as likely as any other; all of them when there are few."""
        return [found for number in range(PARTITIONS) for found in self._draw(f"online#{number}")]

    def _draw(self, partition: str) -> Iterator[str]:
        start = f"{self._chance.getrandbits(4 * HASH_DIGITS):0{HASH_DIGITS}x}"
        wanted = SAMPLE_MAX // PARTITIONS
        behind, _ = self._table.query(partition, wanted, start)
        missing = wanted - len(behind)
        before, _ = self._table.query(partition, missing, None) if missing else ([], None)
        ids = [raw["sk"]["S"].partition("#")[2] for raw in (*behind, *before)]
        yield from dict.fromkeys(ids)


def presence_key(connection_id: str) -> tuple[str, str]:
    """Return where a connection is noted."""
    digest = sha256(connection_id.encode()).hexdigest()
    return f"online#{int(digest[-4:], 16) % PARTITIONS}", f"{digest[:HASH_DIGITS]}#{connection_id}"


def _census_from(item: CensusItem) -> Census:
    usual, *rest = item.hours or [()]
    hours = Hours(tuple(usual), *rest) if rest else None
    return Census(int(item.shown or 0), tuple(item.busy or ()), float(item.shown_at or 0.0), hours)
