"""Virtual time: what happens when, in the order of time, one thing after another."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from tests.town.ledger import Ledger
from tests.town.networks import Networks
from tests.town.site import EPOCH, Clock, Site
from tests.town.table import MemoryTable

Act = Callable[[], object]
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
TRAVEL_SECONDS = 0.05  # of an event to its client


class Town:
    """A site, the people around it, and the time."""

    def __init__(self, seed: str, make_table: Callable[[Clock], Any] = MemoryTable) -> None:
        self.chance = random.Random(seed)
        self.site = Site(seed, self.later, make_table)
        self.networks = Networks()
        self.ledger = Ledger(self.now)
        self._agenda: list[tuple[float, int, Act]] = []
        self.numbers = count(1)  # of people
        self._turns = count()

    def now(self) -> float:
        """Return the time, in seconds since the town began."""
        return self.site.clock.time - EPOCH

    def later(self, seconds: float, act: Act) -> None:
        """Have something done in a while."""
        heapq.heappush(self._agenda, (self.site.clock.time + max(0.0, seconds), next(self._turns), act))

    def run(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Let so much time pass, or less where something is so."""
        end = self.site.clock.time + seconds
        clock, agenda = self.site.clock, self._agenda
        while agenda and agenda[0][0] <= end and not until():
            at, _, act = heapq.heappop(agenda)
            clock.time = max(clock.time, at)
            act()
            self._hand_over_posts()
        if not until():
            clock.time = max(clock.time, end)

    def _hand_over_posts(self) -> None:
        """Send what handlers posted on its way; each client reads in the order in which it was posted."""
        posted = self.site.posted
        if not posted:
            return
        at = self.site.clock.time + TRAVEL_SECONDS
        for listener, event in posted:
            hear: Act = partial(listener, event)
            heapq.heappush(self._agenda, (at, next(self._turns), hear))
        posted.clear()
