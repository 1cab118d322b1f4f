"""A site in a brand of its own names the product nowhere, and its scripts stay those of everybody."""

from __future__ import annotations

import base64
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra.page import bundle, digests, dress, site_files, site_headers
from infra.page.brand import BrandError, read
from infra.stack.assembly import BUNDLES, FRONTEND
from tests.infra.page.test_brand_images import SQUARE, png

NAME = "L'Angle & Co"
OTHER = {
    "name": NAME,
    "tagline": "Meet around the corner.",
    "words": {"de": {"tagline": "Triff wen bei {site}.", "terms": "Kleingedrucktes"}, "en": {"lead": "One & all."}},
    "accent": "#0a6b4f",
    "highlight": "#ffd166",
    "donation_url": "https://give.example.org/?to=us&now=1",
}
TAGS = ("en", "ar", "de", "es", "fr", "hi", "ja", "pt", "ru", "zh")
# Names of places on a visitor's own device, which nobody reads; another brand finds them again after an update.
UNSEEN = {"passerby.", "passerby", "passerby-choice", "passerby-offline-2", "passerby sealed 1", "passerby.language"}


def worn(folder: Path, **keys: Any) -> dress.Dress:
    return dress.make(read(keys), FRONTEND, folder)


def uploaded(folder: Path, brand: dress.Dress) -> dict[str, bytes]:
    """Return every file of the site by its path."""
    files = site_files.prepare(bundle.build(FRONTEND, BUNDLES), folder / "builds", dress=brand)
    roots = (files.pages, files.assets)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for root in roots
        for path in root.rglob("*")
        if path.is_file()
    }


def test_the_products_name_is_nowhere_but_in_pictures_that_nothing_shows(tmp_path: Path) -> None:
    """A visitor reads the operator's name, in ten languages, with and without scripts, installed and offline."""
    files = uploaded(tmp_path, worn(tmp_path, **OTHER))
    texts = {path: content.decode() for path, content in files.items() if not path.endswith(".png")}
    naming = {path for path, text in texts.items() if "Passerby" in text}
    shown = {path for path, text in texts.items() if any(f"{each}" in text for each in ("card.svg", "card.png"))}

    assert {path.rpartition("/")[2] for path in naming} == {"card.svg"}, "what the product's own card is drawn from"
    assert shown <= {"sha256sums.txt"}
    named = {path for path, text in texts.items() if html.escape(NAME) in text}
    assert named == {"index.html", "offline.html"} | {
        f"{kind}{'' if tag == 'en' else f'.{tag}'}.html"
        for kind in ("terms", "privacy", "safety", "mine", "complaint", "transparency")
        for tag in TAGS
    }
    assert json.loads(files["manifest.webmanifest"])["short_name"] == OTHER["name"]
    lower = {found for text in texts.values() for found in re.findall(r"[\"'`](passerby[\w .-]*)[\"'`]", text)}
    assert lower <= UNSEEN


def test_no_script_and_no_stylesheet_knows_the_brand(tmp_path: Path) -> None:
    """So everybody can compare them with the source, for any operator (docs/sealed.md)."""
    own, other = (
        digests.read(uploaded(tmp_path, each)["sha256sums.txt"].decode())
        for each in (dress.Dress(), worn(tmp_path, **OTHER))
    )
    changed = {path for path in own if own[path] != other.get(path)}

    assert {path for path in other if path.startswith("v/")} == {path for path in own if path.startswith("v/")}
    assert not {path for path in changed if path.startswith("v/") or path.endswith(".js")}
    assert set(other) - set(own) == {"brand/icon.svg", "brand/icon-alert.svg"}


def test_without_a_brand_every_file_is_as_it_was_written(tmp_path: Path) -> None:
    """Byte for byte, and a brand that repeats the defaults changes nothing either."""
    for brand in (dress.Dress(), worn(tmp_path), worn(tmp_path, name="Passerby")):
        for path in FRONTEND.glob("*.*"):
            assert brand.put_on(path.name, path.read_text()) == path.read_text()
        assert brand.files == {}


def test_the_start_page_has_the_operators_words_before_any_script(tmp_path: Path) -> None:
    """No other name is ever painted; the words of scripts stand in the document as data."""
    page = worn(tmp_path, **OTHER).put_on("index.html", (FRONTEND / "index.html").read_text())
    data = re.search(r'<script type="application/json" id="words">(.*)</script>', page)
    assert data is not None
    words = json.loads(data[1])

    assert "<title>L&#x27;Angle &amp; Co: Meet around the corner.</title>" in page
    assert '<meta property="og:title" content="L&#x27;Angle &amp; Co">' in page
    assert '<meta property="og:description" content="Meet around the corner.">' in page
    assert '<meta name="description" content="One &amp; all.">' in page
    assert '<h1 data-text="tagline">Meet around the corner.</h1>' in page
    assert '<p class="lead" data-text="lead">One &amp; all.</p>' in page
    assert 'href="https://give.example.org/?to=us&amp;now=1" target="_blank" rel="noopener" data-text="donate">' in page
    assert "og:image" not in page, "the product's card says its name"
    assert page.index('id="words"') < page.index("/spoken.js")
    assert set(words) == set(TAGS)
    assert words["de"]["tagline"] == "Triff wen bei {site}."
    assert all(each["donate"].strip() for each in words.values())


def test_every_document_has_the_brands_colours_under_one_hash(tmp_path: Path) -> None:
    """The policy of all documents is that of the start page."""
    brand = worn(tmp_path, **OTHER)
    pages = {path.name: brand.put_on(path.name, path.read_text()) for path in FRONTEND.glob("*.html")}
    (style,) = {hashed for page in pages.values() for hashed in site_headers.styles_in(page)}
    files = site_files.prepare(bundle.build(FRONTEND, BUNDLES), tmp_path / "builds", dress=brand)

    assert len(pages) > 30
    assert "--dusk:light-dark(#0a6b4f," in brand.style
    assert style in files.styles


def test_pictures_of_ones_own_are_in_every_place(tmp_path: Path) -> None:
    """The tab, the header, the home screen, the card; and the page without a network holds its own."""
    (tmp_path / "icon.svg").write_text(SQUARE.format('<path d="M0 0h9"/>'))
    (tmp_path / "touch.png").write_bytes(png(512, 512))
    (tmp_path / "card.png").write_bytes(png(1200, 630))
    brand = worn(tmp_path, name="Corner", icon="icon.svg", touch_icon="touch.png", card="card.png")
    page, alone, manifest = (
        brand.put_on(name, (FRONTEND / name).read_text())
        for name in ("index.html", "offline.html", "manifest.webmanifest")
    )

    assert set(brand.files) == {"brand/icon.svg", "brand/icon-alert.svg", "brand/touch-icon.png", "brand/card.png"}
    assert '<link rel="icon" href="/brand/icon.svg" type="image/svg+xml" data-alert="/brand/icon-alert.svg">' in page
    assert '<image href="/brand/icon.svg" width="48" height="48"/></symbol>' in page
    assert '<link rel="apple-touch-icon" href="/brand/touch-icon.png">' in page
    assert '<meta property="og:image" content="/brand/card.png">' in page
    assert "/images/icon" not in page
    assert "/brand/" not in alone
    assert alone.count(base64.b64encode(brand.files["brand/icon.svg"]).decode()) == 2
    assert [each["sizes"] for each in json.loads(manifest)["icons"]] == ["any", "512x512"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"en": {"taglin": "x"}}, r"brand\.words\.en\.taglin stands for no sentence"),
        ({"de": {"file_heading": "Ein Gespräch"}}, r"brand\.words\.de\.file_heading must have \{date\}"),
        ({"en": {"tagline": "Hello {name}"}}, r"brand\.words\.en\.tagline must have nothing in braces"),
        ({"en": {"searching_busy": "x", "tagline": "{}"}}, r"brand\.words\.en\.\w+ (must have|stands)"),
    ],
)
def test_words_that_stand_for_nothing_are_refused(words: object, sentence: str, tmp_path: Path) -> None:
    """A typing error, or a figure that would never be filled in."""
    with pytest.raises(BrandError, match=sentence):
        worn(tmp_path, words=words)


def test_every_sentence_of_the_page_can_be_put_in_other_words(tmp_path: Path) -> None:
    """All but those that have several forms by a number."""
    written = (FRONTEND / "strings" / "en.js").read_text()
    keys = re.findall(r'^  (\w+): "', written, re.MULTILINE)
    values = dict(re.findall(r'^  (\w+): "((?:[^"\\]|\\.)*)",?$', written, re.MULTILINE))

    assert len(keys) == len(values) > 150
    worn(tmp_path, words={"en": {key: values[key].replace("\\", "") for key in keys}})
