"""The weight of the page as it is uploaded, and that it fetches all that it needs in one go."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from infra.page import bundle
from tests.frontend.site import BUNDLES, FOLDER

KILOBYTE = 1024
# Pages of their own, which the page links to and never fetches.
DOCUMENTS = ("terms", "privacy", "safety", "mine", "complaint", "transparency")
# A file of one of them alone: the page of figures names the reasons of reports in its reader's language.
OF_DOCUMENTS = "language-"
DOCUMENT_KILOBYTES_MAX = 5
# The ones that do something, with their scripts: what is kept of this browser is seen, saved and erased; a form.
KILOBYTES_MAX = {"mine": 9, "complaint": 6}
# All that one visitor can come to fetch: the whole page with video, English and their own language, the offline page.
VISIT_KILOBYTES_MAX = 90
# The files that a talk in text needs, in English.
TEXT_KILOBYTES_MAX = 55
LANGUAGE = re.compile(r"[a-z]{2}-\w{8}\.js")

IMPORT = re.compile(r"""(?:\bfrom|\bimport)["'](\.[^"']+)["']""")
NAMED = re.compile(r"""(?:src|href)="/([^"]+\.(?:js|css))\"""")
PRELOAD = re.compile(r'<link rel="modulepreload" href="/([^"]+)">')


@pytest.fixture(scope="module")
def page() -> Path:
    """The folder that is uploaded."""
    return bundle.build(FOLDER, BUNDLES)


def imported_from(module: Path) -> set[Path]:
    """Return all modules that are fetched because of `module`, itself left out."""
    found = {(module.parent / name).resolve() for name in IMPORT.findall(module.read_text(encoding="utf-8"))}
    return found.union(*(imported_from(each) for each in found))


def weigh(*paths: Path) -> float:
    """Return the kilobytes of files, each compressed as a server sends it."""
    return sum(len(gzip.compress(path.read_bytes())) for path in paths) / KILOBYTE


def test_all_of_the_page_is_light(page: Path) -> None:
    """With any actions of a visitor, and in the heaviest language."""
    files = {path for path in page.rglob("*") if path.is_file()}
    languages = {path for path in files if LANGUAGE.fullmatch(path.name)}
    pictures = set((page / "images").iterdir()) - {page / "images" / "icon.svg"}
    documents = {page / "styles" / "document.css"} | {
        path for path in files if path.name.startswith((*DOCUMENTS, OF_DOCUMENTS))
    }
    weight = weigh(*files - languages - pictures - documents, max(languages, key=weigh))

    assert len(languages) == len(list((FOLDER / "strings").iterdir())) - 1
    assert weight < VISIT_KILOBYTES_MAX, f"{weight:.1f} KB"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_lightest(page: Path, name: str) -> None:
    """One of the pages to read, with all that it names."""
    document = page / f"{name}.html"
    named = [page / path for path in NAMED.findall(document.read_text(encoding="utf-8"))]

    assert named
    assert weigh(document, *named) < KILOBYTES_MAX.get(name, DOCUMENT_KILOBYTES_MAX)


def test_a_text_chat_is_lighter_still(page: Path) -> None:
    """The page, its styles and the modules that it imports; those of the call come only with video."""
    named = {page / path for path in NAMED.findall((page / "index.html").read_text(encoding="utf-8"))}
    needed = named.union(*(imported_from(path) for path in named if path.suffix == ".js"))
    weight = weigh(page / "index.html", *needed)

    assert not any(path.name.startswith(("call-", "calls-")) for path in needed)
    assert weight < TEXT_KILOBYTES_MAX, f"{weight:.1f} KB"


def test_the_page_names_the_modules_it_will_need(page: Path) -> None:
    """They are fetched at once instead of one after the other, as each import is found in the one before."""
    modules = imported_from(page / "main.js") | imported_from(page / "spoken.js")
    named = PRELOAD.findall((page / "index.html").read_text(encoding="utf-8"))

    assert sorted(str(path.relative_to(page.resolve())) for path in modules) == named != []


def test_no_module_makes_markup_of_a_string() -> None:
    """The words of strangers can only ever become text."""
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function")
    found = [path.name for path in FOLDER.rglob("*.js") if forbidden.search(path.read_text(encoding="utf-8"))]

    assert found == []


def test_the_page_asks_nobody_else() -> None:
    """No third party is named in any file; only this site knows its visitors."""
    address = re.compile(r"https?://(?!www\.w3\.org/2000/svg)[^\s\"']+")
    suffixes = {".html", ".js", ".css", ".svg", ".webmanifest"}
    files = [path for path in FOLDER.rglob("*") if path.suffix in suffixes]
    found = {path.relative_to(FOLDER).as_posix(): address.findall(path.read_text(encoding="utf-8")) for path in files}

    assert {name: addresses for name, addresses in found.items() if addresses} == {}
