"""Two things at once: neither waits for the other, and nothing that goes wrong is lost."""

from __future__ import annotations

from contextvars import ContextVar
from threading import Event

import pytest

from functions.chat.runtime.concurrency import at_once, in_turn

SECONDS_MAX = 10.0


def test_each_may_wait_for_the_other():
    """They run at the same time: in turn, this would never end."""
    begun, allowed = Event(), Event()

    def work() -> None:
        begun.set()
        assert allowed.wait(SECONDS_MAX)

    with at_once(work):
        assert begun.wait(SECONDS_MAX)
        allowed.set()


def test_both_are_done_behind_the_block():
    """The next handler relies on it; Lambda stops the process when its handler returns."""
    done: list[str] = []
    for together in (in_turn, at_once):
        with together(lambda: done.append("work")):
            done.append("block")
        assert sorted(done) == ["block", "work"]
        done.clear()


@pytest.mark.parametrize("together", [in_turn, at_once])
def test_an_error_of_the_work_is_raised(together):
    """It is nobody's secret that something went wrong beside."""
    with pytest.raises(ZeroDivisionError), together(lambda: 1 / 0):
        pass


def test_an_error_of_the_block_waits_for_the_work():
    """And comes before any exception of the block."""
    ended: list[bool] = []
    with pytest.raises(LookupError), at_once(lambda: ended.append(True)):
        raise LookupError
    assert ended == [True]


def test_the_work_counts_for_the_same_invocation():
    """Numbers are collected in a variable of the invocation's context."""
    where: ContextVar[str] = ContextVar("where", default="nowhere")
    where.set("here")
    seen: list[str] = []
    with at_once(lambda: seen.append(where.get())):
        pass
    assert seen == ["here"]
