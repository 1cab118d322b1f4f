"""How a complaint stands, and until when it may; the kept fields are tested with the handler."""

from __future__ import annotations

import pytest

from functions.chat.model.case import Case
from functions.chat.moderation import complaints


@pytest.mark.parametrize(("decision", "state"), [(None, "open"), ("done", "done"), ("refused", "refused")])
def test_a_decision_is_told_in_a_word(decision: str | None, state: str):
    assert complaints.state_of(Case("A", "intimate", 0.0, decision=decision)) == state


@pytest.mark.parametrize(("kind", "hours"), [("order", 3), ("impostor", 36), ("intimate", 48), ("complaint", 168)])
def test_the_clock_begins_with_the_complaint(kind: str, hours: int):
    assert complaints.due_at(Case("A", kind, 1000.0)) == 1000 + hours * 3600
