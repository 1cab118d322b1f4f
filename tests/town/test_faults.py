"""The town notices when a rule is weakened: for each fault one goal is missed that is met without it."""

from __future__ import annotations

import pytest

from tests.town.faults import FAULTS, Fault, planted, present


def test_nobody_is_stopped_when_no_number_of_reports_is_enough() -> None:
    """The one fault that is quick enough for every run of the tests."""
    with planted(FAULTS[0]):
        assert FAULTS[0].play()[FAULTS[0].figure] > FAULTS[0].at_most


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("fault", present(), ids=lambda fault: fault.name)
def test_a_weakened_rule_misses_a_goal(fault: Fault) -> None:
    """Played with the rule as it is first, so that what is noticed is the fault."""
    whole = fault.play()[fault.figure]
    with planted(fault):
        weakened = fault.play()[fault.figure]

    assert whole <= fault.at_most < weakened
