"""The page as it is uploaded, bundled and minified; developers are served the modules as they are written.

It is built under build/bundle/<key>, where the key is a hash of all that goes in: a second synthesis finds it ready.
"""

from __future__ import annotations

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
            done = node.run(_SCRIPT, str(frontend.resolve()), str(page.resolve()), seconds=BUILD_SECONDS_MAX)
            if done.returncode:
                raise BundleError(f"The page cannot be bundled:\n{done.stdout}{done.stderr}")
    return finished


def _key(frontend: Path) -> str:
    pages = [(path.relative_to(frontend), path) for path in sorted(frontend.rglob("*")) if path.is_file()]
    return digest([*pages, *((path.name, path) for path in _OWN_SOURCES)])[:16]
