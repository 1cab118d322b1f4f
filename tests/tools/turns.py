"""The order of tests: those that must not be disturbed begin first and one after another, and all others step aside.

A plugin of pytest for `--dist loadscope`. Its own groups, as xdist's `loadgroup` has none with this version of pytest:
every test would go to any worker, with another browser, another gateway and another deployment.
"""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.tools.courtesy import COURTESY

# Groups of tests: those that watch pictures; that wait for an emulated AWS; that watch clocks and windows; one page
# alone; and three that wait for a gateway of their own. Each waits more than it works.
TOGETHER = {
    "call": "pictures",
    "deployment": "deployment",
    **dict.fromkeys(("browser", "desk"), "windows"),
    "frontend": "page",
    **{folder: folder for folder in ("local", "conformance", "load")},
}
# Tests that read templates, which are synthesised once in a process, three seconds each.
STACK = ("tests/infra/stack/", "tests/infra/deploy/", "tests/infra/reports/test_attack")
# The longest two begin, and beside them the simulation, which only works: on two cores three groups that wait leave a
# third of a core idle. Last but all others comes what takes long, so that no core is left with it at the end.
TURNS = (
    *("deployment", "windows", "simulation", "pictures", "page", "local", "conformance", "load"),
    *("infra", "town", "security"),
)
STEPPED_ASIDE = pytest.StashKey[bool]()


def group_of(nodeid: str) -> str:
    """Return what a test runs together with, one after another in one worker: its module, or whole folders."""
    if nodeid.startswith(STACK):
        return STACK[0]
    return TOGETHER.get(_folder_of(nodeid), nodeid.partition("::")[0])


def turn_of(nodeid: str) -> int:
    """Return when a test's folder is handed out."""
    folder = _folder_of(nodeid)
    turn = TOGETHER.get(folder, folder)
    return TURNS.index(turn) if turn in TURNS else len(TURNS)


def _folder_of(nodeid: str) -> str:
    return nodeid.split("/")[1]


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _is_worker(config):
        items.sort(key=lambda item: turn_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Have one worker more than cores: browsers and an emulated AWS are waited for.

    With one more still, the emulated AWS gets so little of two cores that a Lambda's 2 s for an answer are over.
    """
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out a group at a time, in the order of the turns."""
    if config.getoption("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Groups(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    config.option.loadscopereorder = False
    return Groups(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Step aside once this worker has got something else than those groups, which are handed out first."""
    steps_aside = _is_worker(item.config) and _folder_of(item.nodeid) not in TOGETHER
    if steps_aside and not item.config.stash.get(STEPPED_ASIDE, False):
        os.nice(COURTESY)
        item.config.stash[STEPPED_ASIDE] = True
