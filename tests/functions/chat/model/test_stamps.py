"""Stamps: every honest line verifies, and nothing else does."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from functions.chat.model import stamps
from functions.chat.model.stamps import Line, Stamper, commitment

ROOM, NOW = "room-of-22-characters_", 1_700_000_030.0
KEY = stamps.text_of(bytes(range(16)))
STAMPER = Stamper(KEY, ROOM)
OPENING = bytes(range(32))
CONVERSATION = json.loads((Path(__file__).parents[3] / "frontend" / "sealed_vectors.json").read_text())["conversation"]


def stamped(seat: int = 1, seq: int = 5, text: str = "hello") -> Line:
    committed = commitment(OPENING, text)
    return Line(seat, seq, text, OPENING, STAMPER.stamp(seat, seq, committed, NOW))


def test_an_honest_line_is_known_by_its_minute() -> None:
    assert STAMPER.stamped_at(stamped()) == 1_699_999_980.0
    assert NOW - 60 < 1_699_999_980.0 <= NOW


@pytest.mark.parametrize("line", CONVERSATION["lines"])
def test_a_line_that_a_page_sealed_is_proved_by_its_opening(line: dict[str, Any]) -> None:
    opening, committed = stamps.bytes_of(line["opening"]), stamps.bytes_of(line["commitment"])
    made = STAMPER.stamp(line["seat"], line["seq"], committed, NOW)

    assert commitment(opening, line["text"]) == committed
    assert STAMPER.stamped_at(Line(line["seat"], line["seq"], line["text"], opening, made)) is not None


CHANGES: dict[str, dict[str, Any]] = {
    "another member": {"seat": 0},
    "another number": {"seq": 6},
    "another text": {"text": "hello!"},
    "a text with nothing more": {"text": "hello "},
    "another opening": {"opening": bytes(32)},
    "a shorter opening": {"opening": OPENING[:-1]},
    "a longer opening": {"opening": OPENING + b"\0"},
    "no opening": {"opening": b""},
    "no stamp": {"stamp": ""},
    "a stamp without a minute": {"stamp": stamped().stamp.partition(".")[2]},
    "a later minute": {"stamp": f"28333334.{stamped().stamp.partition('.')[2]}"},
    "a minute written otherwise": {"stamp": f"0{stamped().stamp}"},
    "a minute in other digits": {"stamp": stamped().stamp.replace("2", "\uff12", 1)},
    "a shorter hash": {"stamp": stamped().stamp[:-2]},
    "an altered hash": {
        "stamp": stamped().stamp[:-5] + ("A" if stamped().stamp[-5] != "A" else "B") + stamped().stamp[-4:]
    },
    "a hash in another form": {"stamp": stamped().stamp + "="},
    "the stamp of another line": {"stamp": stamped(text="other").stamp},
    "the stamp of another number": {"stamp": stamped(seq=6).stamp},
    "the stamp of the other member": {"stamp": stamped(seat=0).stamp},
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
def test_a_line_that_differs_in_anything_is_not_genuine(changed: dict[str, Any]) -> None:
    assert STAMPER.stamped_at(stamped()._replace(**changed)) is None


def test_a_stamp_is_worth_nothing_in_another_room_or_under_another_key() -> None:
    assert Stamper(KEY, "another").stamped_at(stamped()) is None
    assert Stamper(stamps.text_of(bytes(16)), ROOM).stamped_at(stamped()) is None


def test_a_stamp_is_a_keyed_hash_of_all_that_it_says() -> None:
    """As docs/sealed.md writes it, by hand."""
    fields = [b"stamp", ROOM.encode(), b"1", b"5", b"28333333", commitment(OPENING, "hello")]
    data = b"".join(len(each).to_bytes(4, "big") + each for each in fields)
    digest = hmac.new(stamps.bytes_of(KEY), data, sha256).digest()[:16]

    assert stamped().stamp == f"28333333.{stamps.text_of(digest)}"
