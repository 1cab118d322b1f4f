"""Each kind of complaint has the clock that its law sets."""

from __future__ import annotations

from functions.chat.model import complaints
from tests.functions.child import REPOSITORY

CLOCKS = {"order": 3, "child": 3, "impostor": 36, "intimate": 48, "illegal": 7 * 24, "complaint": 7 * 24}


def test_the_clocks_are_those_of_the_laws():
    assert {kind.code: kind.hours for kind in complaints.TABLE} == CLOCKS


def test_complaints_with_hours_come_before_reports_and_those_with_days_after_them():
    assert [kind.code for kind in complaints.TABLE if kind.is_urgent] == ["order", "child", "impostor", "intimate"]


def test_a_law_that_wants_a_signature_gets_one():
    """47 U.S.C. 223a(a)(1)(B)(i); and an order names the authority that gives it."""
    assert {kind.code for kind in complaints.TABLE if kind.is_signed} == {"order", "intimate"}


def test_every_document_and_the_desk_have_these_kinds():
    """The forms and the figures of each language are looked at in tests/frontend."""
    *kinds, last = [f"`{code}`" for code in complaints.KINDS]
    law = (REPOSITORY / "docs" / "law.md").read_text()
    assert f"{', '.join(kinds)} or {last}" in (REPOSITORY / "docs" / "protocol.md").read_text(), "docs/protocol.md"
    for code, hours in CLOCKS.items():
        clock = f"{hours} hours" if hours < 72 else f"{hours // 24} days"
        assert f"| `{code}` | {clock} |" in law, "docs/law.md"
        assert f"{code}: " in (REPOSITORY / "infra/desk/page/words.js").read_text(), "infra/desk/page/words.js"
