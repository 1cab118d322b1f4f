"""What a process remembers of a crowd: looking first would only tell the next one that it is still there.

Who sees a crowd enters the queue before it looks for anybody, and where a queue is long it looks around itself; both
are learnt by a read. A process that has just learnt it spares the next seeker that read.
"""

from __future__ import annotations

# Shorter than anybody notices, longer than a busy process is without a `join`. Who enters a queue that is empty again
# pays two small writes for it, and is paired by the look that everybody takes after entering.
REMEMBERED_SECONDS = 0.25


class Crowd:
    """When somebody here last found several who had arrived just before, and which queues were long."""

    def __init__(self) -> None:
        self._seen_at = float("-inf")
        self._long: dict[str, float] = {}

    def note(self, now: float) -> None:
        """Remember that several arrived just before."""
        self._seen_at = now

    def is_near(self, now: float) -> bool:
        """Tell whether several arrived a moment ago."""
        return now - self._seen_at < REMEMBERED_SECONDS

    def note_long(self, partition: str, now: float) -> None:
        """Remember that a queue has more tickets than one reads at once."""
        self._long = {**{each: self._long[each] for each in self.long_queues(now)}, partition: now}

    def long_queues(self, now: float) -> set[str]:
        """Return the queues that were long a moment ago."""
        return {each for each, seen_at in self._long.items() if now - seen_at < REMEMBERED_SECONDS}
