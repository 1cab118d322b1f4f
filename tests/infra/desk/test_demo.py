"""The invented cases are cases."""

from __future__ import annotations

from pathlib import Path

from functions.chat.model.stamps import bytes_of
from infra.desk import demo
from infra.operator import casebook, evidence
from infra.operator.evidence_key import public_key


def test_invented_cases_wait_have_histories_and_open_with_the_key(desk, tmp_path: Path):
    key = tmp_path / "evidence.key"
    demo.fill(desk.office, 30, bytes_of(public_key(key)))

    cases, after = casebook.waiting(desk.office, 40)
    assert (len(cases), after) == (30, None)
    handed = [evidence.opened(desk.office, case, key) for case in cases]
    assert any(each is not None and each.still is not None for each in handed)
    assert any(line.left_out for each in handed if each is not None for line in each.lines or ())
    device = cases[0].subjects[0]
    assert cases[0].number in [case.number for case, _ in casebook.history(desk.office, device)]
