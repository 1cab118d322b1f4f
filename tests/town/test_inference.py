"""The conclusions from a ban of an offender who knows the rules: a guess that sees nothing would prove nothing."""

from __future__ import annotations

from collections.abc import Sequence

from tests.town.inference import Conversation, Suspicion

SHARE = 0.4
BEGINS = 1_800_000_000.0  # a full five minutes


def suspicion(acts: Sequence[str], begins: float, reason: str) -> list[float]:
    """Return what is thought of conversations that ended 30 s after one another, the first 10 minutes before."""
    met = [Conversation(BEGINS - 600 + 30 * number, act) for number, act in enumerate(acts)]
    return [round(each, 2) for each in Suspicion(met, begins, reason, SHARE).of_each()]


def test_of_three_conversations_before_a_ban_each_was_reported() -> None:
    """Fewer do not lead to one."""
    assert suspicion(["spam"] * 3, BEGINS, "spam") == [1.0, 1.0, 1.0]


def test_who_was_treated_otherwise_is_not_suspected_where_the_reason_is_that_of_the_others() -> None:
    """For three others it takes three reports, and for four none of hers."""
    assert suspicion(["spam", "spam", "hate", "spam"], BEGINS, "spam")[2] < SHARE
    assert suspicion(["spam", "spam", "hate"], BEGINS, "other") == [1.0, 1.0, 1.0]


def test_after_the_moment_that_decided_it_strangers_report_as_ever() -> None:
    """A ban begins two minutes later at least."""
    assert suspicion(["spam"] * 30, BEGINS, "spam")[-1] == SHARE


def test_a_ban_that_these_conversations_cannot_have_led_to_says_nothing_of_them() -> None:
    """It is older, or for something else."""
    assert suspicion(["spam"] * 4, BEGINS - 3600, "spam") == [SHARE] * 4
    assert suspicion(["spam"] * 4, BEGINS, "hate") == [SHARE] * 4
