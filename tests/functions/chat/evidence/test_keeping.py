"""What is kept of the lines that a report hands over: the genuine ones, and nobody but the operator reads them."""

from __future__ import annotations

import os
from typing import Any

import pytest

from functions.chat.evidence import keeping, x25519
from functions.chat.evidence.chacha20_poly1305 import ForgedError
from functions.chat.model.people import Member, Room
from functions.chat.model.stamps import Line, Stamper, commitment, text_of

KEY = text_of(bytes(range(16)))
OPENED = 1_800_000_030.0
MEMBERS = (Member("a", "ada", ()), Member("b", "bo", ()))
ROOM = Room("room", "text", MEMBERS, OPENED, closed_at=OPENED + 600, stamp_key=KEY)
NOW = OPENED + 700
OPENING = bytes(range(32))


def said(position: int, seq: int, text: str, at: float = OPENED + 60, room: str = "room") -> Line:
    stamp = Stamper(KEY, room).stamp(position, seq, commitment(OPENING, text), at)
    return Line(position, seq, text, OPENING, stamp)


TALK = (
    said(0, 1, "hi"),
    said(1, 1, "hello"),
    said(1, 2, "nasty", OPENED + 130),
    said(0, 2, "stop", OPENED + 130),
    said(1, 5, "nastier", OPENED + 600),
)


def kept(*lines: Line, room: Room = ROOM, now: float = NOW) -> list[str]:
    return [line.text for line, _ in keeping.verified(room, lines, now)]


@pytest.mark.parametrize("chosen", range(2 ** len(TALK)))
def test_every_honest_selection_is_kept_whole(chosen: int) -> None:
    lines = [line for at, line in enumerate(TALK) if chosen >> at & 1]

    assert kept(*lines) == [line.text for line in lines]


@pytest.mark.parametrize("at", range(len(TALK)))
@pytest.mark.parametrize(
    "change",
    [
        {"position": 2},
        {"seq": 9},
        {"text": "invented"},
        {"opening": bytes(32)},
        {"stamp": "30000000.AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_line_that_was_altered_in_anything_is_left_out_and_the_others_stay(at: int, change: dict[str, Any]) -> None:
    line = TALK[at]
    changed = line._replace(**({"position": 1 - line.position} if "position" in change else change))
    lines = [*TALK[:at], changed, *TALK[at + 1 :]]

    assert kept(*lines) == [each.text for each in lines if each is not changed]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((TALK[2], TALK[1]), ["nasty"]),
        ((TALK[1], TALK[1]), ["hello"]),
        ((TALK[4], TALK[3]), ["nastier"]),
        ((said(1, 1, "from elsewhere", room="other"),), []),
        ((said(1, 1, "before", OPENED - 120),), []),
        ((said(1, 1, "after", OPENED + 660),), []),
    ],
    ids=["moved", "twice", "in another order", "of another room", "before the room", "after its end"],
)
def test_a_line_out_of_its_place_is_left_out(lines: tuple[Line, ...], expected: list[str]) -> None:
    assert kept(*lines) == expected


def test_a_stamp_is_worth_nothing_after_a_day_and_none_from_the_future_counts() -> None:
    open_room = Room("room", "text", MEMBERS, OPENED, stamp_key=KEY)
    day = 24 * 3600

    assert kept(TALK[1], room=open_room, now=OPENED + day) == ["hello"]
    assert kept(TALK[1], room=open_room, now=OPENED + day + 200) == []
    assert kept(said(1, 1, "later", NOW + 120), room=open_room) == []


def test_a_room_that_stamped_nothing_proves_nothing() -> None:
    assert kept(*TALK, room=Room("room", "text", MEMBERS, OPENED)) == []


def test_only_the_operators_key_opens_what_was_kept_and_only_beside_its_case() -> None:
    secret, other = os.urandom(32), os.urandom(32)
    sealed = keeping.seal(x25519.public_key(secret), "CASE", keeping.verified(ROOM, TALK, NOW))

    rows = keeping.open_sealed(secret, "CASE", sealed)
    assert [(row["position"], row["seq"], row["text"]) for row in rows] == [line[:3] for line in TALK]
    assert b"nasty" not in sealed
    for key, case in ((other, "CASE"), (secret, "OTHER")):
        with pytest.raises(ForgedError):
            keeping.open_sealed(key, case, sealed)
