"""The page's pure modules, tested by Node's own runner."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
NODE = Path(sys.executable).with_name("node")
# Node finds out by itself that the page's files are modules, and would say so for each.
ARGUMENTS = [str(NODE), "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "--test", "--test-reporter=spec"]


def test_the_modules_of_the_page_pass_their_own_tests() -> None:
    """Every `*.test.js` here passes; what fails is shown."""
    files = sorted(str(path) for path in FOLDER.glob("*.test.js"))
    assert files, "there are tests to run"

    run = subprocess.run([*ARGUMENTS, *files], capture_output=True, text=True, timeout=100, check=False)

    assert run.returncode == 0, run.stdout + run.stderr
