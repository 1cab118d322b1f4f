"""The costs in the guide are what the script computes, and it computes what it says."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from infra import prices
from infra.options.options import Options
from infra.reports import costs

CROWDS = (0, 100, 10_000, 100_000)

GUIDE = Path(__file__).parents[3] / "docs" / "deploying.md"


def test_the_guide_holds_what_the_script_prints() -> None:
    """Nobody reads an old price in the guide."""
    guide = GUIDE.read_text()

    assert "\n".join(costs.table()) in guide
    assert "\n".join(costs.assumptions()) in guide


def test_the_price_of_scheduled_trials_is_the_one_that_the_option_names() -> None:
    """An operator who switches them on has read it there."""
    (meaning,) = (each.metadata["meaning"] for each in fields(Options) if each.name == "smoke_minutes")
    told = {int(minutes): float(price) for price, minutes in re.findall(r"\$([0-9.]+)[a-z ]* every (\d+)", meaning)}

    assert set(told) == {5, 60}
    for minutes, price in told.items():
        assert costs.trials_month(minutes) == pytest.approx(price, abs=0.02)
    assert prices.OPTION_MONTH["smoke_minutes"] == told[5], "which `make deploy` asks about"


def test_nobody_costs_nothing() -> None:
    """An idle month is free to the cent."""
    assert sum(costs.month(0).values()) == 0


def test_a_month_of_one_person_is_its_frames_at_their_price() -> None:
    """Messages are billed both ways, connections by the minute."""
    month = costs.month(1)
    messages = sum(number * work.messages for number, work in costs.HABITS.values())

    assert month["API Gateway: messages"] == pytest.approx(730 * messages * prices.MESSAGE)
    assert month["API Gateway: connections"] == pytest.approx(730 * 60 * prices.CONNECTION_MINUTE)
    assert month["Lambda"] == 0, "one person stays within what is free for ever"


def test_more_people_cost_less_each() -> None:
    """Free use and use that is cheaper in bulk are counted once."""
    each = [sum(costs.month(people).values()) / people for people in CROWDS if people > 100]

    assert each == sorted(each, reverse=True)
