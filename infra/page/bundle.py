"""The page as it is uploaded, bundled and minified; developers are served the modules as they are written.

It is built under build/bundle/<key>, where the key is a hash of all that goes in: a second synthesis finds it ready.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from infra.tools import node
from infra.tools.builds import digest, unfinished

BUILD_SECONDS_MAX = 60

_SCRIPT = node.TOOLS / "bundle.mjs"
_OWN_SOURCES = (_SCRIPT, node.TOOLS / "package-lock.json")


class BundleError(RuntimeError):
    """The page cannot be bundled; the sentence says why."""


def build(frontend: Path, builds: Path) -> Path:
    """Return the folder of the bundled page, in a folder of `builds` that is named by its sources."""
    finished = builds / _key(frontend)
    if not finished.exists():
        node.install()
        with unfinished(finished) as page:
            _run(frontend.resolve(), page.resolve())
    return finished


def _run(frontend: Path, output: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own script
        [node.executable(), str(_SCRIPT), str(frontend), str(output)],
        cwd=node.TOOLS,
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS_MAX,
        check=False,
    )
    if done.returncode:
        raise BundleError(f"The page cannot be bundled:\n{done.stdout}{done.stderr}")


def _key(frontend: Path) -> str:
    pages = [(path.relative_to(frontend), path) for path in sorted(frontend.rglob("*")) if path.is_file()]
    return digest([*pages, *((path.name, path) for path in _OWN_SOURCES)])[:16]
