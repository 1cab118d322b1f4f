"""The name and the looks of a site: the keys of `brand` in the options, their checks and their meanings. Pure.

The rules for files and colours together are checked when the page is dressed (dress.py).
"""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from infra.page.imprint import UNKNOWN

PRODUCT = "Passerby"
LANGUAGES = tuple(UNKNOWN)

NAME_CHARACTERS_MAX = 30  # a phone's header has room for as many
TAGLINE_CHARACTERS_MAX = 80  # two lines of the heading on a phone
WORDS_CHARACTERS_MAX = 400  # the longest sentence of the page has 250
URL_CHARACTERS_MAX = 300

# The characters of a name beside letters, marks and digits; and those that join letters in Persian and Indic scripts.
_NAME_MARKS = frozenset(" .,!?'\u2019&+\u00b7-")
_JOINERS = frozenset("\u200c\u200d")
# Controls, lone surrogates, undefined characters, breaks of lines; and characters that turn the direction of other
# text.
_UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_FILE = re.compile(r"(?!.*\.\.)[\w-][\w./-]{0,200}")
_URL = re.compile(r"https://[^\s\"'<>\\]+")
_KEY = re.compile(r"[a-z_]+")

Words = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


class BrandError(ValueError):
    """Something of a brand that cannot be used, in a sentence for the operator."""


def part(default: Any, check: Callable[[object], Any], meaning: str) -> Any:
    """Describe one key of a brand; a check raises `ValueError` with the rule for the value."""
    return field(default=default, metadata={"check": check, "meaning": meaning})


def _name(value: object) -> str:
    text = value if isinstance(value, str) else ""
    is_plain = all(unicodedata.category(each)[0] in "LMN" or each in _NAME_MARKS | _JOINERS for each in text)
    has_letter = any(each.isalpha() for each in text)
    if is_plain and has_letter and len(text) <= NAME_CHARACTERS_MAX and text == text.strip():
        return text
    raise ValueError(f"must be up to {NAME_CHARACTERS_MAX} letters, digits, spaces and the marks {_marks()}")


def _marks() -> str:
    return " ".join(sorted(_NAME_MARKS - {" "}))


def _sentence(longest: int) -> Callable[[object], str]:
    def check(value: object) -> str:
        if isinstance(value, str) and is_harmless(value) and len(value) <= longest:
            return value
        raise ValueError(f"must be up to {longest} characters in one line without < > and \\")

    return check


def is_harmless(text: str) -> bool:
    """Return whether text has no markup, no control and nothing that turns the direction of what stands around it."""
    marks = _TURNING | frozenset("<>\\")
    return text == text.strip() and not any(each in marks or unicodedata.category(each) in _UNSEEN for each in text)


def _words(value: object) -> Words:
    check = _sentence(WORDS_CHARACTERS_MAX)
    problem = ValueError(
        f"must be an object of languages ({', '.join(LANGUAGES)}), each an object of keys of frontend/strings and "
        f'words of up to {WORDS_CHARACTERS_MAX} characters without < > and \\, such as {{"de": {{"tagline": "…"}}}}'
    )
    if not isinstance(value, dict) or not set(value) <= set(LANGUAGES):
        raise problem
    for entries in value.values():
        if not isinstance(entries, dict) or not all(_KEY.fullmatch(key) and text for key, text in entries.items()):
            raise problem
        for text in entries.values():
            try:
                check(text)
            except ValueError:
                raise problem from None
    return tuple((language, tuple(entries.items())) for language, entries in value.items())


def _matching(form: re.Pattern[str], longest: int, sentence: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if isinstance(value, str) and len(value) <= longest and (not value or form.fullmatch(value)):
            return value
        raise ValueError(f"must be {sentence}, or empty")

    return check


def _color(value: object) -> str:
    return _matching(_COLOR, 7, "a colour such as #453bbf")(value).lower()


def _file(suffix: str) -> Callable[[object], str]:
    form = re.compile(rf"{_FILE.pattern}\.{suffix}")
    return _matching(form, URL_CHARACTERS_MAX, f"a file of this folder such as sites/corner/picture.{suffix}")


@dataclass(frozen=True, slots=True)
class Brand:
    """The table. Order is the order in the documentation."""

    name: str = part(PRODUCT, _name, "The site's name, in each place where it names itself.")
    tagline: str = part(
        "",
        _sentence(TAGLINE_CHARACTERS_MAX),
        "The heading of the start page in English, the title, and what a link's card says. Other languages: `words`.",
    )
    words: Words = part(  # noqa: RUF009 - tuples of tuples
        (),
        _words,
        "Words of your own in place of the page's: languages, then keys of [en.js](../frontend/strings/en.js). "
        "`{site}` is the name.",
    )
    accent: str = part("", _color, "Colour of the main buttons, of one's own lines, of links; hover and dark follow.")
    accent_dark: str = part("", _color, "The accent in the dark theme, where the one that follows is not liked.")
    highlight: str = part("", _color, "Second colour: of what is new, and of the first of the two bubbles.")
    icon: str = part(
        "", _file("svg"), "Square plain SVG of up to 16 KB: the tab, the header, the home screen. Empty: the bubbles."
    )
    touch_icon: str = part(
        "", _file("png"), "Square PNG, 180 to 1024 pixels: the home screen of iPhones and notifications."
    )
    card: str = part("", _file("png"), "PNG of 1200 x 630 pixels that a link to the site shows.")
    donation_url: str = part(
        "", _matching(_URL, URL_CHARACTERS_MAX, "an https address"), "Where the start page's *Donate* leads."
    )

    @property
    def own_words(self) -> dict[str, dict[str, str]]:
        """The operator's words by language and key; the tagline is one of the English ones."""
        words = {language: dict(entries) for language, entries in self.words}
        if self.tagline:
            words["en"] = {"tagline": self.tagline, **words.get("en", {})}
        return words


def read(value: object) -> Brand:
    """Return a brand from an object or its JSON; raise `BrandError` about a key, `ValueError` about the whole."""
    table = {each.name: each for each in fields(Brand)}
    found: dict[str, Any] = {}
    for key, given in _object(value).items():
        if key not in table:
            close = difflib.get_close_matches(key, table, n=1)
            raise BrandError(f"brand.{key} is not a key of a brand.{f' Did you mean {close[0]}?' if close else ''}")
        try:
            found[key] = table[key].metadata["check"](given)
        except ValueError as problem:
            raise BrandError(f"brand.{key} {problem}; it is {given!r}.") from None
    if found.get("accent_dark") and not found.get("accent"):
        raise BrandError("brand.accent_dark needs brand.accent: the two themes have one colour.")
    return Brand(**found)


def _object(value: object) -> Mapping[str, object]:
    try:
        found = json.loads(value or "{}") if isinstance(value, str) else value
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    raise ValueError('must be an object such as {"name": "Corner Talk"}')
