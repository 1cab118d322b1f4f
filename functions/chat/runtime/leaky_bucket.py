"""Leaky buckets: exact within one process; each process adds to a bucket that all share once per batch.

Lambda runs one client's frames in many processes that share nothing but the table. Each process counts for itself, and
adds to one shared number when it has counted a whole batch. A client that does little never causes a write; a client
that floods causes one for each batch. The shared number lacks less than one batch for each process. Both buckets are
kept as a beginning and a count, so that no timer has to drain them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from enum import Enum

from functions.chat.model.rates import Rate

KEYS_MAX = 10_000  # counted at a time in one process, about 2 MB; the one that was quiet for longest is forgotten
BATCH_SECONDS = 10.0  # a smaller count by then is no flood, and is not told to the other processes


class Pace(Enum):
    """The verdict on one more of a kind."""

    FINE = "within the rate"
    TELLING = "over the rate, and its sender has not heard so for a second"
    SILENT = "over the rate, and its sender knows"


class _Count:
    __slots__ = ("batch", "batch_began", "began", "count", "held_until", "told_at")

    def __init__(self) -> None:
        self.began = self.count = 0.0
        self.told_at = float("-inf")
        self.held_until = self.batch_began = 0.0
        self.batch = 0


class Meter:
    """Counts of one process, by key. Safe for threads: the local gateway runs all handlers in one process."""

    def __init__(self, keys_max: int = KEYS_MAX) -> None:
        self._keys_max = keys_max
        self._counts: OrderedDict[str, _Count] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str, rate: Rate, now: float, amount: float = 1) -> Pace:
        """Count so many more, unless that is over the rate: a refused amount fills no bucket."""
        with self._lock:
            count = self._find(key)
            level = rate.level(count.count, now - count.began)
            if level <= 0:
                count.began, count.count, level = now, 0.0, 0.0
            if level + amount <= rate.burst and now >= count.held_until:
                count.count += amount
                return Pace.FINE
            if now - count.told_at < 1:
                return Pace.SILENT
            count.told_at = now
            return Pace.TELLING

    def batch(self, key: str, size: int, now: float, seconds: float = BATCH_SECONDS) -> bool:
        """Count one more of a batch; True when the other processes are to be told of `size` within `seconds`."""
        with self._lock:
            count = self._find(key)
            if now - count.batch_began > seconds:
                count.batch_began, count.batch = now, 0
            count.batch += 1
            if count.batch < size:
                return False
            count.batch = 0
            return True

    def hold(self, key: str, until: float) -> None:
        """Refuse everything of a key for a while: all processes together let too much pass."""
        with self._lock:
            self._find(key).held_until = until

    def is_held(self, key: str, now: float) -> bool:
        with self._lock:
            return now < self._find(key).held_until

    def _find(self, key: str) -> _Count:
        count = self._counts.setdefault(key, _Count())
        self._counts.move_to_end(key)
        if len(self._counts) > self._keys_max:
            self._counts.popitem(last=False)
        return count
