"""Every schedule of every two-party scenario, without a fault and with one fault at every point."""

from __future__ import annotations

import pytest

from tests.simulation.explore import Exploration
from tests.simulation.scenarios import BY_NAME, LARGE, LARGE_WITH_A_FAULT, SCENARIOS, Scenario
from tests.simulation.schedule import Fault

SMALL = [scenario for scenario in SCENARIOS if scenario.name not in LARGE]
# A frame that is delivered twice adds a third handler and multiplies the states: the long run has it.
ONE_FAULT = frozenset(Fault) - {Fault.TWICE}


def name_of(value: object) -> str:
    return value.name if isinstance(value, Scenario) else str(value)


@pytest.mark.parametrize("scenario", SMALL, ids=name_of)
def test_every_schedule_keeps_every_promise(scenario: Scenario) -> None:
    """Whatever the order of all calls and posts, with either order of the tickets."""
    for seed in (0, 1):
        statistics = Exploration().run(scenario.world(seed=seed))

        assert statistics.ends > 0


@pytest.mark.parametrize("scenario", [each for each in SMALL if each.name not in LARGE_WITH_A_FAULT], ids=name_of)
def test_every_schedule_with_a_fault_at_any_point_keeps_every_promise(scenario: Scenario) -> None:
    """A handler dies, a call is throttled or conflicts or is repeated, a socket is gone or slow: once, anywhere."""
    statistics = Exploration().run(scenario.world(faults=1, allowed=ONE_FAULT))

    assert statistics.ends > 0


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(LARGE_WITH_A_FAULT))
def test_every_schedule_of_a_large_scenario_with_a_fault_keeps_every_promise(name: str) -> None:
    """The same for those with very many states."""
    Exploration().run(BY_NAME[name].world(faults=1, allowed=ONE_FAULT))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=name_of)
def test_every_schedule_with_a_frame_that_comes_twice_keeps_every_promise(scenario: Scenario) -> None:
    """A frame is delivered twice, its second handler as slow or fast as it likes."""
    Exploration().run(scenario.world(faults=1, allowed=frozenset({Fault.TWICE})))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("scenario", SMALL, ids=name_of)
def test_every_schedule_on_eight_shards_keeps_every_promise(scenario: Scenario) -> None:
    """Shards change where people wait, and no promise."""
    Exploration().run(scenario.world(faults=1, allowed=ONE_FAULT, queue_shards=8))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(LARGE))
def test_three_people_at_once_keep_every_promise(name: str) -> None:
    """Every schedule of three handlers."""
    Exploration().run(BY_NAME[name].world())
