"""The page is split into files that browsers keep and files that they ask for; every reference still finds its file."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath

import pytest

from infra.page import bundle, digests, site_files
from infra.page.imprint import Imprint
from infra.stack.assembly import BUNDLES, FRONTEND

PAGE = '<link href="/styles/a.css"><a href="/privacy.html">P</a><script type="module" src="/main.js?x"></script>'


def _write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def _site(tmp_path: Path, **changed: str) -> Path:
    files = {
        "index_html": PAGE,
        "privacy_html": "",
        "main_js": 'import "./b.js"; show("/images/i.svg"); fetch("/config.json");',
        "b_js": "",
        "b_test_js": "",
        "config_json": "{}",
        "styles__a_css": "body { background: url(/images/i.svg); }",
        "images__i_svg": "<svg/>",
    }
    return _write(tmp_path / "frontend", **{**files, **changed})


def test_assets_move_under_their_version_and_references_follow(tmp_path: Path) -> None:
    """A path from the root finds its asset; links to pages, relative imports and other addresses stay."""
    files = site_files.prepare(_site(tmp_path), tmp_path / "builds")
    base = f"/v/{files.version}"
    main = (files.assets / "v" / files.version / "main.js").read_text()

    assert (files.pages / "index.html").read_text() == PAGE.replace("/styles", f"{base}/styles").replace(
        "/main", f"{base}/main"
    )
    assert main == f'import "./b.js"; show("{base}/images/i.svg"); fetch("/config.json");'
    assert f"url({base}/images/i.svg)" in (files.assets / "v" / files.version / "styles" / "a.css").read_text()


def test_only_the_page_is_deployed(tmp_path: Path) -> None:
    """No test, no configuration of localhost."""
    files = site_files.prepare(_site(tmp_path), tmp_path / "builds")

    assert {path.name for path in files.pages.rglob("*")} == {"index.html", "privacy.html", "sha256sums.txt"}
    assert not list(files.assets.rglob("*.test.js"))


def test_the_version_is_the_assets_content(tmp_path: Path) -> None:
    """A changed asset gets a new address; a changed page does not make browsers fetch everything again."""
    version = site_files.prepare(_site(tmp_path / "one"), tmp_path / "builds").version
    same = site_files.prepare(_site(tmp_path / "two", index_html="changed"), tmp_path / "builds").version
    other = site_files.prepare(_site(tmp_path / "three", b_js="changed"), tmp_path / "builds").version

    assert version == same != other


def test_a_page_that_refers_relatively_is_refused(tmp_path: Path) -> None:
    """It would work on localhost and not find its file when deployed."""
    with pytest.raises(site_files.SiteError, match=r"index\.html refers to main\.js"):
        site_files.prepare(_site(tmp_path, index_html='<script src="main.js"></script>'), tmp_path / "builds")


def test_the_real_page_finds_all_its_files(tmp_path: Path) -> None:
    """Every address of a file in the deployed pages, scripts and styles exists where it points."""
    files = site_files.prepare(bundle.build(FRONTEND, BUNDLES), tmp_path)
    uploaded = [(root, path) for root in (files.assets, files.pages) for path in root.rglob("*")]
    present = {f"/{path.relative_to(root)}" for root, path in uploaded}
    texts = [path for _, path in uploaded if path.suffix in {".html", ".js", ".css"}]

    followed = 0
    for path in texts:
        for found in re.findall(r"""["'`(](/v/[\w./-]+)["'`)]""", path.read_text()):
            assert found in present, f"{path.name}: {found}"
        for found in re.findall(r"""\b(?:from|import)\s*\(?\s*["'](\.[\w./-]+)["']""", path.read_text()):
            followed += 1
            assert (path.parent / PurePosixPath(found)).resolve().exists(), f"{path.name}: {found}"
    assert "/index.html" in present
    assert followed > len(list((FRONTEND / "strings").iterdir()))


def test_every_uploaded_file_is_in_the_list_beside_them(tmp_path: Path) -> None:
    """With the hash of the served file: filled in, rewritten, under its version."""
    files = site_files.prepare(_site(tmp_path), tmp_path / "builds")
    listed = digests.read((files.pages / digests.FILE).read_text())
    uploaded = {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for root in (files.pages, files.assets)
        for path in root.rglob("*")
        if path.is_file() and path.name != digests.FILE
    }

    assert listed == uploaded
    assert f"v/{files.version}/main.js" in listed


def test_two_operators_of_one_version_differ_in_documents_only(tmp_path: Path) -> None:
    """So anybody with the repository can compare every script of every site."""
    site = _site(tmp_path, privacy_html="{{operator_name}}")
    one, other = (
        digests.read((site_files.prepare(site, tmp_path / "builds", who).pages / digests.FILE).read_text())
        for who in (Imprint(), Imprint("Example", "help@example.org"))
    )

    assert {path for path in one if one[path] != other[path]} == {"privacy.html"}
