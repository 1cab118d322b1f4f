"""The settings of every test of the town: no log lines, nothing decoded twice, and no number searched for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.puzzles import solved_at_once
from tests.simulation.quiet import quiet
from tests.town.decoded import decoded_once


@pytest.fixture(scope="package", autouse=True)
def quickly() -> Iterator[None]:
    with quiet(), decoded_once(), solved_at_once():
        yield
