"""Interests and languages as two people compare them. Pure.

People write the same interest in many ways: "Café", "CAFÉ " and "cafe" are one. An interest keeps its owner's spelling
and is compared by its key: Unicode NFKC, casefolded, accents folded, white space collapsed, invisible characters gone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

# The block of accents that Latin, Greek and Cyrillic letters carry. Marks of other scripts are letters to their
# readers: dropping every mark would turn "हिंदी" into another word and "が" into "か".
ACCENTS = range(0x0300, 0x0370)


def fold(interest: str) -> str:
    """Return the key by which two spellings of one interest are equal; empty when nothing visible is left."""
    casefolded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", interest).casefold())
    decomposed = unicodedata.normalize("NFD", casefolded)
    kept = (
        character
        for character in decomposed
        if ord(character) not in ACCENTS and unicodedata.category(character) != "Cf"
    )
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def normalise(interests: Iterable[str]) -> tuple[str, ...]:
    """Return the interests in their owner's spelling, trimmed, each key once, in the order given."""
    by_key: dict[str, str] = {}
    for interest in interests:
        key = fold(interest)
        if key:
            by_key.setdefault(key, " ".join(interest.split()))
    return tuple(by_key.values())


def keys(interests: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of normalised interests, in their order."""
    return tuple(fold(interest) for interest in interests)


def common(own: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    """Return the interests that both have, in the spelling of `own`."""
    other_keys = set(keys(other))
    return tuple(interest for interest in own if fold(interest) in other_keys)


def speaks(tag: str) -> str:
    """Return the language of a BCP 47 tag without region or script: "pt-BR" and "pt" understand each other."""
    return tag.split("-", 1)[0].lower()


def share_language(own: Iterable[str], other: Iterable[str]) -> bool:
    """Tell whether two people have a language in common; somebody who names none speaks with everybody."""
    own_languages = {speaks(tag) for tag in own}
    other_languages = {speaks(tag) for tag in other}
    return not own_languages or not other_languages or not own_languages.isdisjoint(other_languages)
