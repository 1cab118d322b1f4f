"""The gateway's counts since it began: the one place that its live figures are read from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Counters:
    """Plain numbers, changed on the event loop only."""

    connections_open: int = 0
    connections_opened: int = 0
    connections_refused: int = 0
    closed_connection_seconds: float = 0.0  # of those that are closed again
    closes: Counter[int] = field(default_factory=Counter)  # by close code
    frames_received: int = 0
    frames_refused: int = 0  # more at once than the gateway accepts
    frames_sent: int = 0
    posts: Counter[int] = field(default_factory=Counter)  # by status of the management API
    invocations: Counter[str] = field(default_factory=Counter)  # by route
    errors: Counter[str] = field(default_factory=Counter)  # by route
    timeouts: Counter[str] = field(default_factory=Counter)  # by route
    faults: Counter[str] = field(default_factory=Counter)  # by the injected fault

    def snapshot(self) -> dict[str, Any]:
        """Return everything in a form that JSON has."""
        return {
            name: dict(value) if isinstance(value, Counter) else value
            for name in self.__slots__
            for value in (getattr(self, name),)
        }
