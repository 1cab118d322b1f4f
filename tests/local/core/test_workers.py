"""Calls run at once, all of them, and hold nobody."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from infra.local.core.workers import Workers, resting

REPOSITORY = Path(__file__).parents[3]
WAIT_SECONDS_MAX = 5.0
HANG = """
import time
from infra.local.core.workers import Workers
Workers(1).submit(lambda: time.sleep(60))
"""


def test_as_many_calls_run_at_once_as_there_may_be_threads():
    """All of them meet at one barrier, which opens only when all are there."""
    workers = Workers(4)
    warm = threading.Event()
    workers.submit(warm.set)
    assert warm.wait(WAIT_SECONDS_MAX)
    barrier = threading.Barrier(5)
    for _ in range(4):
        workers.submit(barrier.wait)

    barrier.wait(WAIT_SECONDS_MAX)


def test_calls_beyond_the_threads_wait_and_all_run():
    """A burst is worked off by the threads there are."""
    workers = Workers(2)
    done = threading.Semaphore(0)
    for _ in range(50):
        workers.submit(done.release)

    assert all(done.acquire(timeout=WAIT_SECONDS_MAX) for _ in range(50))


def test_few_calls_begin_at_once_and_the_others_when_those_hang():
    """Threads that compute only hinder each other; where none of them ends, they wait for something."""
    workers = Workers(2, eager_max=1)
    stuck, release, ran = threading.Event(), threading.Event(), threading.Event()
    assert workers.submit(hanging(stuck, release))
    assert stuck.wait(WAIT_SECONDS_MAX)

    assert not workers.submit(ran.set)
    assert not ran.wait(0.05)
    workers.relieve()
    assert ran.wait(WAIT_SECONDS_MAX)
    release.set()


def test_calls_wait_as_long_as_others_get_on():
    """However long that is: one that ended just now makes room for the next."""
    workers = Workers(3, eager_max=1)
    ended, stuck, release, ran = (threading.Event() for _ in range(4))
    workers.submit(ended.set)
    assert ended.wait(WAIT_SECONDS_MAX)
    until(lambda: len(workers._idle) == 1)
    workers.submit(hanging(stuck, release))
    assert stuck.wait(WAIT_SECONDS_MAX)
    workers.submit(ran.set)

    assert workers.relieve()
    assert not ran.wait(0.05)
    assert not workers.relieve()
    assert ran.wait(WAIT_SECONDS_MAX)
    release.set()


def test_a_call_begins_while_another_one_rests():
    """A call that only lets time pass hinders no other."""
    workers = Workers(2, eager_max=1)
    resting_now, release, ran = threading.Event(), threading.Event(), threading.Event()

    def rest():
        with resting():
            hanging(resting_now, release)()

    workers.submit(rest)
    assert resting_now.wait(WAIT_SECONDS_MAX)
    workers.submit(ran.set)

    assert ran.wait(WAIT_SECONDS_MAX)
    release.set()


def test_after_a_rest_no_more_begin_than_may_compute():
    """Two that both go on are two again."""
    workers = Workers(4, eager_max=1)
    begun, rested, release, ran = (threading.Event() for _ in range(4))

    def rest():
        with resting():
            begun.set()
        rested.set()
        release.wait(WAIT_SECONDS_MAX)

    workers.submit(rest)
    assert rested.wait(WAIT_SECONDS_MAX)
    workers.submit(ran.set)

    assert not ran.wait(0.05)
    release.set()
    assert ran.wait(WAIT_SECONDS_MAX)


def test_outside_of_a_thread_of_theirs_there_is_nobody_to_make_way_for():
    """A test that calls a handler itself, for instance."""
    with resting():
        pass


def test_a_free_thread_is_used_again():
    """Calls that come one after another need one thread."""
    workers = Workers(8)
    names = set()
    for _ in range(20):
        workers.submit(lambda: names.add(threading.current_thread().name))
        until(lambda: len(workers._idle) == workers._count)

    assert len(names) == 1


def test_after_the_stop_no_call_begins():
    """Handlers that have not begun when the gateway stops never do."""
    workers = Workers(1)
    begun, release = threading.Event(), threading.Event()
    late = []
    workers.submit(hanging(begun, release))
    assert begun.wait(WAIT_SECONDS_MAX)
    workers.submit(lambda: late.append("ran"))
    workers.stop()
    release.set()
    for thread in threading.enumerate():
        if thread.name.startswith("handler-") and not thread.name.endswith("main"):
            thread.join(0.05)

    assert late == []


def test_a_call_that_hangs_does_not_hold_the_end_of_the_program():
    """Ctrl-C ends the gateway while a handler waits for something."""
    subprocess.run([sys.executable, "-c", HANG], cwd=REPOSITORY, check=True, timeout=WAIT_SECONDS_MAX)


def until(holds: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not holds():
        assert time.monotonic() < deadline, "the thread did not end its call"
        time.sleep(0.001)


def hanging(begun: threading.Event, release: threading.Event) -> Callable[[], object]:
    """A call that tells that it began, and ends when it may."""

    def hang() -> None:
        begun.set()
        release.wait(WAIT_SECONDS_MAX)

    return hang
