"""The lines of a report that are kept: the genuine ones, and nobody but the operator reads them."""

from __future__ import annotations

import os
import random
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
REPORTER, REPORTED = 0, 1
OPENING = bytes(range(32))


def said(seat: int, seq: int, text: str, at: float = OPENED + 60, room: str = "room") -> Line:
    stamp = Stamper(KEY, room).stamp(seat, seq, commitment(OPENING, text), at)
    return Line(seat, seq, text, OPENING, stamp)


TALK = (
    said(0, 1, "hi"),
    said(1, 1, "hello"),
    said(1, 2, "nasty", OPENED + 130),
    said(0, 2, "stop", OPENED + 130),
    said(1, 5, "nastier", OPENED + 600),
)


def kept(*lines: Line, room: Room = ROOM, now: float = NOW) -> list[str]:
    return [line.text for line, at in keeping.verified(room, REPORTER, lines, now) if at is not None]


@pytest.mark.parametrize("chosen", range(2 ** len(TALK)))
def test_every_honest_selection_is_kept_whole(chosen: int) -> None:
    lines = [line for at, line in enumerate(TALK) if chosen >> at & 1]

    assert kept(*lines) == [line.text for line in lines]


@pytest.mark.parametrize("at", range(len(TALK)))
@pytest.mark.parametrize(
    "change",
    [
        {"seat": 2},
        {"seq": 9},
        {"text": "invented"},
        {"opening": bytes(32)},
        {"stamp": "30000000.AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_line_that_was_altered_in_anything_is_left_out_and_the_others_stay(at: int, change: dict[str, Any]) -> None:
    line = TALK[at]
    changed = line._replace(**({"seat": 1 - line.seat} if "seat" in change else change))
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


@pytest.mark.parametrize("seed", range(100))
def test_any_honest_selection_of_two_peoples_lines_is_proved_and_nothing_invented_is(seed: int) -> None:
    """Long and short lines in any script, of either member, at any time of the room; and one that was never said."""
    chance = random.Random(seed)
    talk, seqs, at = [], [0, 0], OPENED
    for _ in range(chance.randrange(1, 40)):
        seat, at = chance.randrange(2), min(OPENED + 600, at + chance.expovariate(1 / 20))
        seqs[seat] += 1
        text = "".join(chr(chance.choice((32, 97, 228, 0x4F60, 0x1F422))) for _ in range(chance.randrange(1, 30))) + "."
        talk.append(said(seat, seqs[seat], text, at))
    chosen = [line for line in talk if chance.random() < 0.6]
    invented = Line(REPORTED, max(seqs) + 1, "never said", chance.randbytes(32), talk[-1].stamp)

    assert kept(*chosen) == [line.text for line in chosen]
    assert kept(*chosen, invented) == [line.text for line in chosen]


def test_lines_of_the_reporter_are_kept_as_their_word_and_those_of_the_peer_never_are() -> None:
    """In their place, once, and marked: nothing proves them."""
    unproved = [
        Line(REPORTER, 1, "hi"), TALK[1], Line(REPORTED, 2, "words in the mouth of another"), Line(REPORTER, 3, "stop"),
        Line(REPORTER, 3, "stop again"), Line(REPORTER, 2, "too late"), TALK[2],
    ]  # fmt: skip
    given = list(keeping.verified(ROOM, REPORTER, unproved, NOW))

    assert [(line.text, at is not None) for line, at in given] == [
        ("hi", False), ("hello", True), ("stop", False), ("nasty", True),
    ]  # fmt: skip


def test_a_false_stamp_makes_no_word_of_the_reporter() -> None:
    """A line with a false proof was altered; it does not become the reporter's word."""
    assert list(keeping.verified(ROOM, REPORTER, [TALK[0]._replace(text="altered")], NOW)) == []


def test_only_the_operators_key_opens_what_was_kept_and_only_beside_its_case() -> None:
    secret, other = os.urandom(32), os.urandom(32)
    lines = list(keeping.verified(ROOM, REPORTER, TALK, NOW))
    sealed = keeping.seal(x25519.public_key(secret), "CASE", REPORTER, lines, "_9j_still")

    handed = keeping.open_sealed(secret, "CASE", sealed)
    rows = [(row["position"], row["seq"], row["text"]) for row in handed["lines"]]
    assert rows == [line[:3] for line in TALK]
    assert (handed["reporter"], handed["still"]) == (REPORTER, "_9j_still")
    assert b"nasty" not in sealed
    assert b"_9j_" not in sealed
    for key, case in ((other, "CASE"), (secret, "OTHER")):
        with pytest.raises(ForgedError):
            keeping.open_sealed(key, case, sealed)
