"""The document of the numbers is the table's."""

from __future__ import annotations

from pathlib import Path

import pytest

from functions.chat.runtime.metrics import BY_NAME
from infra.reports import costs, metrics

DOCUMENT = Path(__file__).parents[3] / "docs" / "metrics.md"


def test_the_price_of_all_numbers_is_said_and_is_in_the_table_of_costs() -> None:
    """Thirty cents for each beyond the free ones."""
    assert f"${metrics.month():.2f} a month" in DOCUMENT.read_text()
    assert len(BY_NAME) == costs.METRICS
    assert costs.month(100)["CloudWatch"] >= metrics.month() == pytest.approx(0.3 * (len(BY_NAME) - 10))
