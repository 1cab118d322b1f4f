"""Interests as two people compare them. Pure.

An interest keeps its owner's spelling, and is compared by its key, which is one for all spellings (folding.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from functions.chat.model.folding import fold


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
