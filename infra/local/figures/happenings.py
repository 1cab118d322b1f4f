"""The numbers of waiting and talking people and the last changes, as the functions' own log lines tell them.

Each change of state is one line (functions/chat/runtime/telemetry.py), so nothing has to be asked of the table. With a
LOG_LEVEL above INFO nothing is known here.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

from functions.chat.runtime.metrics import COUNT

RECENT_MAX = 40  # changes that are shown
# Lines of handlers that run at once come in any order: ended connections and rooms are remembered, so that no late line
# brings them back.
OVER_MAX = 10_000
DURATIONS_MAX = 500  # of the last pairings and conversations, for the middle of them
FACTS = frozenset({"level", "location", "timestamp", "service", "message"})


class Happenings:
    """The state that the lines tell so far. Lines come in any thread."""

    def __init__(self) -> None:
        self._waiting: dict[str, str] = {}
        self._rooms: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._over: dict[str, None] = {}
        self._changes: Counter[str] = Counter()
        self._ended: Counter[str] = Counter()
        self._numbers: Counter[str] = Counter()
        self._recent: deque[dict[str, Any]] = deque(maxlen=RECENT_MAX)
        self._waited_ms: deque[float] = deque(maxlen=DURATIONS_MAX)
        self._lasted_ms: deque[float] = deque(maxlen=DURATIONS_MAX)
        self._here: int | None = None
        self._lock = threading.Lock()

    def take_line(self, line: Mapping[str, Any]) -> None:
        if line.get("level") == "DEBUG":
            return
        with self._lock:
            change = str(line.get("message"))
            self._changes[change] += 1
            facts = {name: value for name, value in line.items() if name not in FACTS}
            self._recent.append({"at": line.get("timestamp"), "change": change, **facts})
            self._follow(change, line)

    def take_metrics(self, line: Mapping[str, Any]) -> None:
        metrics = [metric for group in line["_aws"]["CloudWatchMetrics"] for metric in group["Metrics"]]
        with self._lock:
            for name in (metric["Name"] for metric in metrics if metric["Unit"] == COUNT):
                values = line[name] if isinstance(line[name], list) else [line[name]]
                if name == "PeopleHere":
                    self._here = int(values[-1])
                else:
                    self._numbers[name] += sum(values)

    def snapshot(self) -> dict[str, Any]:
        """Return everything in a form that JSON has."""
        with self._lock:
            return {
                "waiting": dict(Counter(self._waiting.values())),
                "rooms": dict(Counter(mode for mode, _ in self._rooms.values())),
                "people_here": self._here,
                "changes": dict(self._changes),
                "ended": dict(self._ended),
                "waited_ms": _middle(self._waited_ms),
                "lasted_ms": _middle(self._lasted_ms),
                "numbers": dict(self._numbers),
                "recent": list(self._recent),
            }

    def _follow(self, change: str, line: Mapping[str, Any]) -> None:
        match change:
            case "waiting" if line["connection"] not in self._over:
                self._waiting[line["connection"]] = line["mode"]
            case "paired":
                self._waited_ms.append(line["waited_ms"])
                if line["room"] in self._over:
                    return  # its members may wait again by now
                self._rooms[line["room"]] = (line["mode"], (line["waiter"], line["joiner"]))
                self._no_longer_waits(line["waiter"], line["joiner"])
            case "room ended":
                self._rooms.pop(line["room"], None)
                self._note_over(line["room"])
                self._lasted_ms.append(line["lasted_ms"])
                self._ended[line["reason"]] += 1
            case "stopped":
                self._no_longer_waits(line["connection"])
            case "closed" | "connection lost" | "cut off" | "disconnected":
                self._no_longer_waits(line["connection"])
                self._note_over(line["connection"])

    def _note_over(self, identifier: str) -> None:
        self._over[identifier] = None
        if len(self._over) > OVER_MAX:
            del self._over[next(iter(self._over))]

    def _no_longer_waits(self, *connections: str) -> None:
        for connection in connections:
            self._waiting.pop(connection, None)


def _middle(values: deque[float]) -> dict[str, float]:
    if not values:
        return {}
    ordered = sorted(values)
    return {"p50": ordered[len(ordered) // 2], "p95": ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]}
