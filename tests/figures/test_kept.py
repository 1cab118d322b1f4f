"""How long each item stays in the table: the documents' figure, read from what a story leaves behind."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from functions.chat.evidence import x25519
from functions.chat.model.rates import Rate
from functions.chat.model.stamps import text_of
from functions.chat.storage.presence import Online
from functions.chat.storage.table import Table
from tests.functions.doorstep import come, meet
from tests.functions.world import START, World, with_parts

MINUTE, HOUR, DAY = 60, 3600, 86_400
SOCKET_LIFE = 2 * HOUR  # API Gateway closes every WebSocket then ("Amazon API Gateway quotas": connection duration)


def _waiting(world: World) -> None:
    come(world, "Ada").join()


def _skipped(world: World) -> None:
    ada, bo = world.pair()
    bo.send("skip", room=ada.room)


def _closed(world: World) -> None:
    _ada, bo = world.pair()
    bo.disconnect()


def _reported(world: World) -> None:
    ada, bo = come(world, "Ada", address="198.51.100.1"), come(world, "Bo", address="198.51.100.2")
    ada.send("report", room=meet(world, ada, bo), reason="spam")


def _handed_over(world: World) -> None:
    key = text_of(x25519.public_key(bytes(32)))
    world.backend = replace(world.backend, settings=replace(world.backend.settings, evidence_key=key))
    ada, _bo = world.pair()
    ada.send("report", room=ada.room, reason="spam", lines=[{"seat": 0, "seq": 1, "text": "Stop."}])


def _counted(world: World) -> None:
    reached = Table(world.client, world.table.name, world.clock)
    online = Online(reached, lambda seconds: None, random.Random(1))
    world.backend = with_parts(world.backend, online=online)
    world.person("Ada").join()
    online.begin()


def _poured(world: World) -> None:
    world.backend.shared_pace.pour("frames", 1, Rate(burst=10, per_second=1))


def _holding(world: World) -> None:
    world.backend.places.take("somewhere", "Ada=", 10)


# The kind of item, what leaves one behind, and how long it is kept: docs/architecture.md, SECURITY.md and the page's
# privacy.html; what none of them says has its reason here.
KEPT: tuple[tuple[str, Callable[[World], None], int], ...] = (
    ("connection#", _waiting, 3 * HOUR),
    ("queue#", _waiting, 3 * HOUR),
    ("room#", _skipped, 24 * HOUR),
    ("recent#", _closed, MINUTE),  # as long as two do not meet again
    ("case#", _reported, 90 * DAY),
    ("case#", _handed_over, 90 * DAY),  # the case and what was handed over with it
    ("cases#", _reported, 90 * DAY),
    ("docket", _reported, 90 * DAY),
    ("history#", _reported, 90 * DAY),
    ("record#", _reported, 90 * DAY),
    ("online#", _counted, SOCKET_LIFE + MINUTE),
    ("census", _counted, 14 * DAY),
    ("pace#", _poured, 3 * HOUR),  # longer than any bucket takes to drain
    ("places#", _holding, 3 * HOUR),  # as the connections that hold them
)


@pytest.mark.parametrize(("kind", "story", "seconds"), KEPT, ids=[kind for kind, _, _ in KEPT])
def test_an_item_is_kept_as_long_as_the_documents_say(
    world: World, kind: str, story: Callable[[World], None], seconds: int
) -> None:
    """To the second, so that minutes are not taken for hours."""
    story(world)
    kept = {int(item["expires_at"]["N"]) - START for (pk, _), item in world.items().items() if pk.startswith(kind)}

    assert kept == {seconds}


def test_every_kind_of_item_has_its_row(world: World) -> None:
    """Any other item that these stories leave behind would be kept for an unknown time."""
    for story in dict.fromkeys(story for _, story, _ in KEPT):
        story(world)
        for person in list(world.people):
            person.disconnect()
        world.people.clear()

    unknown = [pk for pk, _ in world.items() if not pk.startswith(tuple(kind for kind, _, _ in KEPT))]
    assert unknown == []


@pytest.mark.parametrize("kind", ["connection#", "queue#", "online#", "places#"])
def test_items_of_a_connection_outlive_the_longest_one(kind: str) -> None:
    """Else a person who waits, or a peer's way back, would be gone while their socket is open."""
    seconds = next(seconds for name, _, seconds in KEPT if name == kind)

    assert seconds > SOCKET_LIFE
