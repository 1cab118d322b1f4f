"""The programs that check the page's JavaScript, from npm at the versions and hashes of tools/package-lock.json."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.tools import node

FOLDER = Path(__file__).parent / "tools"
REPOSITORY = Path(__file__).parents[2]


def run(*commands: Sequence[str | Path]) -> int:
    """Run programs on Node, installing them first; return 0 if all of them found nothing, and print what they found."""
    try:
        node.install(FOLDER)
    except node.ToolsMissing as problem:
        print(problem, file=sys.stderr)
        return 1
    runs = [subprocess.run([node.executable(), *command], cwd=REPOSITORY, check=False) for command in commands]
    return int(any(run.returncode for run in runs))
