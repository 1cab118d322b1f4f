"""A table whose answers are remembered is written and answers as one that is asked each time."""

from __future__ import annotations

import random

import pytest

from tests.simulation.explore import walk
from tests.simulation.scenarios import BY_NAME
from tests.simulation.schedule import Fault

WALKS = 40
ONE_FAULT = frozenset(Fault) - {Fault.TWICE}


@pytest.mark.parametrize("name", ["join and join", "report and skip", "resume and the other hangs up"])
def test_a_remembered_answer_is_what_the_table_would_answer(name: str) -> None:
    """Walks share most of their steps, so nearly every later call is remembered."""
    for number in range(WALKS):
        remembering = BY_NAME[name].world(faults=1, allowed=ONE_FAULT)
        asking = remembering.fork(change=lambda operation: operation.arguments)
        for world in (remembering, asking):
            walk(world, random.Random(number))

        assert remembering.story == asking.story
        assert remembering.platform.table == asking.platform.table
