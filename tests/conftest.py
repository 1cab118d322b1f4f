"""Fixtures that several suites share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateway import Gateway


@pytest.fixture(scope="session")
def gateway() -> Iterator[Gateway]:
    """One local gateway for every test that does not mind other tests' people on it."""
    running = Gateway()
    running.start()
    try:
        yield running
    finally:
        running.stop()
