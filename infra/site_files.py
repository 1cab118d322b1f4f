"""The page as it is uploaded: assets under a folder named by their content, pages that point into it.

There is no build step, so file names do not change when files do. Here every asset goes under `v/<hash of them all>/`,
where it may be cached for ever, and the few files whose address people and browsers know stay at the root and are asked
for each time. An old page keeps finding its own scripts while a deployment runs and afterwards, since old folders stay.
Scripts and styles refer to one another relatively, so only what stays at the root needs its references rewritten.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

VERSIONED = "v"
ENTRY = "index.html"

# What is not the page: its tests, its types' configuration, its notes, and the configuration of a deployment.
_LEFT_OUT = ("*.test.js", "*.test.mjs", "jsconfig.json", "tsconfig.json", "package.json", "README.md", "config.json")

# What is found by its address and so stays at the root. A service worker serves the folder that it is in.
_AT_ROOT = ("*.html", "*.webmanifest", "robots.txt", "favicon.ico", "service-worker.js", ".well-known/*")
_REWRITTEN = frozenset({".html", ".webmanifest"})

# href="…", src="…" and content="…" of HTML, "src": "…" of a manifest.
_REFERENCE = re.compile(
    r"""(?P<before>\b(?:src|href|content)["']?\s*[=:]\s*["'])(?P<path>[^"'#?:]+)(?P<after>[#?][^"']*)?(?=["'])"""
)


class SiteError(ValueError):
    """The page cannot be deployed as it is; the sentence says why."""


@dataclass(frozen=True, slots=True)
class SiteFiles:
    """Two folders to upload: `assets` (all below v/) may be cached for ever, `pages` never."""

    assets: Path
    pages: Path
    version: str


def prepare(frontend: Path, target: Path) -> SiteFiles:
    """Copy the page into `target`, split and rewritten."""
    names = [path.relative_to(frontend) for path in sorted(frontend.rglob("*")) if path.is_file()]
    deployed = [name for name in names if not any(name.match(pattern) for pattern in _LEFT_OUT)]
    pages = [name for name in deployed if _is_at_root(name)]
    assets = [name for name in deployed if name not in set(pages)]
    version = _version(frontend, assets)
    files = SiteFiles(target / "assets", target / "pages", version)
    shutil.rmtree(target, ignore_errors=True)
    known = {PurePosixPath(name) for name in assets}
    for name in assets:
        _check_relative(frontend / name, known)
        _copy(frontend / name, files.assets / VERSIONED / version / name)
    for name in pages:
        _copy(frontend / name, files.pages / name)
        if name.suffix in _REWRITTEN:
            page = files.pages / name
            page.write_text(rewrite(page.read_text(), known, f"/{VERSIONED}/{version}"))
    return files


def rewrite(page: str, assets: set[PurePosixPath], base: str) -> str:
    """Point each reference to one of the assets to its place under `base`; links to other pages stay as they are."""

    def replace(match: re.Match[str]) -> str:
        path = PurePosixPath(match["path"].removeprefix("/").removeprefix("./"))
        if path not in assets:
            return match[0]
        return f"{match['before']}{base}/{path}{match['after'] or ''}"

    return _REFERENCE.sub(replace, page)


def _check_relative(path: Path, assets: set[PurePosixPath]) -> None:
    """Refuse a script or style that names another asset from the root, where a deployed site does not have it."""
    if path.suffix in {".js", ".mjs", ".css"}:
        for found in re.finditer(r"""["'(]/([\w./-]+)["')]""", path.read_text()):
            if PurePosixPath(found[1]) in assets:
                raise SiteError(f"{path.name} refers to /{found[1]}: assets refer to one another relatively.")


def _is_at_root(name: Path) -> bool:
    """Match from the root: a pattern with one part means a file that lies in no folder."""
    return any(name.match(pattern) and len(name.parts) == len(PurePosixPath(pattern).parts) for pattern in _AT_ROOT)


def _version(frontend: Path, assets: list[Path]) -> str:
    digest = hashlib.sha256()
    for name in assets:
        content = (frontend / name).read_bytes()
        digest.update(f"{name.as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:12]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
