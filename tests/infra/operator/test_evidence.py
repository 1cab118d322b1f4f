"""The operator reads the evidence of reports: in order, with gaps, and with or without proof."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from functions.chat.model.stamps import text_of
from infra.operator.evidence_key import public_key
from tests.functions.doorstep import CAFE, come
from tests.infra.operator.conftest import Desk

PICTURE = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tmp_path / "evidence.key"


@pytest.fixture
def case(desk: Desk, key: Path) -> str:
    """A case of a video chat, with two lines of the peer, one of the reporter, and a still."""
    backend = desk.world.backend
    desk.world.backend = replace(backend, settings=replace(backend.settings, evidence_key=public_key(key)))
    ada, eve = come(desk.world, "Ada", address=CAFE), come(desk.world, "Eve", address="192.0.2.1")
    for person in (ada, eve):
        person.join("video")
    for seq in range(1, 6):
        eve.send("message", room=eve.room, seq=seq, text=f"line {seq}")
    heard = [event for event in ada.inbox if event["type"] == "message"]
    proved = [
        {"seat": 1, "opening": "A" * 43, **{name: heard[at][name] for name in ("seq", "text", "stamp")}}
        for at in (1, 4)
    ]
    lines = [proved[0], {"seat": 0, "seq": 2, "text": "stop\nreported, line 9"}, proved[1]]
    ada.send("report", room=ada.room, reason="sexual", lines=lines, still=text_of(PICTURE))
    return str(ada.last("reported")["case"])


def test_lines_are_shown_in_order_with_their_gaps_and_their_proof(desk: Desk, case: str, key: Path) -> None:
    facts = desk.data("show", case, "--key", str(key))
    told = [(name, said) for name, said in facts.items() if ", line " in name]

    assert [said for _, said in told] == [
        "(1 left out) line 2",
        "(1 left out) stop\nreported, line 9",
        "(2 left out) line 5",
    ]
    assert [name.partition(", 2")[0] for name, _ in told] == [
        "reported, line 2, proved", "reporter, line 2, NOT PROVED, the reporter says so", "reported, line 5, proved",
    ]  # fmt: skip


def test_no_line_break_makes_a_line_of_its_own(desk: Desk, case: str, key: Path) -> None:
    """A line of one member cannot look like a line of the other."""
    rows = desk.ask("show", case, "--key", str(key)).splitlines()

    assert not any(row.strip().startswith("reported, line 9") for row in rows)


def test_the_still_is_written_where_the_operator_says_and_is_not_called_proved(
    desk: Desk, case: str, key: Path, tmp_path: Path
) -> None:
    file = tmp_path / "still.jpg"

    assert f"{len(PICTURE)} bytes" in desk.data("show", case, "--key", str(key))["still, NOT PROVED"]
    assert not file.exists()
    desk.ask("show", case, "--key", str(key), "--still", str(file))
    assert file.read_bytes() == PICTURE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_without_the_key_nothing_is_read_and_with_another_one_neither(desk: Desk, case: str, tmp_path: Path) -> None:
    """A reader of the table learns that evidence was handed over, and how much."""
    other = tmp_path / "other.key"
    facts = desk.data("show", case, "--key", str(other))

    assert facts["evidence"].startswith("sealed, ")
    assert "line 2" not in str(facts)
    public_key(other)
    assert "is not the one that case" in desk.fails("show", case, "--key", str(other))
