"""Threads that run calls concurrently."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

Call = Callable[[], None]


class Workers:
    """Threads that run calls as they come, made when all others are busy, up to a limit.

    The thread that ended last takes the next call, because its memory is still at hand: with threads in turn a line
    costs a tenth more. Not concurrent.futures: Python waits for its threads when it ends, so one hanging handler would
    hold Ctrl-C.
    """

    def __init__(self, count_max: int) -> None:
        self._count_max = count_max
        self._count = 0
        self._lock = threading.Lock()
        self._idle: list[SimpleQueue[Call]] = []  # one for each thread that waits
        self._waiting: deque[Call] = deque()
        self._stopped = False

    def submit(self, call: Call) -> None:
        """Run `call` in a thread; when all are busy and there are enough, after the calls submitted before."""
        with self._lock:
            if self._idle:
                self._idle.pop().put(call)
            elif self._count < self._count_max:
                self._count += 1
                name = f"handler-{self._count}"
                threading.Thread(target=self._run, args=(call,), name=name, daemon=True).start()
            else:
                self._waiting.append(call)

    def stop(self) -> None:
        """Begin no further call; those that run are left to end, or to be cut off with the process."""
        self._stopped = True

    def _run(self, call: Call) -> None:
        own: SimpleQueue[Call] = SimpleQueue()
        while not self._stopped:
            call()
            with self._lock:
                if self._waiting:
                    call = self._waiting.popleft()
                    continue
                self._idle.append(own)
            call = own.get()
