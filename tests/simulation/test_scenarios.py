"""Every schedule of every two-party scenario, without a fault and with one fault at every point."""

from __future__ import annotations

import random

import pytest

from functions.chat.runtime.crowd_memory import Crowd
from tests.simulation.explore import Exploration, walk
from tests.simulation.hints import LEAVES_HINTS, Hints
from tests.simulation.rewriting import rewritten
from tests.simulation.scenarios import BY_NAME, LARGE, LARGE_WITH_A_FAULT, SCENARIOS, Scenario
from tests.simulation.schedule import Fault

# A skipper tells and searches at once, which has several times as many states: with a fault, the long run has them.
SKIPPING = frozenset(scenario.name for scenario in SCENARIOS if "skip" in scenario.name)
# Two handlers of a report besides another's, each with a dozen calls, cannot be enumerated: millions of schedules.
REPORTING = frozenset(scenario.name for scenario in SCENARIOS if {"report", "ban"} & set(scenario.name.split()))
WALKS = 500
SMALL = [scenario for scenario in SCENARIOS if scenario.name not in LARGE]
# A frame that is delivered twice adds a third handler and multiplies the states: the long run has it.
TWICE = frozenset({Fault.TWICE})
LARGE_TWICE = REPORTING | {"resume and resume with one token"}  # the last has more than two million states then
ONE_FAULT = frozenset(Fault) - TWICE
# Each of the two tells the other while it looks and writes: either strand first is nine tenths of all states.
TELLING_BOTH = frozenset({"report and report"})


def name_of(value: object) -> str:
    return value.name if isinstance(value, Scenario) else str(value)


@pytest.mark.parametrize("scenario", SMALL, ids=name_of)
def test_every_schedule_keeps_every_promise_and_leaves_few_stale_hints(scenario: Scenario) -> None:
    """In each order of all calls and posts, with either order of the tickets.

    A person who finds that they wait no more takes their hint back, and so does one who meets a dead socket. A hint is
    left only of one who stepped out before it was written, and goes with a search. Where a fault may come at any point,
    in the next test, it may also not come: those have the first order there.
    """
    has_both_orders = scenario.name in SKIPPING | LARGE_WITH_A_FAULT
    for seed in (0, 1) if has_both_orders else (1,):
        exploration = Hints()

        at_once = scenario.name not in TELLING_BOTH
        assert exploration.run(scenario.world(seed=seed, at_once=at_once)).ends > 0
        assert (exploration.left > 0) == (scenario.name in LEAVES_HINTS)


@pytest.mark.parametrize("name", ["join and join", "join, and join of one who waits", "join and hang up at once"])
def test_every_schedule_of_people_who_expect_a_crowd_keeps_every_promise(name: str) -> None:
    """They enter the queue before they look, and look around themselves first."""
    with (
        rewritten(Crowd.is_near, ("now - self._seen_at < REMEMBERED_SECONDS", "True")),
        rewritten(Crowd.long_queues, ("{each for each,", "{'queue#text#*#0'} | {each for each,")),
    ):
        assert Exploration().run(BY_NAME[name].world(faults=1, allowed=ONE_FAULT)).ends > 0


@pytest.mark.parametrize("scenario", [each for each in SMALL if each.name not in LARGE_WITH_A_FAULT], ids=name_of)
def test_every_schedule_with_a_fault_at_any_point_keeps_every_promise(scenario: Scenario) -> None:
    """A handler dies, a call is throttled or conflicts or is repeated, a socket is gone or slow: once, anywhere."""
    at_once = scenario.name not in SKIPPING
    statistics = Exploration().run(scenario.world(faults=1, allowed=ONE_FAULT, at_once=at_once))

    assert statistics.ends > 0


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(LARGE_WITH_A_FAULT))
def test_every_schedule_of_a_large_scenario_with_a_fault_keeps_every_promise(name: str) -> None:
    """The same for those with very many states."""
    Exploration().run(BY_NAME[name].world(faults=1, allowed=ONE_FAULT, at_once=False))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(SKIPPING - LARGE - LARGE_WITH_A_FAULT))
def test_every_schedule_in_which_a_skipper_tells_and_searches_at_once_keeps_every_promise(name: str) -> None:
    """With one fault at any point of either."""
    Exploration().run(BY_NAME[name].world(faults=1, allowed=ONE_FAULT))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("scenario", [each for each in SMALL if each.name not in LARGE_TWICE], ids=name_of)
def test_every_schedule_with_a_frame_that_comes_twice_keeps_every_promise(scenario: Scenario) -> None:
    """A frame is delivered twice, its second handler as slow or fast as it likes."""
    Exploration().run(scenario.world(faults=1, allowed=TWICE, at_once=False))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(LARGE_TWICE | LARGE))
def test_many_schedules_with_a_frame_that_comes_twice_keep_every_promise(name: str) -> None:
    """Where there are too many to visit them all, some hundreds by chance."""
    for number in range(WALKS):
        walk(BY_NAME[name].world(faults=1, allowed=TWICE, seed=number % 4), random.Random(f"{name} {number}"))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("scenario", [each for each in SMALL if each.name not in LARGE_WITH_A_FAULT], ids=name_of)
def test_every_schedule_on_eight_shards_keeps_every_promise(scenario: Scenario) -> None:
    """Shards change where people wait, and no promise."""
    Exploration().run(scenario.world(faults=1, allowed=ONE_FAULT, queue_shards=8, at_once=False))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(LARGE_WITH_A_FAULT | LARGE))
def test_many_schedules_on_eight_shards_keep_every_promise(name: str) -> None:
    """The same for those with very many states, some hundreds by chance."""
    for number in range(WALKS):
        world = BY_NAME[name].world(faults=1, allowed=ONE_FAULT, queue_shards=8, seed=number % 4)
        walk(world, random.Random(f"{name} {number}"))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(LARGE))
def test_three_people_at_once_keep_every_promise(name: str) -> None:
    """Every schedule of three handlers."""
    Exploration().run(BY_NAME[name].world(at_once=False))
