"""A hold is put and taken off by one write each; how a case outlives its time is tested with the operator's tool."""

from __future__ import annotations

from functions.chat.model.case import Case
from functions.chat.storage.holds import Holds


def test_a_case_is_held_for_a_reason_and_let_go_once(world):
    holds, cases = Holds(world.backend.table), world.backend.cases
    cases.open(Case("A", "spam", world.clock.now(), ("d.eve",)))

    held = holds.keep("A", "Order 17/2026", "olga")
    assert held is not None
    assert (held.kept_for, held.kept_by, held.kept_at) == ("Order 17/2026", "olga", world.clock.now())
    assert [case.number for case in cases.listed(["held"])] == ["A"]
    freed = holds.let_go("A")
    assert freed is not None
    assert freed.kept_for is None
    assert holds.let_go("A") is None
    assert list(cases.listed(["held"])) == []


def test_a_number_without_a_case_is_not_held(world):
    before = world.items()

    assert Holds(world.backend.table).keep("NONE", "Order", "olga") is None
    assert world.items() == before
