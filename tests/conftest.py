"""Fixtures that several suites share."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.gateway import Gateway


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also the tests that take minutes (marked `long`)")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: takes minutes; runs with --long only")


YOUNG_OBJECTS = 100_000  # some tens of megabytes
# With `--dist loadgroup`: what mostly waits, and what looks at windows and pictures and wants to be undisturbed.
BESIDE = ("deployment", "local", "conformance", "load")


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        is_beside = item.path.relative_to(config.rootpath / "tests").parts[0] in BESIDE
        item.add_marker(pytest.mark.xdist_group("beside" if is_beside else "alone"))
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
    running = Gateway(environment={"GRACE_SECONDS": str(GRACE_SECONDS)})
    running.start()
    try:
        yield running
    finally:
        running.stop()
