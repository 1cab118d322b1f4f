"""Fixtures that several suites share."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.gateway import Gateway

pytest_plugins = ("tests.tools.turns",)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also the tests that take minutes (marked `long`)")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: takes minutes; runs with --long only")


YOUNG_OBJECTS = 100_000  # some tens of megabytes


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("long"):
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """Have garbage looked for rarely, and never among the tests themselves: a tenth of a large exploration."""
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)


# How long a lost connection is waited for: a reload on a busy machine takes two seconds, and no test should wait long.
GRACE_SECONDS = 6


@pytest.fixture(scope="session")
def gateway() -> Iterator[Gateway]:
    """One local gateway for every test that does not mind other tests' people on it."""
    with Gateway(environment={"GRACE_SECONDS": str(GRACE_SECONDS)}) as running:
        yield running
