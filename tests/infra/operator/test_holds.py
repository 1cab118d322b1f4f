"""A case on hold is deleted by no clock, and one command writes all that is kept of it, with hashes."""
# ruff: noqa: F401, F811 - fixtures of another file

from __future__ import annotations

import json
import stat
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from functions.chat.evidence.keeping import EvidenceItem, evidence_key
from infra.operator import audit
from infra.tools.chain import digest_of
from tests.infra.operator.conftest import Desk
from tests.infra.operator.test_evidence import PICTURE, case, key

WHY_LENGTH_MAX = 200

YEARS = 5 * 365 * 86_400
WHY = "Order 17/2026 of the court"


def ends_of(desk: Desk, number: str) -> dict[tuple[str, str], int]:
    """Return when each item of a case ends; a ban that it led to has a clock of its own."""
    own = {key: item for key, item in desk.world.items().items() if number in str(key) or number == _case_in(item)}
    return {key: int(item["expires_at"]["N"]) for key, item in own.items() if key[0] != "audit"}


def _case_in(item: Any) -> str:
    return str(item.get("case", {}).get("S", ""))


def evidence_of(desk: Desk, number: str) -> Any:
    return desk.office.table.get(evidence_key(number))


def test_a_case_on_hold_outlives_its_time_with_all_that_belongs_to_it(desk: Desk, case: str):
    """Another one is gone by then."""
    other = desk.report("spam", number=1)[2]
    desk.ask("hold", case, WHY)

    later = desk.world.clock.seconds + YEARS
    ends = ends_of(desk, case)
    assert {pk.partition("#")[0] for pk, _ in ends} == {"case", "cases", "docket", "history", "held"}
    assert all(end > later for end in ends.values())
    assert int(evidence_of(desk, case)["expires_at"]["N"]) > later
    assert all(end < later for end in ends_of(desk, other).values())


def test_a_case_that_is_let_go_ends_when_it_would_have(desk: Desk, case: str):
    """And is listed no more."""
    before = ends_of(desk, case)
    desk.ask("hold", case, WHY)
    assert desk.data("held")[0]["why"] == WHY
    desk.ask("release", case)

    assert ends_of(desk, case) == before
    assert desk.data("held") == []
    assert desk.fails("release", case) == f"Case {case} is not on hold."


def test_an_appeal_of_a_case_on_hold_does_not_set_its_clock(desk: Desk):
    number = desk.report()[2]
    desk.ask("hold", number, WHY)
    desk.office.cases.appeal(number, "It was not me.")

    ends = ends_of(desk, number)
    assert [pk for pk, _ in ends].count("docket") == 1
    assert all(end > desk.world.clock.seconds + YEARS for end in ends.values())


@pytest.mark.parametrize("why", [" ", "x" * (WHY_LENGTH_MAX + 1), "two\nlines"])
def test_a_hold_says_why(desk: Desk, why: str):
    number = desk.report("spam")[2]

    assert "Say in a line" in desk.fails("hold", number, why)
    assert desk.data("held") == []
    assert "is on hold" in desk.ask("hold", number, "x" * WHY_LENGTH_MAX)


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_bundle_has_all_that_is_kept_of_a_case_with_hashes(desk: Desk, case: str, key: Path, tmp_path: Path):
    """The file's own hash is in the log, and nobody else on this machine reads it."""
    desk.ask("decide", case, "uphold")
    path = tmp_path / "bundle.zip"
    said = desk.ask("preserve", case, WHY, "--to", str(path), "--key", str(key))

    files = unpacked(path)
    sums = {line[66:]: line[:64] for line in files.pop("sha256sums.txt").decode().splitlines()}
    assert sums == {name: sha256(data).hexdigest() for name, data in files.items()}
    assert json.loads(files["case.json"])["kept_for"] == WHY
    assert files["evidence.sealed"] == EvidenceItem.from_raw_data(evidence_of(desk, case)).sealed
    assert json.loads(files["lines.json"])[0]["text"] == "line 2"
    assert files["still.jpg"] == PICTURE
    assert set(json.loads(files["records.json"])) >= set(json.loads(files["case.json"])["subjects"])
    digest = sha256(path.read_bytes()).hexdigest()
    assert digest in said
    assert [entry.what for entry, _ in audit.read(desk.office)] == ["uphold", "hold", f"preserve {digest}"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert desk.data("held")[0]["case"] == case


def test_a_bundle_tells_nothing_of_other_cases_but_proves_the_log(desk: Desk, tmp_path: Path):
    number, other = (desk.report("spam", number=at)[2] for at in range(2))
    desk.ask("decide", other, "uphold")
    desk.ask("decide", number, "uphold")
    path = tmp_path / "bundle.zip"
    desk.ask("preserve", number, WHY, "--to", str(path))

    log = [json.loads(line) for line in unpacked(path)["log.jsonl"].splitlines()]
    assert log[0] == {"number": 1, "digest": log[0]["digest"]}
    assert log[1]["before"] == log[0]["digest"]
    own = audit.Entry(**{name: value for name, value in log[1].items() if name != "digest"})
    assert digest_of(own) == log[1]["digest"]
    assert not any(other.encode() in data for data in unpacked(path).values())


def test_without_the_key_the_bundle_has_what_is_sealed(desk: Desk, case: str, tmp_path: Path):
    path = tmp_path / "bundle.zip"
    desk.ask("preserve", case, WHY, "--to", str(path), "--key", str(tmp_path / "none.key"))

    assert {"evidence.sealed"} == {
        name for name in unpacked(path) if name in {"evidence.sealed", "lines.json", "still.jpg"}
    }


def test_a_log_that_was_edited_is_said_to_be_in_the_bundle(desk: Desk, tmp_path: Path):
    number = desk.report("spam")[2]
    desk.ask("decide", number, "uphold")
    desk.world.table.change(("audit", f"{1:012}"), who={"S": "somebody else"})
    path = tmp_path / "bundle.zip"
    desk.ask("preserve", number, WHY, "--to", str(path))

    assert json.loads(unpacked(path)["about.json"])["log"] == ["Entry 1 was changed."]
