"""The modules that a handler loads, counted: a new import that adds more than a twentieth is seen in review.

Bytes of code are no milliseconds, but they are the same on every machine. Our own and the packages' are those of the
asset, as deployed; the standard library's are set beside what its two largest users load of it in the same interpreter.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from functions.routes import LAMBDAS
from infra.asset import asset

GROWTH_MAX = 1.05
# Measured when this was written. Raise them when something is worth it, and say what it is worth (docs/performance.md).
MODULES, CODE_BYTES = 220, 2_739_000
# Making one takes 0.3 ms of a start, a named tuple 0.1. One that is needed raises this.
DATACLASSES_MAX = 13
# Beside botocore and powertools our own code needs hardly anything of the standard library: `urllib.request`, by which
# two handlers read their keys, is a tenth.
LIBRARY_GROWTH_MAX = 1.10

COUNT = """
import importlib, json, os, sys
asset = sys.argv[1]
for name in sys.argv[2:]:
    importlib.import_module(name)
files = [file for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))]
compiled = [f"{os.path.dirname(file)}/__pycache__/{os.path.basename(file)[:-3]}.cpython-313.pyc" for file in files
            if file.startswith(asset)]
print(json.dumps({
    "modules": len(compiled),
    "bytes": sum(os.path.getsize(file) for file in compiled),
    "dataclasses": len({each for module in list(sys.modules.values()) if module.__name__.startswith("functions.")
                        for each in vars(module).values()
                        if isinstance(each, type) and "__dataclass_fields__" in vars(each)}),
    "library": sum(os.path.getsize(file) for file in files if not file.startswith(asset) and file.endswith(".py")),
}))
"""


@pytest.fixture(scope="module")
def built() -> Path:
    return asset.build()


def count(built: Path, compiled: Path, *modules: str) -> dict[str, int]:
    """Return the modules that a process of its own loads; the next process uses the modules that one has compiled."""
    done = subprocess.run(
        [sys.executable, "-S", "-X", f"pycache_prefix={compiled}", "-c", COUNT, str(built), *modules],
        cwd=built,
        env={},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded: dict[str, int] = json.loads(done.stdout)
    return loaded


@pytest.mark.timeout(240)
def test_no_handler_loads_much_more_than_it_did(built: Path, tmp_path: Path):
    """Each one alone, since each is a Lambda of its own."""
    library = count(built, tmp_path, "botocore.session", "pynamodb.models", "aws_lambda_powertools.logging")["library"]
    for route in LAMBDAS:
        loaded = count(built, tmp_path, f"functions.handlers.{route.module}")
        assert loaded["modules"] <= MODULES * GROWTH_MAX, route.key
        assert loaded["bytes"] <= CODE_BYTES * GROWTH_MAX, route.key
        assert loaded["dataclasses"] <= DATACLASSES_MAX, route.key
        assert loaded["library"] <= library * LIBRARY_GROWTH_MAX, route.key
