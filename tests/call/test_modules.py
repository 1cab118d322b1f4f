"""The call's pure modules, tested by Node's own runner."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "unit"
NODE = Path(sys.executable).with_name("node")
ARGUMENTS = [str(NODE), "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "--test", "--test-reporter=spec"]


def test_the_modules_of_the_call_pass_their_own_tests() -> None:
    """Every `*.test.js` passes; what fails is shown."""
    files = sorted(str(path) for path in FOLDER.glob("*.test.js"))
    assert files, "there are tests to run"

    run = subprocess.run([*ARGUMENTS, *files], capture_output=True, text=True, timeout=200, check=False)

    assert run.returncode == 0, run.stdout + run.stderr
