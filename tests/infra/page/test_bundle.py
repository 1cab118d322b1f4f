"""The uploaded page is bundled: fewer requests for the same page, and each file is where its name says."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from pathlib import Path

import pytest

from infra.page import bundle, site_files
from infra.stack.assembly import BUNDLES, FRONTEND
from infra.tools import node

PAGE = """<head>
  <link rel="stylesheet" href="/styles/a.css">
  <link rel="stylesheet" href="/styles/b.css">
  <script type="module" src="/main.js"></script>
</head><body>
<link rel="stylesheet" href="/styles/c.css">
</body>
"""
TERMS = '<link rel="stylesheet" href="/styles/a.css">\n<link rel="stylesheet" href="/styles/b.css">\n'


def _site(folder: Path, **changed: str) -> Path:
    files = {
        "index.html": PAGE,
        "terms.html": '<link rel="stylesheet" href="/styles/a.css">\n',
        "main.js": 'import { word } from "./deep/word.js"; show(word, () => import("./strings/de.js"));',
        "deep/word.js": 'export const word = "ünïcode";',
        "strings/de.js": "export default 1;",
        "service-worker.js": 'const FILES = ["/styles/a.css", "/styles/b.css"]; keep(FILES);',
        "styles/a.css": "a { color: red; }",
        "styles/b.css": "a { color: blue; background: url(/images/i.svg); }",
        "styles/c.css": "c { color: green; }",
        "images/i.svg": "<svg/>",
    }
    for name, text in {**files, **changed}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_each_row_of_stylesheets_becomes_one_in_its_order(tmp_path: Path) -> None:
    """A later rule wins as before."""
    page = bundle.build(_site(tmp_path / "site", **{"terms.html": TERMS}), tmp_path / "builds")
    named = re.findall('stylesheet" href="/([^"]+)"', (page / "terms.html").read_text())

    assert named == ["styles/b.css"]
    assert (page / "styles" / "b.css").read_text().split() == [
        "a{color:red}a{color:#00f;background:url(/images/i.svg)}"
    ]


def test_styles_that_the_first_paint_needs_stand_in_the_page_itself(tmp_path: Path) -> None:
    """And comes with the rest as well, for when the policy does not name it yet; its addresses move as all do."""
    page = bundle.build(_site(tmp_path / "site"), tmp_path / "builds")
    files = site_files.prepare(page, tmp_path / "site-builds")
    document = (files.pages / "index.html").read_text()
    (style,) = re.findall("<style>(.*?)</style>", document, re.DOTALL)

    assert style.startswith("a{color:red}a{color:#00f;background:url(/v/")
    assert document.index("<style>") < document.index("<script")
    assert len(files.styles) == 1
    assert re.findall('stylesheet" href="/v/[^/]+/([^"]+)"', document) == ["styles/c.css"]
    assert (page / "styles" / "c.css").read_text().startswith("a{color:red}")


def test_documents_with_the_same_row_share_its_bundle(tmp_path: Path) -> None:
    """One file serves the row in every language of a document."""
    row = '<link rel="stylesheet" href="/styles/b.css">\n<link rel="stylesheet" href="/styles/a.css">\n'
    page = bundle.build(_site(tmp_path / "site", **{"terms.html": row, "terms.de.html": row}), tmp_path / "builds")

    assert "/styles/a.css" in (page / "terms.html").read_text()
    assert "/styles/a.css" in (page / "terms.de.html").read_text()
    assert sorted(path.name for path in (page / "styles").iterdir()) == ["a.css", "c.css"]


def test_two_different_rows_that_would_share_a_name_are_refused(tmp_path: Path) -> None:
    row = '<link rel="stylesheet" href="/styles/a.css">\n<link rel="stylesheet" href="/styles/c.css">\n'
    with pytest.raises(bundle.BundleError, match="Two different rows"):
        bundle.build(_site(tmp_path / "site", **{"terms.html": row}), tmp_path / "builds")


def test_scripts_are_bundled_and_what_is_imported_later_stays_apart(tmp_path: Path) -> None:
    page = bundle.build(_site(tmp_path / "site"), tmp_path / "builds")
    main = (page / "main.js").read_text()

    assert "ünïcode" in main
    assert not (page / "deep").exists()
    assert sorted(path.name.split("-")[0] for path in (page / "chunks").iterdir()) == ["de"]


def test_the_service_worker_keeps_what_the_bundled_page_names(tmp_path: Path) -> None:
    page = bundle.build(_site(tmp_path / "site", **{"terms.html": TERMS}), tmp_path / "builds")

    assert '["/styles/b.css"]' in (page / "service-worker.js").read_text()


def test_the_files_that_the_real_service_worker_keeps_exist(tmp_path: Path) -> None:
    """One file that is missing would leave the visitor without an offline page."""
    files = site_files.prepare(bundle.build(FRONTEND, BUNDLES), tmp_path)
    worker = (files.pages / "service-worker.js").read_text()
    kept = re.findall(r'"(/[\w./-]+\.\w+)"', worker)
    offline = re.findall('(?:src|href)="(/[^"]+\\.[a-z]+)"', (files.pages / "offline.html").read_text())

    assert [path for path in kept if not any((root / path[1:]).exists() for root in (files.assets, files.pages))] == []
    assert set(offline) <= set(kept), "the offline page names a file that is not kept"


def test_the_same_page_gives_the_same_bytes(tmp_path: Path) -> None:
    """An unchanged page is uploaded to the same address."""
    one, two = (bundle.build(FRONTEND, tmp_path / name) for name in ("one", "two"))

    for path in (each for each in one.rglob("*") if each.is_file()):
        assert path.read_bytes() == (two / path.relative_to(one)).read_bytes(), path.name


def test_a_page_that_does_not_parse_is_refused_in_words(tmp_path: Path) -> None:
    site = _site(tmp_path / "site", **{"main.js": "import from nowhere"})

    with pytest.raises(bundle.BundleError, match=r"(?s)cannot be bundled.*main\.js"):
        bundle.build(site, tmp_path / "builds")
    assert list((tmp_path / "builds").iterdir()) == []


def test_two_builds_at_once_install_the_tools_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that began on a half-installed tool would fail with words of the system's."""
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_bytes((node.TOOLS / name).read_bytes())
    runs: list[str] = []

    def run(command: list[str], *, cwd: Path, **_: object) -> None:
        runs.append("begin")
        time.sleep(0.2)
        (cwd / "node_modules").mkdir(exist_ok=True)
        (cwd / "node_modules" / ".package-lock.json").touch()

    monkeypatch.setattr(subprocess, "run", run)
    threads = [threading.Thread(target=node.install, args=[tmp_path]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert runs == ["begin"]
