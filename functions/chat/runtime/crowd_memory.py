"""Per-process memory of a busy queue, of long ones (0.25 s) and of refusing ones; it spares the next search a read.

In a crowd a seeker enters the queue before it looks for a candidate; in a long queue it reads the tickets around its
own. Both facts come from a read of the queue, and hold for the next search of this process as well.
"""

from __future__ import annotations

# Shorter than a person notices, longer than a busy process is without a `join`. A seeker that enters a queue which is
# empty again pays two small writes for it, and is paired by the look that follows each entry.
REMEMBERED_SECONDS = 0.25
# A partition that refused for all the attempts of one read refuses for longer than a moment; asking it takes seconds.
REFUSING_SECONDS = 2.0


class Crowd:
    """When a search of this process last found two or more tickets of the last 0.1 s, and which queues were long."""

    def __init__(self) -> None:
        self._seen_at = float("-inf")
        self._long: dict[str, float] = {}
        self._refusing: dict[str, float] = {}

    def note(self, now: float) -> None:
        """Remember that a search found a crowd."""
        self._seen_at = now

    def is_near(self, now: float) -> bool:
        """Tell whether a search found a crowd within the last 0.25 s."""
        return now - self._seen_at < REMEMBERED_SECONDS

    def note_long(self, partition: str, now: float) -> None:
        """Remember that a queue has more tickets than one reads at once."""
        self._long = {**{each: self._long[each] for each in self.long_queues(now)}, partition: now}

    def long_queues(self, now: float) -> set[str]:
        """Return the queues that were long within the last 0.25 s."""
        return {each for each, seen_at in self._long.items() if now - seen_at < REMEMBERED_SECONDS}

    def note_refusing(self, partition: str, now: float) -> None:
        self._refusing = {
            **{each: self._refusing[each] for each in self._refusing if self.is_refusing(each, now)},
            partition: now,
        }

    def is_refusing(self, partition: str, now: float) -> bool:
        """Tell whether a partition refused to be read within the last 2 s."""
        return now - self._refusing.get(partition, float("-inf")) < REFUSING_SECONDS
