"""A fresh Python without any of this process's state or environment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SECONDS_MAX = 100  # less than a test may take; the chat of test_silence.py works for 4


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code from the repository's root; its environment has only the given variables."""
    return subprocess.run(
        [sys.executable, "-W", "error::SyntaxWarning", "-c", code],
        cwd=REPOSITORY,
        env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )


def output_of(code: str, **environment: str) -> str:
    """Run code that must not fail, and return what it printed."""
    finished = run(code, **environment)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout
