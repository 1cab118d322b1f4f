"""Threads that run calls concurrently: few as long as they get on, many when some of them hang."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

Call = Callable[[], object]  # what it returns is dropped


class Workers:
    """Threads that run calls as they come, up to a limit.

    Python runs one thread at a time, and threads that compute only take its one lock from each other: with 32 of them a
    line cost half as much again as with four. So a call waits while `eager_max` run, and gets a thread of its own only
    when it has waited for so long that one of those must be waiting for something itself.

    The thread that ended last takes the next call, because its memory is still at hand. Not concurrent.futures: Python
    waits for its threads when it ends, so one hanging handler would hold Ctrl-C.
    """

    def __init__(self, count_max: int, eager_max: int | None = None) -> None:
        self._count_max = count_max
        self._eager_max = eager_max or count_max
        self._count = 0
        self._lock = threading.Lock()
        self._idle: list[SimpleQueue[Call]] = []  # one for each thread that waits
        self._waiting: deque[Call] = deque()
        self._overdue = 0  # calls that were to be relieved when there was no thread left
        self._stopped = False

    def submit(self, call: Call) -> bool:
        """Run `call` in a thread; False when it has to wait, for the calls submitted before or for `relieve`."""
        with self._lock:
            begins = self._count - len(self._idle) < self._eager_max
            if begins:
                self._begin(call)
            else:
                self._waiting.append(call)
        return begins

    def relieve(self, call: Call) -> None:
        """Run a call that still waits in one more thread, if there may be one."""
        with self._lock:
            if call not in self._waiting:
                return
            if self._idle or self._count < self._count_max:
                self._waiting.remove(call)
                self._begin(call)
            else:
                self._overdue += 1

    def stop(self) -> None:
        """Begin no further call; those that run are left to end, or to be cut off with the process."""
        self._stopped = True

    def _begin(self, call: Call) -> None:
        if self._idle:
            self._idle.pop().put(call)
            return
        self._count += 1
        threading.Thread(target=self._run, args=(call,), name=f"handler-{self._count}", daemon=True).start()

    def _run(self, call: Call) -> None:
        own: SimpleQueue[Call] = SimpleQueue()
        while not self._stopped:
            call()
            with self._lock:
                # One beyond the eager ones takes only what no other will: else one busy moment would keep them all.
                if self._waiting and (self._count - len(self._idle) <= self._eager_max or self._overdue):
                    call = self._waiting.popleft()
                    self._overdue = max(0, self._overdue - 1)
                    continue
                self._idle.append(own)
            call = own.get()
