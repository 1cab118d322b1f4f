"""AWS's own rules for well-made stacks, over every variant."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from tests.infra.stack.acknowledged import ACKNOWLEDGED
from tests.infra.stack.templates import VARIANTS, synthesise

Row = tuple[str, str]


def _findings() -> Iterator[Row]:
    for variant in VARIANTS:
        for finding in synthesise(variant).findings:
            for construct in finding["violatingConstructs"]:
                yield finding["ruleName"], construct["constructPath"]


def _matches(finding: Row, row: Row) -> bool:
    return fnmatchcase(finding[0], row[0]) and fnmatchcase(finding[1], row[1])


def test_every_finding_is_meant() -> None:
    """Each finding of the rules has a written reason, in every variant."""
    unexplained = {finding for finding in _findings() if not any(_matches(finding, row) for row in ACKNOWLEDGED)}

    assert unexplained == set()


def test_every_reason_is_needed() -> None:
    """A reason whose finding is gone is taken out."""
    findings = set(_findings())
    unused = {row for row in ACKNOWLEDGED if not any(_matches(finding, row) for finding in findings)}

    assert unused == set()
