"""Each stored item is decoded once, however often it is read: that is a third of the time of a million handlers.

The product's own functions decode; what they made of an item is remembered with it, as an item in memory is never
changed in place and what is made of it is never changed either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from functions.chat.storage import models, records, rooms, store

REMEMBERED_MAX = 50_000
DECODERS = (
    (models, "connection_from"),
    (models, "ticket_from"),
    (records, "record_from"),
    (rooms, "room_from"),
    (store, "room_from"),
)


@contextmanager
def decoded_once() -> Iterator[None]:
    """Remember for a while what was decoded."""
    before = [(module, name, getattr(module, name)) for module, name in DECODERS]
    for module, name, decode in before:
        setattr(module, name, remembering(decode))
    try:
        yield
    finally:
        for module, name, decode in before:
            setattr(module, name, decode)


def remembering(decode: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the function that decodes an item the first time only."""
    known: dict[int, tuple[Any, Any]] = {}

    def remember(raw: Any) -> Any:
        found = known.get(id(raw))
        if found is not None and found[0] is raw:
            return found[1]
        if len(known) > REMEMBERED_MAX:
            known.clear()
        value = decode(raw)
        known[id(raw)] = (raw, value)
        return value

    return remember
