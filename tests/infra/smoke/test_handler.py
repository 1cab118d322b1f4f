"""The scheduled trial reports one number in CloudWatch's own format, and the step that failed."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import Any

from infra.smoke.handler import try_out
from infra.smoke.relay import Place
from infra.smoke.steps import WireError

ENVIRONMENT = {"SITE_URL": "https://a.example", "WEBSOCKET_URL": "wss://b.example/ws", "METRICS_NAMESPACE": "Corner"}


class Dead:
    """A site that is not there."""

    async def get(self, url: str) -> Any:
        raise WireError("nobody answers")

    @asynccontextmanager
    async def connect(self, url: str, origin: str) -> Any:
        raise WireError("nobody answers")
        yield

    async def ask_relay(self, place: Place) -> None:
        raise AssertionError(place)


def test_a_failure_is_a_one_and_names_its_step() -> None:
    """As an embedded metric (docs: "Specification: Embedded metric format"), at the time of the trial."""
    line = json.loads(try_out(ENVIRONMENT, Dead(), 1_800_000_000.5))

    assert line["_aws"] == {
        "Timestamp": 1_800_000_000_500,
        "CloudWatchMetrics": [
            {"Namespace": "Corner", "Dimensions": [["service"]], "Metrics": [{"Name": "SiteFails", "Unit": "Count"}]}
        ],
    }
    assert (line["service"], line["SiteFails"], line["went_well"]) == ("smoke", 1, 0)
    assert line["failed"] == "the page: nobody answers."


def test_a_trial_that_breaks_off_is_a_failure_too() -> None:
    """Without its number no alarm would ring."""

    class Broken(Dead):
        async def get(self, url: str) -> Any:
            raise KeyError(url)

    line = json.loads(try_out(ENVIRONMENT, Broken(), 1.0))

    assert line["SiteFails"] == 1
    assert line["failed"].startswith("the trial broke off: KeyError")
