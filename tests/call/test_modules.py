"""The call's pure modules, tested by Node's own runner."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "unit"
NODE = Path(sys.executable).with_name("node")
ARGUMENTS = [str(NODE), "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"]


def test_the_modules_of_the_call_pass_their_own_tests() -> None:
    """Every `*.test.js` passes; what fails is shown."""
    files = sorted(str(path) for path in FOLDER.glob("*.test.js"))
    assert files, "there are tests to run"

    run = subprocess.run(
        [*ARGUMENTS, "--test", "--test-reporter=spec", *files], capture_output=True, text=True, timeout=200, check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr


def test_in_every_order_a_stranger_gets_only_what_the_person_wants() -> None:
    """Camera and microphone, each in every order of nine events up to depth 5; both with fifteen up to depth 3."""
    run = subprocess.run(
        [*ARGUMENTS, str(FOLDER / "every_order.js")], capture_output=True, text=True, timeout=200, check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr
    orders = json.loads(run.stdout)
    assert orders["camera"] > 15_000 and orders["microphone"] > 15_000 and orders["both"] > 1_500, orders
