"""The one place where the output of the functions passes: on AWS CloudWatch Logs, here a sink that counts.

Handlers print JSON lines, a few for each frame. The console would drown in them, so they are counted by level, the last
errors are kept, embedded metrics are handed on, and `--verbose` shows all of it.
"""

from __future__ import annotations

import io
import json
import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Any, TextIO

LAST_ERRORS_MAX = 50
LINE_LENGTH_MAX = 256 * 1024  # CloudWatch Logs takes no longer event
EVENT_BYTES = 26  # that CloudWatch Logs adds to each line it is paid for
ERROR_LEVELS = frozenset({"ERROR", "CRITICAL"})
METRICS_KEY = "_aws"  # marks an embedded metric line (CloudWatch embedded metric format)

Listener = Callable[[Mapping[str, Any]], None]


class LogSink(io.TextIOBase):
    """A writable text stream for `sys.stdout` that many threads may write to at once."""

    def __init__(self, echo: TextIO | None = None) -> None:
        self.lines: Counter[str] = Counter()  # by level; "METRICS" and "PLAIN" beside them
        self.last_errors: deque[str] = deque(maxlen=LAST_ERRORS_MAX)
        self.bytes = 0
        # Called in the thread that printed them.
        self.on_metrics: Listener | None = None
        self.on_line: Listener | None = None
        self._echo = echo
        self._lock = threading.Lock()
        self._begun = threading.local()  # each thread's line that has no end yet

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        """Take a piece of a line, or several lines."""
        *complete, begun = (getattr(self._begun, "text", "") + text).split("\n")
        self._begun.text = begun[-LINE_LENGTH_MAX:]
        for line in complete:
            if line:
                self._accept(line)
        return len(text)

    def _accept(self, line: str) -> None:
        record = _record(line)
        is_metrics = record is not None and METRICS_KEY in record
        level = "METRICS" if is_metrics else str((record or {}).get("level", "PLAIN"))
        with self._lock:
            self.lines[level] += 1
            self.bytes += len(line) + EVENT_BYTES
            if level in ERROR_LEVELS:
                self.last_errors.append(line)
            if self._echo is not None:
                print(line, file=self._echo, flush=True)
        listener = self.on_metrics if is_metrics else self.on_line
        if record is not None and listener is not None:
            listener(record)


def _record(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
