"""Every test that a document names is there, and every sentence of SECURITY.md on how it is kept names one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
NAMED = re.compile(r"`(test_[a-z0-9_]+)`")
DEFINED = {
    name
    for path in ROOT.glob("tests/**/*.py")
    for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text(), re.MULTILINE)
}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_that_is_named_exists(document: Path) -> None:
    """A reader who looks for the proof finds it."""
    assert set(NAMED.findall(document.read_text())) - DEFINED == set()


def test_security_has_a_test_for_everything_that_it_says_is_kept() -> None:
    """A promise without one would be a hope."""
    kept = (ROOT / "SECURITY.md").read_text().partition("## How it is kept")[2].partition("\n## ")[0]
    promises = re.split(r"^- ", kept, flags=re.MULTILINE)[1:]

    assert len(promises) > 10
    assert [each for each in promises if not NAMED.search(each)] == []


def test_every_attack_in_the_table_of_trust_names_its_test() -> None:
    """Each row of "Attacks and their outcome"."""
    table = (ROOT / "docs" / "trust.md").read_text().partition("## Attacks and their outcome")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]

    assert len(rows) > 20
    assert [row for row in rows if not NAMED.search(row)] == []
