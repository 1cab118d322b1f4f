"""Tests that must not be disturbed run first and in one worker, with any versions of pytest and xdist."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.affected import REPOSITORY

# Prints which worker runs it, and how courteous that is by then.
TEST = """
import os
import pytest

@pytest.mark.parametrize("number", range(4))
def test_it(number):
    with open("story", "a") as story:
        story.write(f"{os.environ['PYTEST_XDIST_WORKER']} {os.nice(0)} FOLDER\\n")
"""
FOLDERS = ("browser", "call", "deployment", "desk", "functions", "load", "local")


@pytest.mark.timeout(300)  # three Pythons that start beside everything else
def test_each_group_has_one_worker_and_all_others_step_aside(tmp_path: Path) -> None:
    for folder in FOLDERS:
        (tmp_path / "tests" / folder).mkdir(parents=True)
        (tmp_path / "tests" / folder / f"test_{folder}.py").write_text(TEST.replace("FOLDER", folder))
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    plugins = ("-p", "xdist.plugin", "-p", "tests.tools.turns")  # of all that are there, those that it takes
    command = [sys.executable, "-m", "pytest", "-q", *plugins, "-n", "4", "--dist=loadscope"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [*command, "tests"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    told = [line.split() for line in (tmp_path / "story").read_text().splitlines()]
    workers = {folder: {worker for worker, _, name in told if name == folder} for folder in FOLDERS}
    courteous = {name for _, nice, name in told if int(nice) > os.nice(0)}

    assert re.search(r"28 passed", done.stdout), done.stdout + done.stderr
    together = (("call",), ("deployment",), ("browser", "desk"), ("load",), ("local",))
    groups = [set().union(*(workers[folder] for folder in group)) for group in together]
    assert [len(group) for group in groups] == [1, 1, 1, 1, 1]
    assert len(set().union(*groups[:3])) == 3, "the longest begin at once"
    assert courteous == {"functions"}
