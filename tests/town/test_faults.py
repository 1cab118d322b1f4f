"""The town notices when a rule is weakened: for each fault one goal is missed that is met without it."""

from __future__ import annotations

import pytest

from tests.town.faults import FAULTS, Fault, planted


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_weakened_rule_misses_a_goal(fault: Fault) -> None:
    """Played with the rule as it is first, so that what is noticed is the fault."""
    whole = fault.play()[fault.figure]
    with planted(fault):
        weakened = fault.play()[fault.figure]

    assert whole <= fault.at_most < weakened
