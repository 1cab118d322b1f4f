"""The price that each scenario of the bill may have, in dollars a million times: one frame or write more is seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bench import cost
from tests.bench.bill import MILLION, Meter
from tests.bench.stage import opened

# Measured (`make cost`). Raise one when something is worth it, and say what it is worth (docs/performance.md).
DOLLARS_MAX = {
    "a line": 2.46,
    "a line with its typing and acknowledgements, 6 s apart": 2.58,
    "the same, 11 s apart": 3.56,
    "two people come and meet": 15.00,
    "a video pairing: meeting, and its signals": 20.50,
    "a text chat of 20 lines": 98.50,
    "a video call of 3 minutes": 62.00,
    "an hour of waiting": 430.00,
}


@pytest.fixture(scope="module")
def dollars() -> Iterator[dict[str, float]]:
    with opened() as new_stage:
        ours, _ = cost.tallies(Meter(new_stage))
        yield {name: tally.dollars * MILLION for name, tally in ours.items()}


@pytest.mark.parametrize("scenario", DOLLARS_MAX)
def test_a_scenario_costs_no_more_than_it_did(dollars: dict[str, float], scenario: str) -> None:
    """Nor much less, as a limit that is far away holds nothing."""
    assert 0.95 * DOLLARS_MAX[scenario] < dollars[scenario] <= DOLLARS_MAX[scenario]


def test_every_scenario_has_its_limit(dollars: dict[str, float]) -> None:
    """And no limit is left over."""
    assert dollars.keys() == DOLLARS_MAX.keys()
