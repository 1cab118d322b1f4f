"""Time, as handlers see it: a test or a simulation puts its own in the place of this one."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What tells the time and passes it."""

    def now(self) -> float:
        """Return the seconds since 1970 in UTC."""

    def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Return the seconds since 1970 in UTC."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        time.sleep(seconds)
