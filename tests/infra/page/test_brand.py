"""An operator's brand is taken, or refused in one sentence that names the key."""

from __future__ import annotations

import json

import pytest

from infra.options.context import OptionError, read
from infra.page.brand import Brand

WHOLE = {
    "name": "Corner & Co",
    "tagline": "Meet around the corner.",
    "words": {"de": {"tagline": "Triff wen um die Ecke."}},
    "accent": "#0a6b4f",
    "accent_dark": "#147156",
    "highlight": "#ffd166",
    "icon": "sites/corner/icon.svg",
    "touch_icon": "sites/corner/touch.png",
    "card": "sites/corner/card.png",
    "donation_url": "https://give.example.org/?to=us&now=1",
}

WRONG: dict[str, list[object]] = {
    "name": [
        "",
        " ",
        "x" * 31,
        "<b>Bold</b>",
        "</script>",
        "a\nb",
        "a\u202eb",
        "{site}",
        "`${x}`",
        '"quoted"',
        "a\\b",
        7,
        "...",
    ],
    "tagline": ["<b>", "</title>", "two\nlines", "x" * 81, "turned \u202e round", "a\\u003cb", 7, "\ud800"],
    "words": [
        "en",
        {"xx": {"tagline": "x"}},
        {"en": "x"},
        {"en": {"tagline": 5}},
        {"en": {"tagline": ""}},
        {"en": {"tagline": "</script><script>alert(1)</script>"}},
        {"en": {"tagline": "x" * 401}},
        {"en": {"__proto__()": "x"}},
    ],
    "accent": ["red", "#fff", "#0a6b4f;}body{display:none", "url(https://evil.example)", 0],
    "accent_dark": ["#12345g"],
    "highlight": ["#ffd166)"],
    "icon": ["/etc/icon.svg", "../icon.svg", "sites/../../icon.svg", "icon.png", "https://a.example/icon.svg"],
    "touch_icon": ["icon.svg"],
    "card": ["card.jpg"],
    "donation_url": [
        "http://give.example",
        "javascript:alert(1)",
        'https://a" onclick="b',
        "https://a.example/" + "x" * 300,
    ],
}


def test_a_whole_brand_is_taken_as_an_object_and_as_its_json() -> None:
    """cdk.json passes the one, the command line the other."""
    brand = read({"brand": WHOLE}).brand

    assert brand == read({"brand": json.dumps(WHOLE)}).brand
    assert brand.name == "Corner & Co"
    assert brand.own_words == {
        "en": {"tagline": "Meet around the corner."},
        "de": {"tagline": "Triff wen um die Ecke."},
    }
    assert set(WHOLE) == {*Brand.__dataclass_fields__}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG.items() for value in values])
def test_a_hostile_or_mistaken_value_is_one_sentence(key: str, value: object) -> None:
    """Markup, scripts, styles, turned text, foreign files: all end before anything is built."""
    with pytest.raises(OptionError, match=rf"^brand\.{key} must be [^\n]+; it is ") as told:
        read({"brand": {**WHOLE, key: value}})

    assert "\n" not in str(told.value)


def test_every_key_is_tried_with_a_wrong_value() -> None:
    """A new one cannot forget its check."""
    assert set(WRONG) == set(WHOLE)


@pytest.mark.parametrize(
    "name", ["عابر", "अजनबी बात", "すれちがい", "Zum Eck", "L'Angle + 1", "می\u200cگذرد", "Прохожий"]
)
def test_a_name_may_be_of_any_script(name: str) -> None:
    """Its letters, marks, and what joins them."""
    assert read({"brand": {"name": name}}).brand.name == name


def test_an_unknown_key_is_refused_with_the_nearest_one() -> None:
    """A typing error does not deploy the product's own."""
    with pytest.raises(OptionError, match=r"^brand\.colour is not a key of a brand\.$"):
        read({"brand": {"colour": "#000000"}})
    with pytest.raises(OptionError, match=r"^brand\.taglin is not a key of a brand\. Did you mean tagline\?$"):
        read({"brand": {"taglin": "x"}})


def test_a_dark_accent_alone_is_refused() -> None:
    """It would do nothing."""
    with pytest.raises(OptionError, match=r"^brand\.accent_dark needs brand\.accent"):
        read({"brand": {"accent_dark": "#147156"}})
