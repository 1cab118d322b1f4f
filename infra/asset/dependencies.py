"""Which installed packages go into the Lambda asset, and their files, each checked against its recorded hash.

The asset is copied from the environment that the tests run in, which pip filled from requirements.lock with hashes:
what was tested is what is deployed, and building needs neither network nor Docker. That holds as long as the packages
are pure Python, which is checked; one with machine code would need a wheel for the Lambdas' processor.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
WANTED = ROOT / "requirements-lambda.in"

# Lambda's side of the markers in a package's requirements.
LAMBDA_MARKERS = {
    "python_version": "3.13",
    "python_full_version": "3.13.0",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "aarch64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "os_name": "posix",
    "extra": "",
}


class AssetError(RuntimeError):
    """The asset cannot be built from the installed packages; the sentence says why."""


def wanted() -> list[Requirement]:
    """Return what requirements-lambda.in lists."""
    lines = (line.partition("#")[0].strip() for line in WANTED.read_text().splitlines())
    return [Requirement(line) for line in lines if line]


def closure() -> list[Distribution]:
    """Return the wanted packages and all that they need on Lambda, by name, in the wanted versions."""
    found: dict[str, Distribution] = {}
    pending = wanted()
    while pending:
        requirement = pending.pop()
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        installed = found.get(name) or _installed(name)
        if not requirement.specifier.contains(installed.version, prereleases=True):
            raise AssetError(
                f"{name} {installed.version} is installed, {requirement} is wanted: install requirements.lock."
            )
        if name not in found:
            found[name] = installed
            needs = (Requirement(line) for line in installed.requires or ())
            pending += [each for each in needs if not each.marker or each.marker.evaluate(LAMBDA_MARKERS)]
    return [found[name] for name in sorted(found)]


def files(package: Distribution) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield the path and content of each file that a program imports or reads, checked against the package's record."""
    if "Root-Is-Purelib: true" not in (package.read_text("WHEEL") or ""):
        raise AssetError(
            f"{package.name} has machine code, which the copy on this computer has for this computer only."
        )
    for path in package.files or ():
        if _belongs(path):
            content = Path(str(path.locate())).read_bytes()
            if path.hash and path.hash.value != _recorded_form(content, path.hash.mode):
                raise AssetError(
                    f"{path} is not what {package.name} {package.version} came with: install requirements.lock anew."
                )
            yield path, content


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise AssetError(f"{name} is not installed: install requirements.lock.") from None


def _belongs(path: PurePosixPath) -> bool:
    """Neither scripts (`../../bin`), metadata, type stubs nor bytecode of this computer's Python."""
    first = path.parts[0]
    return first != ".." and not first.endswith(".dist-info") and path.suffix not in {".pyc", ".pyi"}


def _recorded_form(content: bytes, algorithm: str) -> str:
    digest = hashlib.new(algorithm, content).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
