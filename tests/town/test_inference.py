"""The conclusions from a ban of an offender who knows the rules: a guess that sees nothing would prove nothing."""

from __future__ import annotations

from collections.abc import Sequence

from tests.town.faults import FAULTS, judge_for_most_reports, planted
from tests.town.inference import Conversation, Suspicion

SHARE = 0.4
BEGINS = 1_800_000_000.0  # a full five minutes


def suspicion(acts: Sequence[str], begins: float, reason: str) -> list[float]:
    """Return what is thought of conversations that ended 30 s after one another, the first 10 minutes before."""
    met = [Conversation(BEGINS - 600 + 30 * number, act) for number, act in enumerate(acts)]
    return [round(each, 2) for each in Suspicion(met, begins, reason, SHARE).of_each()]


def test_of_three_conversations_before_a_ban_each_was_reported() -> None:
    """Fewer do not lead to one."""
    assert suspicion(["spam"] * 3, BEGINS, "other") == [1.0, 1.0, 1.0]


def test_a_ban_for_nothing_said_suspects_everybody_alike_and_one_that_says_for_what_does_not() -> None:
    """By the reason of most reports, those to whom that was done are likelier to have reported than the others."""
    acts = ["spam", "hate", "hate", "spam"]
    assert len(set(suspicion(acts, BEGINS, "other"))) == 1

    with planted(next(fault for fault in FAULTS if fault.instead is judge_for_most_reports)):
        told = suspicion(acts, BEGINS, "hate")
    assert min(told[1], told[2]) > max(told[0], told[3])


def test_after_the_moment_that_decided_it_strangers_report_as_ever() -> None:
    """A ban begins two minutes later at least."""
    assert suspicion(["spam"] * 30, BEGINS, "other")[-1] == SHARE


def test_a_ban_that_these_conversations_cannot_have_led_to_says_nothing_of_them() -> None:
    """It is older, or for something else."""
    assert suspicion(["spam"] * 4, BEGINS - 3600, "other") == [SHARE] * 4
    assert suspicion(["spam"] * 4, BEGINS, "hate") == [SHARE] * 4
