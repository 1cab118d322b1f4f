"""What the page weighs, and that it fetches what it needs in one go."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

FRONTEND = Path(__file__).parents[2] / "frontend"
KILOBYTE = 1024
# Pages of their own, which the page links to and never fetches.
DOCUMENTS = {FRONTEND / name for name in ("terms.html", "privacy.html", "safety.html", "styles/document.css")}
DOCUMENT_KILOBYTES_MAX = 5
# All that one visitor can come to fetch: the whole page with video, English and their own language, the offline page.
VISIT_KILOBYTES_MAX = 120
# What it takes to talk in text, in English.
TEXT_KILOBYTES_MAX = 90

IMPORT = re.compile(r"""^(?:import|export)\s[^;]*?from\s+["'](\.[^"']+)["']""", re.MULTILINE)
PRELOAD = re.compile(r'<link rel="modulepreload" href="/([^"]+)">')


def imported_from(module: Path, known: set[Path]) -> set[Path]:
    """Return all modules that are fetched because of `module`, itself left out."""
    for name in IMPORT.findall(module.read_text(encoding="utf-8")):
        path = (module.parent / name).resolve()
        if path not in known:
            known.add(path)
            imported_from(path, known)
    return known


def weigh(*paths: Path) -> float:
    """Return the kilobytes of files, each compressed as a server sends it."""
    return sum(len(gzip.compress(path.read_bytes())) for path in paths) / KILOBYTE


def test_all_of_the_page_is_light() -> None:
    """Whatever a visitor does, and in the heaviest language."""
    languages = set((FRONTEND / "strings").iterdir())
    pictures = set((FRONTEND / "images").iterdir()) - {FRONTEND / "images" / "icon.svg"}
    rest = {path for path in FRONTEND.rglob("*") if path.is_file()} - languages - pictures - DOCUMENTS
    heaviest = max(languages, key=weigh)
    weight = weigh(*rest, FRONTEND / "strings" / "en.js", heaviest)

    assert weight < VISIT_KILOBYTES_MAX, f"{weight:.1f} KB"


def test_a_document_is_lightest() -> None:
    """One of the pages to read, with its styles."""
    styles = [FRONTEND / "styles" / name for name in ("colors.css", "theme.css", "base.css", "document.css")]

    for document in DOCUMENTS - set(styles):
        assert weigh(document, *styles) < DOCUMENT_KILOBYTES_MAX, document.name


def test_a_text_chat_is_lighter_still() -> None:
    """The page, its styles and the modules that it imports; those of the call come only with video."""
    modules = imported_from(FRONTEND / "main.js", {FRONTEND / "main.js"})
    weight = weigh(FRONTEND / "index.html", *(FRONTEND / "styles").iterdir(), *modules)

    assert weight < TEXT_KILOBYTES_MAX, f"{weight:.1f} KB"


def test_the_page_names_the_modules_it_will_need() -> None:
    """They are fetched at once instead of one after the other, as each import is found in the one before."""
    modules = {str(path.relative_to(FRONTEND)) for path in imported_from(FRONTEND / "main.js", set())}
    named = PRELOAD.findall((FRONTEND / "index.html").read_text(encoding="utf-8"))

    assert sorted(modules) == named


def test_no_module_makes_markup_of_a_string() -> None:
    """What strangers say can only ever become text."""
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function")
    found = [path.name for path in FRONTEND.rglob("*.js") if forbidden.search(path.read_text(encoding="utf-8"))]

    assert found == []


def test_the_page_asks_nobody_else() -> None:
    """No third party is named in any file; whoever is here is known to this site alone."""
    address = re.compile(r"https?://(?!www\.w3\.org/2000/svg)[^\s\"']+")
    suffixes = {".html", ".js", ".css", ".svg", ".webmanifest"}
    files = [path for path in FRONTEND.rglob("*") if path.suffix in suffixes]
    found = {path.name: address.findall(path.read_text(encoding="utf-8")) for path in files}

    assert {name: addresses for name, addresses in found.items() if addresses} == {}
