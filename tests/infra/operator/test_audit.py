"""Nobody edits the log unseen."""

from __future__ import annotations

import pytest

from infra.operator import audit
from infra.tools.chain import Witness, problems
from tests.infra.operator.conftest import Desk


@pytest.mark.parametrize("field", ["at", "who", "what", "case"])
def test_a_changed_entry_is_named(desk: Desk, field: str):
    """In the table, behind the desk's back."""
    for _ in range(3):
        audit.write(desk.office, "olga", "dismiss", "CASE")
    other = {"N": "1"} if field == "at" else {"S": "another"}
    desk.world.table.change(("audit", f"{2:012}"), **{field: other})

    assert list(problems(audit.read(desk.office), Witness())) == ["Entry 2 was changed."]


def test_entries_follow_one_another_in_the_table(desk: Desk):
    for what in ("dismiss", "uphold", "close text"):
        assert audit.write(desk.office, "olga", what, "CASE")

    log = audit.read(desk.office)
    assert [(entry.number, entry.what) for entry, _ in log] == [(1, "dismiss"), (2, "uphold"), (3, "close text")]
    assert list(problems(log, Witness())) == []
