"""The price of sealing and stamping: bytes, and nothing that is counted by the piece."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.chat.protocol import events
from infra import prices
from tests import sealing
from tests.functions.world import Person, World

DOLLARS_OF_A_MILLION_LINES_MAX = 0.05
# API Gateway bills a message for each 32 KB of it, and takes no longer frame; DynamoDB a write for each KB.
MESSAGE_BYTES, WRITE_BYTES = 32 * 1024, 1024
USUAL, LONGEST = "I have never been there, is it far away?", "\U0001f422" * 2000


@pytest.fixture
def pair(world: World) -> tuple[Person, Person, list[sealing.Keys]]:
    """Two people whose pages seal, with what each of them derived."""
    people = world.person("Ada"), world.person("Bo")
    own = [sealing.new_key() for _ in people]
    for person, key in zip(people, own, strict=True):
        person.join(key=sealing.public(key), interests=["music", "travel", "cinema"], languages=["en", "pt"])
    told = [person.last("paired")["key"] for person in people]
    room = people[0].room
    return *people, [sealing.derive(own[seat], told[seat], room, seat) for seat in (0, 1)]


def bytes_of(said: dict[str, Any]) -> int:
    return len(events.encode(said))


def test_a_million_sealed_lines_cost_five_cents_more_at_most(
    pair: tuple[Person, Person, list[sealing.Keys]],
) -> None:
    """For the bytes that go out to the reader."""
    ada, bo, keys = pair
    text = USUAL
    sealed = sealing.seal(keys[0], 0, 1, text)._asdict()
    ada.send("message", room=ada.room, seq=1, text=text)
    ada.send("message", room=ada.room, seq=1, **sealed)
    clear, closed = (event for event in bo.inbox if event["type"] == "message")
    del clear["stamp"]
    more = bytes_of(closed) - bytes_of(clear)

    assert (
        0 < more * 1_000_000 / 1e9 * prices.SOCKET_GIGABYTE < DOLLARS_OF_A_MILLION_LINES_MAX * max(1, len(text) / 100)
    )


def test_the_longest_line_is_one_message_all_the_same(pair: tuple[Person, Person, list[sealing.Keys]]) -> None:
    """Of 2,000 characters, which take four bytes each."""
    ada, bo, keys = pair
    frame = {"action": "message", "room": ada.room, "seq": 1, **sealing.seal(keys[0], 0, 1, LONGEST)._asdict()}
    ada.send_text(json.dumps(frame))

    assert max(len(json.dumps(frame)), bytes_of(bo.last("message"))) < MESSAGE_BYTES / 2


def test_keys_make_no_item_another_write(world: World, pair: tuple[Person, Person, list[sealing.Keys]]) -> None:
    """Of people with usual interests and languages."""
    sizes = {
        kind: max(_size(item) for (pk, _), item in world.items().items() if pk.startswith(kind))
        for kind in ("connection#", "room#")
    }

    assert all(size < WRITE_BYTES for size in sizes.values()), sizes


def _size(item: dict[str, Any]) -> int:
    """Return the bytes of an item as DynamoDB counts them: of names and values, and 3 around a list or a map."""
    return sum(len(name.encode()) + _size_of(*next(iter(typed.items()))) for name, typed in item.items())


def _size_of(kind: str, content: Any) -> int:
    if kind == "M":
        return 3 + _size(content)
    if kind == "L":
        return 3 + sum(1 + _size_of(*next(iter(each.items()))) for each in content)
    return len(str(content).encode())
