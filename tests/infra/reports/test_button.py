"""A link and a button for other sites: one's own words, nothing fetched, nothing that breaks out."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from infra.page.brand import Brand
from infra.reports import button

URL = "https://chat.example.org/?a=1&b=2"


class Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_link_and_a_button_lead_to_the_page_in_the_brands_words() -> None:
    """Each is one element that fetches nothing."""
    brand = Brand(name="L'Angle & Co", tagline="Meet around the corner.", accent="#0a6b4f")
    link, made = (Reader(text) for text in button.snippets(brand, URL, "en"))

    assert [tag for tag, _ in (*link.tags, *made.tags)] == ["a", "a"]
    assert {attributes["href"] for _, attributes in (*link.tags, *made.tags)} == {URL}
    assert (link.words, made.words) == ("L'Angle & Co", "Meet around the corner.")
    style = made.tags[0][1]["style"]
    assert style is not None
    assert "background:#0a6b4f" in style
    assert "url(" not in style


@pytest.mark.parametrize("language", ["en", "ar", "de", "es", "fr", "hi", "ja", "pt", "ru", "zh"])
def test_a_button_speaks_each_language_of_the_page(language: str) -> None:
    """With the product's words where the operator has none."""
    _, made = button.snippets(Brand(), URL, language)
    read = Reader(made)

    assert read.words.strip()
    assert read.tags[0][1]["lang"] == language
    assert ("passing by" in read.words) is (language == "en")


def test_without_an_address_it_asks_for_one(capsys: pytest.CaptureFixture[str]) -> None:
    """And takes nothing that is none."""
    for url in ("", "javascript:alert(1)", "http://chat.example.org"):
        assert button.main(["--url", url]) == 1
        assert capsys.readouterr().err.startswith("Where is the page?")

    assert button.main(["--url", "https://chat.example.org/"]) == 0
    assert '<a href="https://chat.example.org/"' in capsys.readouterr().out
