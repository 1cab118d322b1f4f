"""The trial of a deployed site, against the local gateway: what works passes, and each fault has its sentence."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from infra.deploy import smoke
from infra.deploy.smoke import SmokeError, Trial
from tests.gateway import Gateway


class LocalTrial(Trial):
    """Localhost has no certificate, and its socket is the page's own."""

    def page_headers(self, page: str) -> dict[str, str]:
        headers = dict(super().page_headers(page))
        headers.pop("Strict-Transport-Security")
        return headers


def trial(gateway: Gateway, **changed: Any) -> LocalTrial:
    said: list[str] = []
    made = LocalTrial(
        **{"url": gateway.url.rstrip("/"), "websocket_url": gateway.websocket_url, "say": said.append, **changed}
    )
    made.__dict__["said"] = said
    return made


def test_a_site_that_works_passes_every_step(gateway: Gateway) -> None:
    """Page, configuration, sign of life, a meeting, a video room."""
    tried = trial(gateway)
    steps = [smoke._page, smoke._ping, smoke._meeting, smoke._video]

    async def play() -> None:
        async with smoke.aiohttp.ClientSession() as http:
            for step in steps:
                await smoke._step(tried, step.__name__, step(tried, http))

    asyncio.run(play())

    assert tried.__dict__["said"] == ["  well: _page", "  well: _ping", "  well: _meeting", "  well: _video"]


@pytest.mark.parametrize(
    ("step", "changed", "sentence"),
    [
        (smoke._page, {"url": "http://127.0.0.1:9"}, "Cannot connect"),
        (smoke._config, {"websocket_url": "wss://elsewhere.example/ws"}, "and not to wss://elsewhere.example/ws"),
        (smoke._ping, {"websocket_url": "ws://127.0.0.1:9/ws"}, "Cannot connect"),
        (smoke._video, {"expects_relay": True}, "the relay gave no credentials"),
    ],
)
def test_what_does_not_work_is_said_in_a_sentence(
    gateway: Gateway, step: Any, changed: dict[str, Any], sentence: str
) -> None:
    """Named by its step, so that the operator knows where to look."""
    tried = trial(gateway, **changed)

    async def play() -> None:
        async with smoke.aiohttp.ClientSession() as http:
            await smoke._step(tried, "this step", step(tried, http))

    with pytest.raises(SmokeError, match=f"this step: .*{sentence}"):
        asyncio.run(play())


class Numbers:
    """CloudWatch, at which numbers arrive after a few questions."""

    def __init__(self, after: int) -> None:
        self.left = after

    def get_metric_statistics(self, **asked: Any) -> dict[str, Any]:
        assert (asked["Namespace"], asked["MetricName"]) == ("Passerby", "Connected")
        assert asked["Dimensions"] == [{"Name": "service", "Value": "passerby"}]
        self.left -= 1
        return {"Datapoints": [] if self.left >= 0 else [{"Sum": 4.0}]}


@pytest.mark.parametrize(("after", "arrives"), [(0, True), (1, True), (99, False)])
def test_numbers_are_waited_for_but_not_for_ever(monkeypatch: pytest.MonkeyPatch, after: int, arrives: bool) -> None:
    """They may take minutes, and the site works without them."""
    monkeypatch.setattr(smoke, "METRICS_POLL_SECONDS", 0.01)

    assert asyncio.run(smoke.wait_for_numbers(Numbers(after), "Passerby", seconds_max=0.3)) is arrives
