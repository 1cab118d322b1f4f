"""The settings of every test of the town: no log lines, and nothing decoded twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulation.quiet import quiet
from tests.town.decoded import decoded_once


@pytest.fixture(scope="package", autouse=True)
def quickly() -> Iterator[None]:
    with quiet(), decoded_once():
        yield
