"""A log grows, and nobody edits it unseen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.tools.chain import NOTHING_BEFORE, Witness, digest_of, problems, recall, remember


@dataclass(frozen=True)
class Entry:
    number: int
    what: str
    before: str

    def digest(self) -> str:
        return digest_of(self)


def chain(count: int, what: str = "dismiss") -> list[tuple[Entry, str]]:
    log: list[tuple[Entry, str]] = []
    for number in range(1, count + 1):
        entry = Entry(number, what, log[-1][1] if log else NOTHING_BEFORE)
        log.append((entry, entry.digest()))
    return log


def seen(log: list[tuple[Entry, str]]) -> Witness:
    entry, digest = log[-1]
    return Witness(entry.number, digest)


def test_a_log_that_grew_has_no_problem():
    log = chain(5)

    assert list(problems(log, seen(log[:3]))) == []
    assert list(problems([], Witness())) == []


def test_a_missing_entry_is_named():
    log = chain(4)

    assert list(problems([*log[:1], *log[2:]], Witness())) == ["Entry 2 is missing."]


def test_an_entry_with_a_digest_of_its_own_does_not_fit_the_next_one():
    log = chain(3)
    forged = Entry(2, "uphold", log[0][1])

    found = list(problems([log[0], (forged, forged.digest()), log[2]], Witness()))
    assert found == ["Entry 3 does not follow the one before it."]


@pytest.mark.parametrize("log", [chain(2), chain(3, "uphold"), []])
def test_a_log_that_was_cut_or_written_anew_is_not_the_one_that_was_seen(log):
    """Its hashes may all fit."""
    (problem,) = problems(log, seen(chain(3)))

    assert "Entry 3" in problem


def test_a_machine_remembers_what_it_has_seen(tmp_path: Path):
    path = tmp_path / "folder" / "seen.json"
    assert recall(path) == Witness()

    remember(path, chain(3))
    assert recall(path) == seen(chain(3))
    remember(path, [])
    assert recall(path) == seen(chain(3))
