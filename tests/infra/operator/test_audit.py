"""Nobody edits the log unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.operator import audit
from infra.operator.audit import NOTHING_BEFORE, Entry, Witness, problems
from tests.infra.operator.conftest import Desk


def chain(count: int, what: str = "dismiss") -> list[tuple[Entry, str]]:
    log: list[tuple[Entry, str]] = []
    for number in range(1, count + 1):
        entry = Entry(number, float(number), "olga", what, f"CASE{number}", log[-1][1] if log else NOTHING_BEFORE)
        log.append((entry, entry.digest()))
    return log


def seen(log: list[tuple[Entry, str]]) -> Witness:
    entry, digest = log[-1]
    return Witness(entry.number, digest)


def test_a_log_that_grew_has_no_problem():
    log = chain(5)

    assert list(problems(log, seen(log[:3]))) == []
    assert list(problems([], Witness())) == []


@pytest.mark.parametrize("field", ["at", "who", "what", "case"])
def test_a_changed_entry_is_named(desk: Desk, field: str):
    """In the table, behind the desk's back."""
    for _ in range(3):
        audit.write(desk.office, "olga", "dismiss", "CASE")
    other = {"N": "1"} if field == "at" else {"S": "another"}
    desk.world.table.change(("audit", f"{2:012}"), **{field: other})

    assert list(problems(audit.read(desk.office), Witness())) == ["Entry 2 was changed."]


def test_a_missing_entry_is_named():
    log = chain(4)

    assert list(problems([*log[:1], *log[2:]], Witness())) == ["Entry 2 is missing."]


def test_an_entry_with_a_digest_of_its_own_does_not_fit_the_next_one():
    log = chain(3)
    forged = Entry(2, 2.0, "olga", "uphold", "CASE2", log[0][1])

    found = list(problems([log[0], (forged, forged.digest()), log[2]], Witness()))
    assert found == ["Entry 3 does not follow the one before it."]


@pytest.mark.parametrize("log", [chain(2), chain(3, "uphold"), []])
def test_a_log_that_was_cut_or_written_anew_is_not_the_one_that_was_seen(log):
    """Its hashes may all fit."""
    (problem,) = problems(log, seen(chain(3)))

    assert "Entry 3" in problem


def test_entries_follow_one_another_in_the_table(desk: Desk):
    for what in ("dismiss", "uphold", "close text"):
        assert audit.write(desk.office, "olga", what, "CASE")

    log = audit.read(desk.office)
    assert [(entry.number, entry.what) for entry, _ in log] == [(1, "dismiss"), (2, "uphold"), (3, "close text")]
    assert list(problems(log, Witness())) == []


def test_a_machine_remembers_what_it_has_seen(tmp_path: Path):
    path = tmp_path / "folder" / "seen.json"
    assert audit.recall(path) == Witness()

    audit.remember(path, chain(3))
    assert audit.recall(path) == seen(chain(3))
    audit.remember(path, [])
    assert audit.recall(path) == seen(chain(3))
