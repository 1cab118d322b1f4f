"""The outcome that a reporter hears: late, at full hours, and nothing but how the report ended."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from functions.chat.model.case import Case
from functions.chat.moderation.outcomes import outcome_of

HOUR = 3600
FULL = 1_800_000_000 - 1_800_000_000 % HOUR  # a full hour
REPORTED_AT = FULL - 30 * HOUR
AT = FULL + 60  # when something was decided
TOLD = FULL + 2 * HOUR
OPEN = Case("A", "spam", REPORTED_AT, ("d.eve",), reporter_device="d.ada")
UPHELD = replace(OPEN, decision="upheld", decided_at=AT)
GRANTED = replace(OPEN, decision="granted", decided_at=AT)
BANNED: dict[str, Any] = {"banned_until": AT + 24 * HOUR, "banned_at": AT}


@pytest.mark.parametrize(
    ("case", "outcome"),
    [
        (OPEN, "open"),
        (GRANTED, "nothing"),
        (UPHELD, "nothing"),
        (replace(UPHELD, is_warned=True), "warned"),
        (replace(UPHELD, **BANNED), "stopped"),
        (replace(OPEN, **BANNED), "stopped"),
        (replace(UPHELD, is_warned=True, **BANNED), "stopped"),
        (replace(GRANTED, **BANNED), "nothing"),
    ],
    ids=["open", "dismissed", "upheld", "warned", "banned", "by the rules", "warned and banned", "pardoned"],
)
def test_a_report_ends_in_one_of_four_ways(case: Case, outcome: str) -> None:
    """With any moderator, and any of the operator's verdicts."""
    assert outcome_of(case, TOLD) == outcome


@pytest.mark.parametrize("case", [GRANTED, replace(UPHELD, is_warned=True), replace(UPHELD, **BANNED)])
def test_nothing_is_told_before_a_full_hour_that_is_an_hour_later(case: Case) -> None:
    """Also not that something was decided."""
    assert {outcome_of(case, at) for at in (AT, AT + HOUR - 1, AT + HOUR + 1, TOLD - 1)} == {"open"}
    assert outcome_of(case, TOLD) != "open"


@pytest.mark.parametrize("seconds", [0, 1, 1799, 3539])
def test_whenever_in_an_hour_something_was_decided_it_is_told_at_the_same_moment(seconds: int) -> None:
    """So the moment tells nobody the minute."""
    case = replace(UPHELD, decided_at=AT + seconds)

    assert [outcome_of(case, TOLD + each) for each in (-1, 0)] == ["open", "nothing"]


def test_a_decision_before_an_appeal_stands_until_it_is_decided_anew() -> None:
    """That somebody appealed is nobody else's business."""
    stopped = replace(UPHELD, **BANNED)
    assert outcome_of(replace(stopped, appeal="no", appealed_at=TOLD), TOLD + 1) == "stopped"

    pardoned = replace(stopped, decision="granted", decided_at=TOLD, appeal="no", appealed_at=TOLD - 60)
    assert [outcome_of(pardoned, at) for at in (TOLD + 60, TOLD + HOUR)] == ["stopped", "nothing"]


def test_a_case_of_an_older_version_is_told_from_when_it_was_reported() -> None:
    """It does not say when its ban was decided."""
    case = replace(OPEN, banned_until=AT)

    assert [outcome_of(case, REPORTED_AT + each) for each in (HOUR - 1, HOUR)] == ["open", "stopped"]
