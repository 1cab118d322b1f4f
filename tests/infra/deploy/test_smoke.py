"""Numbers of a deployed site are waited for; the trial itself is tests/infra/smoke's."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.deploy import smoke


class Numbers:
    """CloudWatch, at which numbers arrive after a few questions."""

    def __init__(self, after: int) -> None:
        self.left = after

    def get_metric_statistics(self, **asked: Any) -> dict[str, Any]:
        assert asked["StartTime"] == datetime(2026, 1, 2, 3, 4, tzinfo=UTC), "an earlier version's numbers are no proof"
        assert (asked["Namespace"], asked["MetricName"]) == ("Passerby", "Connected")
        assert asked["Dimensions"] == [{"Name": "service", "Value": "passerby"}]
        self.left -= 1
        return {"Datapoints": [] if self.left >= 0 else [{"Sum": 4.0}]}


@pytest.mark.parametrize(("after", "arrives"), [(0, True), (1, True), (99, False)])
def test_numbers_are_waited_for_but_not_for_ever(monkeypatch: pytest.MonkeyPatch, after: int, arrives: bool) -> None:
    """They may take minutes, and the site works without them."""
    monkeypatch.setattr(smoke, "METRICS_POLL_SECONDS", 0.01)

    since = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert asyncio.run(smoke.wait_for_numbers(Numbers(after), "Passerby", since, seconds_max=0.3)) is arrives
