"""Threads that run calls concurrently: few as long as they get on, many when some of them hang."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue

Call = Callable[[], object]  # what it returns is dropped

_thread = threading.local()


@contextmanager
def resting() -> Iterator[None]:
    """Let another call be run while this thread only lets time pass."""
    workers: Workers | None = getattr(_thread, "workers", None)
    if workers is None:
        yield
        return
    workers.rest()
    try:
        yield
    finally:
        workers.go_on()


class Workers:
    """Threads that run calls as they come, up to a limit.

    Python runs one thread at a time, and threads that compute only take its one lock from each other: with 32 of them a
    line cost half as much again as with four, and in a crowd a join twice as much. So a call waits while `eager_max`
    compute. It gets a thread of its own when one of those rests, and when none of them ends: they hang then.

    The thread that ended last takes the next call, because its memory is still at hand. Not concurrent.futures: Python
    waits for its threads when it ends, so one hanging handler would hold Ctrl-C.
    """

    def __init__(self, count_max: int, eager_max: int | None = None) -> None:
        self._count_max = count_max
        self._eager_max = eager_max or count_max
        self._count = 0
        self._resting = 0
        self._lock = threading.Lock()
        self._idle: list[SimpleQueue[Call]] = []  # one for each thread that waits for a call
        self._waiting: deque[Call] = deque()
        self._has_ended = False  # a call, since somebody looked
        self._stopped = False

    def submit(self, call: Call) -> bool:
        """Run `call` in a thread; False when it has to wait, for the calls submitted before or for `relieve`."""
        with self._lock:
            begins = self._may_begin() and not self._waiting
            if begins:
                self._begin(call)
            else:
                self._waiting.append(call)
        return begins

    def relieve(self) -> bool:
        """Run the calls that wait in more threads, if none has ended since the last time; tell whether any waits."""
        with self._lock:
            if not self._has_ended:
                self._begin_waiting(self._count_max)
            self._has_ended = False
            return bool(self._waiting)

    def rest(self) -> None:
        """Let a waiting call begin, as one of the running ones computes nothing for a while."""
        with self._lock:
            self._resting += 1
            self._begin_waiting(1)

    def go_on(self) -> None:
        """Take back that a call rests."""
        with self._lock:
            self._resting -= 1

    def stop(self) -> None:
        """Begin no further call; those that run are left to end, or to be cut off with the process."""
        self._stopped = True

    def _may_begin(self) -> bool:
        return self._count - len(self._idle) - self._resting < self._eager_max and self._has_thread()

    def _has_thread(self) -> bool:
        return bool(self._idle) or self._count < self._count_max

    def _begin_waiting(self, most: int) -> None:
        while most and self._waiting and self._has_thread():
            self._begin(self._waiting.popleft())
            most -= 1

    def _begin(self, call: Call) -> None:
        if self._idle:
            self._idle.pop().put(call)
            return
        self._count += 1
        threading.Thread(target=self._run, args=(call,), name=f"handler-{self._count}", daemon=True).start()

    def _run(self, call: Call) -> None:
        _thread.workers = self
        own: SimpleQueue[Call] = SimpleQueue()
        while not self._stopped:
            call()
            with self._lock:
                self._has_ended = True
                self._idle.append(own)
                # One beyond the eager ones takes none: else one busy moment would keep them all.
                if self._waiting and self._may_begin():
                    self._idle.pop()
                    call = self._waiting.popleft()
                    continue
            call = own.get()
