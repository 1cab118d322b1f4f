"""The asset of the scheduled trial is a few kilobytes that need nothing but Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from infra.asset import smoke_asset

KILOBYTES_MAX = 40


def test_it_is_small_and_everybody_may_read_it(tmp_path: Path) -> None:
    """A strict umask is the operator's, and Lambda's user another one."""
    made = smoke_asset.build(tmp_path / "smoke")
    files = [path for path in made.rglob("*") if path.is_file()]

    assert 0 < sum(path.stat().st_size for path in files) < KILOBYTES_MAX * 1024
    assert all(path.stat().st_mode & 0o444 == 0o444 for path in files)
    assert all(path.suffix == ".py" for path in files)


def test_it_starts_without_any_package(tmp_path: Path) -> None:
    """As in Lambda: neither this repository nor its packages are there."""
    made = smoke_asset.build(tmp_path / "smoke")
    module, _, function = smoke_asset.HANDLER.rpartition(".")
    program = (
        f"import sys; sys.path.insert(0, {str(made)!r}); from {module} import {function}; print({function}.__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "handle\n", "")
