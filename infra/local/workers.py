"""Threads that run calls concurrently."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

Call = Callable[[], None]


class Workers:
    """Threads that run calls as they come, made when all others are busy, up to a limit.

    Not concurrent.futures: Python waits for its threads when it ends, so one hanging handler would hold Ctrl-C.
    """

    def __init__(self, count_max: int) -> None:
        self._count_max = count_max
        self._calls: SimpleQueue[Call] = SimpleQueue()
        self._lock = threading.Lock()
        self._count = 0
        self._free = 0
        self._stopped = False

    def submit(self, call: Call) -> None:
        """Run `call` in a thread; when all are busy and there are enough, after the calls submitted before."""
        with self._lock:
            if self._free > 0:
                self._free -= 1
            elif self._count < self._count_max:
                self._count += 1
                threading.Thread(target=self._run, name=f"handler-{self._count}", daemon=True).start()
        self._calls.put(call)

    def stop(self) -> None:
        """Begin no further call; those that run are left to end, or to be cut off with the process."""
        self._stopped = True

    def _run(self) -> None:
        while True:
            call = self._calls.get()
            if self._stopped:
                return
            call()
            with self._lock:
                self._free += 1
