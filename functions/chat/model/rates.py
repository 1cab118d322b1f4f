"""How much anybody may do, once: every rate with its reason. Pure.

A rate is a leaky bucket: `burst` at once, and `per_second` on and on. People are far below all of them; what is above
is told `rate_limited` and not done. Where a rate of frames is crossed that no client of ours could send, the
connection is cut off (floods.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Rate(NamedTuple):
    """So much at once, and so much a second for ever."""

    burst: float
    per_second: float

    def level(self, count: float, seconds: float) -> float:
        """Return how full the bucket is after `count` in `seconds`; above `burst` it overflows."""
        return count - self.per_second * seconds

    def seconds_over(self, level: float) -> float:
        """Return how long a bucket that is so full overflows; 0 when it does not."""
        return max(0.0, (level - self.burst) / self.per_second)


# All frames of one connection. A page that comes back to a long conversation sends some hundred frames at once; 500
# frames a second are cut off after 2.5 s.
FLOOD = Rate(burst=1100, per_second=50)

# By route. Bursts are what a client does that repeats or catches up after a bad network; rates are what hands can do.
FRAMES: Mapping[str, Rate] = {
    "message": Rate(burst=1050, per_second=25),  # a client may send a thousand lines that it kept while it was away
    "ack": Rate(burst=500, per_second=10),  # one for each burst of the peer's lines
    "typing": Rate(burst=60, per_second=2),  # the page says it twice in twenty seconds
    "signal": Rate(burst=200, per_second=10),  # a call is 2 to 30 signals; with each candidate by itself, 100
    "join": Rate(burst=60, per_second=1),  # repeated every 4 s while waiting
    "skip": Rate(burst=300, per_second=1),  # each costs a dozen writes; one that comes too late counts as well
    "leave": Rate(burst=60, per_second=1),
    "report": Rate(burst=100, per_second=0.1),  # what many of them do is bounded below
    "resume": Rate(burst=100, per_second=0.5),
    "appeal": Rate(burst=100, per_second=0.1),  # only the first one of a case is kept
    "$default": Rate(burst=400, per_second=5),  # what is no frame at all; each is answered
}

# Sockets that one device, or the newcomers of one address, open: an address may be a campus, or the network of a phone
# company on which a thousand people come back at the same moment after a failure.
CONNECTS_OF_DEVICE = Rate(burst=30, per_second=0.2)
CONNECTS_OF_ADDRESS = Rate(burst=300, per_second=5)

# Reports that count of one device; beyond it they still keep the two apart, and weigh nothing.
REPORTS_OF_DEVICE = Rate(burst=10, per_second=1 / 600)

# Entries into the queue from one address that a process lets pass before it has places counted, which costs a write
# for each (settings.py has how many places there are).
ENTRIES_UNWATCHED = Rate(burst=10, per_second=0.2)

# How much one process counts before it tells the others, which costs a write (leaky_bucket.py). No person does so much.
FRAMES_PER_WRITE = 50
CONNECTS_PER_WRITE = 10
