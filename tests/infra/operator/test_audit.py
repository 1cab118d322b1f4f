"""Nobody edits the log unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.operator import audit, site, verdicts
from infra.operator.verdicts import VERDICTS, Order
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


def test_every_order_is_in_the_log_by_whom_and_about_which_case(desk: Desk, tmp_path: Path):
    """In the order in which they were given."""
    _, _, number = desk.report("hate")
    other = desk.report("spam", number=1)[2]
    begins, ends = 1_900_000_000, 1_900_003_600
    for order in (
        f"ban {number} --for 7d",
        f"unban {number}",
        f"hold {number} asked",
        f"preserve {number} asked --to {tmp_path / 'bundle.zip'}",
        f"release {number}",
        f"decide {number} warn",
        f"unwarn {number}",
        "close text",
        "open text",
        "notice Soon.",
    ):
        desk.ask(*order.split())
    site.take_back(desk.office, site.plan(desk.office, begins, ends, frozenset({"video"}), {"": "Back soon."}).plans[0])
    verdicts.carry_out(desk.office, other, Order(VERDICTS["for_good"], "paul"))

    told = [
        (who, what.partition(" ")[0] if what.startswith("preserve") else what, case) for who, what, case in desk.log()
    ]
    time = "2030-03-17T17:46:40Z 2030-03-17T18:46:40Z"
    assert told == [
        ("olga", "ban by hand 604800", number),
        ("olga", "unban", number),
        ("olga", "hold", number),
        ("olga", "hold", number),  # what is preserved is on hold
        ("olga", "preserve", number),
        ("olga", "release", number),
        ("olga", "warn", number),
        ("olga", "warning_withdrawn", number),
        ("olga", "close text", ""),
        ("olga", "open text", ""),
        ("olga", "notice", ""),
        ("olga", f"plan close video, notice {time}", ""),
        ("olga", f"take back {time}", ""),
        ("paul", "propose for_good 315360000", other),  # ten years, as the desk's page says
    ]
