"""Languages as two people compare them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

# Tags of one language, or of languages whose speakers read each other without effort: the deprecated codes that
# browsers still send (CLDR supplementalMetadata.xml, languageAlias), and the standards of Norwegian and Serbo-Croatian.
ONE_LANGUAGE = {
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "jw": "jv",
    "mo": "ro",
    "tl": "fil",
    "cmn": "zh",
    "arb": "ar",
    "nb": "no",
    "nn": "no",
    "bs": "sh",
    "cnr": "sh",
    "hr": "sh",
    "sr": "sh",
}


def speaks(tag: str) -> str:
    """Return the language of a BCP 47 tag without region or script: "pt-BR" and "pt" understand each other."""
    language = tag.split("-", 1)[0].lower()
    return ONE_LANGUAGE.get(language, language)


def common(own: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    """Return the languages that both speak, each once, as `own` writes them."""
    others = {speaks(tag) for tag in other}
    by_language: dict[str, str] = {}
    for tag in own:
        if speaks(tag) in others:
            by_language.setdefault(speaks(tag), tag)
    return tuple(by_language.values())


def understand(own: Iterable[str], other: Iterable[str]) -> bool:
    """Tell whether two people have a language in common; somebody who names none speaks with everybody."""
    own, other = tuple(own), tuple(other)
    return not own or not other or bool(common(own, other))
