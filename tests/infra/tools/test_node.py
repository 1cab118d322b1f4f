"""One sentence says which part around Node is missing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from infra.tools import node


@pytest.mark.parametrize("registry", ["refuses", "does not exist"])
def test_a_registry_that_cannot_be_had_is_said_in_one_sentence(tmp_path: Path, registry: str) -> None:
    """Neither npm's report nor a traceback: a person reads what failed, and what to look at."""
    shutil.copy(node.TOOLS / "package.json", tmp_path)
    shutil.copy(node.TOOLS / "package-lock.json", tmp_path)
    with socket.socket() as refusing:  # bound, so that nobody else takes the port, and not listening
        refusing.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{refusing.getsockname()[1]}" if registry == "refuses" else "http://host.invalid"
        npm = {"registry": url, "cache": str(tmp_path / "cache"), "fetch_retries": "0"}
        environment = os.environ | {f"npm_config_{name}": value for name, value in npm.items()}

        done = subprocess.run(
            [sys.executable, "-m", "infra.tools.node", str(tmp_path)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "registry" in done.stderr
    assert str(tmp_path / "package-lock.json") in done.stderr
