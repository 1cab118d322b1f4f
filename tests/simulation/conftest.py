"""The settings of the whole simulation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulation.quiet import quiet


@pytest.fixture(scope="package", autouse=True)
def without_telemetry() -> Iterator[None]:
    with quiet():
        yield
