"""Three to six people doing anything, in histories that Hypothesis draws and shrinks."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.simulation.crowds import Crowd, History, Step
from tests.simulation.program import forget

QUICK_EXAMPLES, QUICK_STEPS = 200, 40
LONG_EXAMPLES, LONG_STEPS = int(os.environ.get("HISTORIES", "5000")), 120
# Frequent events stand here often: a schedule is interesting while several handlers are at work.
VERBS = (
    *("go", "go", "go", "go", "go", "finish", "join", "join", "join", "meet", "meet", "skip", "skip", "fault", "lose"),
    *("resume", "resume", "listen", "message", "signal", "report", "ban", "leave", "quit", "repair", "pause", "timer"),
    *("connect", "window", "close", "close", "write", "behind", "drain", "beside"),
)
NOTHING = "nothing"
PROFILE: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.generate, Phase.shrink),
    "print_blob": False,
}


def histories(steps_max: int) -> st.SearchStrategy[History]:
    """Draw a history. It shrinks to few people and faults and to steps in which nothing happens, which are left out."""
    steps = st.builds(Step, st.sampled_from((NOTHING, *VERBS)), st.integers(0, 7), st.integers(0, 7))
    return st.builds(
        History,
        people=st.integers(3, 6),
        seed=st.integers(0, 3),
        queue_shards=st.sampled_from([1, 1, 2]),
        faults=st.integers(0, 3),
        steps=st.lists(steps, min_size=steps_max, max_size=steps_max).map(without_nothing),
    )


def without_nothing(steps: list[Step]) -> tuple[Step, ...]:
    return tuple(step for step in steps if step.verb != NOTHING)


@settings(max_examples=QUICK_EXAMPLES, derandomize=True, **PROFILE)
@given(histories(QUICK_STEPS))
def test_a_few_people_doing_anything_find_every_promise_kept(history: History) -> None:
    """After every operation, and when all has settled; the same histories each time."""
    check(history)


@pytest.mark.long
@pytest.mark.timeout(24 * 3600)
@settings(max_examples=LONG_EXAMPLES, **PROFILE)
@given(histories(LONG_STEPS))
def test_many_long_histories_find_every_promise_kept(history: History) -> None:
    """Other histories each time: `--hypothesis-seed` repeats a run, the printed line a single history."""
    check(history)


def check(history: History) -> None:
    note(f"again: python -m tests.simulation.crowds '{history}'")
    forget()
    Crowd(history).play()


def test_a_history_can_be_written_down_and_played_again() -> None:
    """To the letter: the same story."""
    steps = (
        Step("join", 0),
        Step("join", 1),
        Step("go", 1, 3),
        Step("finish"),
        Step("fault", 0, 2),
        Step("skip", 4, 1),
    )
    history = History(3, 1, 8, 1, steps)

    assert History.parse(str(history)) == history
    assert Crowd(history).play().story == Crowd(history).play().story


def test_every_kind_of_step_is_drawn() -> None:
    """Nothing that people or the platform can do is forgotten."""
    assert {name.removeprefix("on_") for name in dir(Crowd) if name.startswith("on_")} == set(VERBS)
