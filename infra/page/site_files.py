"""The page as it is uploaded: assets under a folder named by their content, and every reference pointing into it.

File names do not change when files do. Here every asset goes under `v/<hash of them all>/`, where it may be cached for
ever, and the few files whose address people and browsers know stay at the root and are asked for each time. An old page
keeps finding its own scripts while a deployment runs and afterwards, since old folders stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from infra.page import digests, site_headers
from infra.page.dress import Dress
from infra.page.imprint import Imprint, address_card, fill_in
from infra.tools.builds import digest, unfinished

NOBODY = Imprint()
NAKED = Dress()

VERSIONED = "v"
ENTRY = "index.html"

# Files that are not the page: its tests, its types' configuration, its notes, and the configuration of a deployment.
_LEFT_OUT = ("*.test.js", "*.d.ts", "*.md", "jsconfig.json", "tsconfig.json", "package.json", "config.json")

# Files that are found by their address and so stay at the root. A service worker serves the folder that it is in.
_AT_ROOT = ("*.html", "*.webmanifest", "robots.txt", "favicon.ico", "service-worker.js", ".well-known/*")

_TEXT = frozenset({".html", ".js", ".mjs", ".css", ".webmanifest", ".json", ".svg"})

# A path from the root, in quotes or brackets: "/images/icon.svg", url(/fonts/one.woff2), "/page.html#part".
_FROM_ROOT = re.compile(r"""(?<=["'`(])/(?P<path>[\w./-]+)(?=["'`)?#])""")

# A reference of a page that does not begin at the root.
_RELATIVE = re.compile(r"""\b(?:src|href)\s*=\s*["'](?P<path>[\w.][\w./-]*)["'?#]""")


class SiteError(ValueError):
    """The page cannot be deployed as it is; the sentence says why."""


@dataclass(frozen=True, slots=True)
class SiteFiles:
    """Two folders to upload: `assets` (all below v/) may be cached for ever, `pages` never."""

    assets: Path
    pages: Path
    version: str

    @property
    def styles(self) -> list[str]:
        """How the page's policy names the styles that stand in the page itself."""
        return site_headers.styles_in((self.pages / ENTRY).read_text(encoding="utf-8"))


def prepare(frontend: Path, builds: Path, imprint: Imprint = NOBODY, dress: Dress = NAKED) -> SiteFiles:
    """Return the page, split, rewritten and filled in, in a folder of `builds` that is named by its content."""
    names = [PurePosixPath(path.relative_to(frontend)) for path in sorted(frontend.rglob("*")) if path.is_file()]
    deployed = [name for name in names if not any(name.match(pattern) for pattern in _LEFT_OUT)]
    assets = {name for name in deployed if not _is_at_root(name)}
    version = _hash(frontend, sorted(assets))
    finished = builds / _hash(frontend, deployed, imprint, dress, digests.FILE)
    if not finished.exists():
        with unfinished(finished) as site:
            for name in deployed:
                home = f"assets/{VERSIONED}/{version}" if name in assets else "pages"
                content = _rewritten(frontend / name, name, assets, f"/{VERSIONED}/{version}", imprint, dress)
                _write(site / home / name, content)
            for path, picture in dress.files.items():
                _write(site / "pages" / path, picture)
            _write(site / "pages" / digests.FILE, digests.of_folders(site / "pages", site / "assets"))
    return SiteFiles(finished / "assets", finished / "pages", version)


def rewrite(text: str, assets: set[PurePosixPath], base: str) -> str:
    """Point each path from the root that names an asset to its place under `base`; other paths stay as they are."""

    def replace(match: re.Match[str]) -> str:
        return f"{base}/{match['path']}" if PurePosixPath(match["path"]) in assets else match[0]

    return _FROM_ROOT.sub(replace, text)


def _rewritten(
    path: Path, name: PurePosixPath, assets: set[PurePosixPath], base: str, imprint: Imprint, dress: Dress
) -> bytes:
    content = path.read_bytes()
    if name.suffix not in _TEXT:
        return content
    text = dress.put_on(str(name), content.decode())
    if name not in assets:
        for found in _RELATIVE.finditer(text):
            if PurePosixPath(found["path"]) in assets:
                raise SiteError(
                    f"{name} refers to {found['path']}: a page refers to its files from the root, with a /."
                )
        text = fill_in(text, imprint)
    return address_card(rewrite(text, assets, base), imprint).encode()


def _is_at_root(name: PurePosixPath) -> bool:
    """Match from the root: a pattern with one part means a file that lies in no folder."""
    return any(name.match(pattern) and len(name.parts) == len(PurePosixPath(pattern).parts) for pattern in _AT_ROOT)


def _hash(frontend: Path, names: list[PurePosixPath], *filled_in: object) -> str:
    return digest(((name, frontend / name) for name in names), *filled_in)[:12]


def _write(path: Path, content: bytes | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
