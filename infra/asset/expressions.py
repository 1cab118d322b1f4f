"""Which regular expressions the asset's own modules compile while they are loaded: a build step, by loading them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from infra.asset.dependencies import AssetError

LOADING_SECONDS_MAX = 60

# Python's own expressions are left out: this Python may be another than Lambda's (infra/tools/bytecode.py has those).
_PROGRAM = """
import importlib, re, sys
from re import _compiler
folder, seen, compile_one, own = sys.argv[1] + "/", set(), _compiler.compile, (re.__file__, _compiler.__file__)
def note(pattern, flags=0):
    caller = sys._getframe(1)
    while caller.f_code.co_filename in own:
        caller = caller.f_back
    if isinstance(pattern, (str, bytes)) and caller.f_code.co_filename.startswith(folder):
        seen.add((pattern, int(flags)))
    return compile_one(pattern, flags)
_compiler.compile = note
from functions.routes import LAMBDAS
for route in LAMBDAS:
    importlib.import_module(f"functions.handlers.{route.module}")
from functions.chat.aws import clients
clients.dynamodb(), clients.management(), clients.queues()
print(sorted(seen, key=repr))
"""


def compiled_by(folder: Path) -> list[tuple[str | bytes, int]]:
    """Return each pattern and its flags, in a fixed order."""
    environment = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "AWS_DEFAULT_REGION": "eu-central-1"}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-S", "-c", _PROGRAM, str(folder)],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=LOADING_SECONDS_MAX,
        check=False,
    )
    if done.returncode:
        raise AssetError(f"The Lambda asset does not load:\n{done.stderr}")
    found: list[tuple[str | bytes, int]] = ast.literal_eval(done.stdout)
    return found
