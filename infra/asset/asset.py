"""The Lambda asset: `functions/` and its dependencies side by side, compiled for Lambda's Python, reproducibly.

It is built under build/lambda/<key>, where the key is a hash of all that goes in: a second synthesis finds it ready,
and an unchanged product deploys nothing. No network, no Docker, no credentials.

A zip without bytecode more than doubles the cold start: Lambda's folder is read-only, so each start compiles again.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path

from infra.asset import defer, dependencies, expressions, trim
from infra.tools import builds, node

PYTHON_VERSION = "3.13"  # the Lambda runtime; infra/tools pins the Pyodide of the same version
COMPILE_SECONDS_MAX = 120

FUNCTIONS = dependencies.ROOT / "functions"
BUILDS = dependencies.ROOT / "build" / "lambda"
ADDED = ("later.py", "prepared.py")  # modules that only the asset has
_MAKERS = ("asset/*.py", "tools/builds.py", "tools/bytecode.*", "tools/package-lock.json")


def build(*, trim_botocore: bool = True, small_ca_bundle: bool = True) -> Path:
    """Return the folder of the asset, built unless it is there."""
    packages = dependencies.closure()
    finished = BUILDS / _key(packages, trim_botocore, small_ca_bundle)
    if not finished.exists():
        node.install()
        with builds.unfinished(finished) as unfinished:
            _copy(packages, unfinished)
            if trim_botocore:
                trim.trim_data(unfinished / "botocore")
                trim.trim_documentation(unfinished / "botocore")
                trim.trim_http2(unfinished / "urllib3")
                trim.trim_events(unfinished / "botocore")
                defer.defer(unfinished, packages)
            if small_ca_bundle:
                trim.trim_authorities(unfinished / "botocore")
            _compile(unfinished)
            builds.let_everybody_read(unfinished)
    return finished


def _sources() -> Iterator[Path]:
    """Yield the product's own files that are deployed, in a fixed order."""
    for path in sorted(FUNCTIONS.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _makers() -> Iterator[Path]:
    """Yield the files that make the asset: a changed maker may make another asset."""
    infra = dependencies.ROOT / "infra"
    for pattern in _MAKERS:
        yield from sorted(infra.glob(pattern))


def _key(packages: list[Distribution], *options: object) -> str:
    files = ((path.relative_to(dependencies.ROOT), path) for path in (*_sources(), *_makers()))
    versions = [(each.name, each.version) for each in packages]
    return builds.digest(files, PYTHON_VERSION, versions, *options)[:16]


def _copy(packages: list[Distribution], folder: Path) -> None:
    folder.mkdir()
    for added in ADDED:
        shutil.copyfile(Path(__file__).with_name(added), folder / added)
    for package in packages:
        for name, content in dependencies.files(package):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    for path in _sources():
        target = folder / path.relative_to(dependencies.ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _compile(folder: Path) -> None:
    script, given = node.TOOLS / "bytecode.mjs", repr(expressions.compiled_by(folder))
    done = node.run(script, str(folder), PYTHON_VERSION, seconds=COMPILE_SECONDS_MAX, given=given)
    if done.returncode:
        raise dependencies.AssetError(f"The Lambda asset does not compile:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.stdout.write(f"{build()}\n")
