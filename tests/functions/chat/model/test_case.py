"""A case on its own: whether it waits, which proposal stands, and the numbers people quote."""

from __future__ import annotations

import pytest

from functions.chat.model.case import Case, report_number
from functions.chat.model.pseudonyms import Keyring, SecretKey

NUMBER_LENGTH = 10  # docs/limits.md: short enough to read out


def case(**values) -> Case:
    return Case("ABCDEFGHIJ", "spam", 0, **values)


@pytest.mark.parametrize(
    ("values", "is_open"),
    [
        ({}, True),
        ({"decision": "upheld", "decided_at": 5}, False),
        ({"decision": "upheld", "decided_at": 5, "appealed_at": 4}, False),  # the decision was of the appeal
        ({"decision": "upheld", "decided_at": 5, "appealed_at": 5}, False),
        ({"decision": "upheld", "decided_at": 5, "appealed_at": 6}, True),
        ({"appealed_at": 6}, True),
    ],
)
def test_a_case_waits_until_it_is_decided_and_again_once_it_is_appealed(values, is_open):
    assert case(**values).is_open is is_open


@pytest.mark.parametrize(
    ("values", "proposal"),
    [
        ({"proposed": "ban", "proposed_at": 5}, "ban"),
        ({"proposed": "ban", "proposed_at": 5, "decision": "upheld", "decided_at": 6}, None),
        ({"proposed": "ban", "proposed_at": 5, "decision": "upheld", "decided_at": 6, "appealed_at": 7}, None),
        ({"proposed": "ban", "proposed_at": 8, "decision": "upheld", "decided_at": 6, "appealed_at": 7}, "ban"),
    ],
)
def test_a_proposal_stands_until_a_decision(values, proposal):
    """One of before the last decision is not confirmed by who decides the appeal."""
    assert case(**values).proposal == proposal


def test_a_complaint_of_somebody_outside_is_told_from_a_report():
    kinds = [Case("ABCDEFGHIJ", reason, 0).complaint for reason in ("order", "spam")]

    assert kinds[0] is not None
    assert (kinds[0].code, kinds[1]) == ("order", None)


def test_the_number_of_a_report_is_the_same_when_it_is_sent_again_and_needs_the_key():
    """A person who knows the room and the seat, as the reported one does, cannot compute it; it can be read out."""
    ring, other = (Keyring((SecretKey("k", bytes([byte]) * 32),)) for byte in (1, 2))

    assert report_number(ring, "room", 0) == report_number(ring, "room", 0)
    assert report_number(ring, "room", 0) != report_number(other, "room", 0)
    assert len({report_number(ring, "room", at) for at in (0, 1)}) == 2
    assert report_number(ring, "room", 0).isalnum()
    assert len(report_number(ring, "room", 0)) == NUMBER_LENGTH
