"""Two calls side by side: both are done in the time of the longer one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from threading import Thread

Work = Callable[[], object]


@contextmanager
def in_turn(work: Work) -> Iterator[None]:
    """Do `work`, then the block: in one order, for tests and simulations."""
    work()
    yield


@contextmanager
def at_once(work: Work) -> Iterator[None]:
    """Do `work` in another thread while the block runs, and wait for it; its exception is raised here then."""
    failures: list[Exception] = []

    def run() -> None:
        try:
            work()
        except Exception as failure:  # noqa: BLE001 - handed on below
            failures.append(failure)

    # With the invocation's own context, where its numbers are collected.
    thread = Thread(target=copy_context().run, args=(run,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    if failures:
        raise failures[0]
