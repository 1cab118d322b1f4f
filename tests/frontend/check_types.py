"""Check the page's types with TypeScript's compiler: `python -m tests.frontend.check_types`.

The page's JavaScript carries its types in comments. The compiler comes from npm, at the version and with the hash of
`types/package-lock.json`, into a folder that is not part of the repository.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

TYPES = Path(__file__).parent / "types"
CACHE = Path(__file__).parents[2] / ".cache" / "types"
COMMANDS = Path(sys.executable).parent  # where this environment's node and npm are
PROJECTS = ("tsconfig.json", "tsconfig.worker.json")


def check() -> int:
    """Return how many of the projects have errors; they are printed."""
    compiler = install()
    runs = [subprocess.run([COMMANDS / "node", compiler, "-p", TYPES / project], check=False) for project in PROJECTS]
    return sum(run.returncode != 0 for run in runs)


def install() -> Path:
    """Return the compiler, fetched unless it is there in this version."""
    CACHE.mkdir(parents=True, exist_ok=True)
    compiler = CACHE / "node_modules" / "typescript" / "bin" / "tsc"
    wanted, present = TYPES / "package-lock.json", CACHE / "package-lock.json"
    if compiler.exists() and present.exists() and present.read_text() == wanted.read_text():
        return compiler
    for name in ("package.json", "package-lock.json"):
        shutil.copy(TYPES / name, CACHE / name)
    path = f"{COMMANDS}{os.pathsep}{os.environ['PATH']}"
    command = [COMMANDS / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=CACHE, env={**os.environ, "PATH": path}, check=True)
    return compiler


if __name__ == "__main__":
    sys.exit(check())
