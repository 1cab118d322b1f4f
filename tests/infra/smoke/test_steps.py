"""The trial of a site, against the local gateway, over both wires: a working site passes, each fault is a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from infra.deploy.smoke import HttpWire
from infra.smoke import steps
from infra.smoke.relay import Place
from infra.smoke.steps import SmokeError, Trial, Wire
from infra.smoke.wire import PlainWire
from tests.gateway import Gateway

Wires = Callable[[], Any]


@asynccontextmanager
async def of_aiohttp() -> AsyncIterator[Wire]:
    async with aiohttp.ClientSession() as http:
        yield HttpWire(http)


@asynccontextmanager
async def of_python() -> AsyncIterator[Wire]:
    yield PlainWire()


EVERY_WIRE = pytest.mark.parametrize("wires", [of_aiohttp, of_python])


class LocalTrial(Trial):
    """Localhost has no certificate, and its socket is the page's own."""

    def page_headers(self, page: str) -> dict[str, str]:
        headers = dict(super().page_headers(page))
        headers.pop("Strict-Transport-Security")
        return headers


def trial(gateway: Gateway, **changed: Any) -> tuple[LocalTrial, list[str]]:
    said: list[str] = []
    given = {"url": gateway.url.rstrip("/"), "websocket_url": gateway.websocket_url, "say": said.append}
    return LocalTrial(**{**given, **changed}), said


async def play(tried: Trial, wires: Wires, *names: str) -> None:
    async with wires() as wire:
        for name in names:
            step: Callable[[Trial, Wire], Awaitable[None]] = getattr(steps, f"_{name}")
            await steps._step(tried, name, step(tried, wire))


@EVERY_WIRE
def test_a_site_that_works_passes_every_step(gateway: Gateway, wires: Wires) -> None:
    """Page, sign of life, a meeting, a video room."""
    tried, said = trial(gateway)

    asyncio.run(play(tried, wires, "page", "ping", "meeting", "video"))

    assert said == ["  well: page", "  well: ping", "  well: meeting", "  well: video"]


@EVERY_WIRE
@pytest.mark.parametrize(
    ("step", "changed", "sentence"),
    [
        ("page", {"url": "http://127.0.0.1:9"}, "(Cannot connect|refused)"),
        ("config", {"websocket_url": "wss://elsewhere.example/ws"}, "and not to wss://elsewhere.example/ws"),
        ("ping", {"websocket_url": "ws://127.0.0.1:9/ws"}, "(Cannot connect|Connect call failed)"),
        ("ping", {"path": "/nowhere"}, "(404|refused)"),
        ("video", {"expects_relay": True}, "the relay gave no credentials"),
    ],
)
def test_a_step_that_fails_is_said_in_a_sentence(
    gateway: Gateway, wires: Wires, step: str, changed: dict[str, Any], sentence: str
) -> None:
    """Named by its step, so that the operator knows where to look."""
    if "path" in changed:
        changed = {"websocket_url": gateway.websocket_url.replace("/ws", changed["path"])}
    tried, _ = trial(gateway, **changed)

    with pytest.raises(SmokeError, match=f"^{step}: .*{sentence}"):
        asyncio.run(play(tried, wires, step))


@pytest.mark.parametrize("code", ["closed", "age_required"])
def test_a_site_that_its_operator_closed_has_not_failed(code: str) -> None:
    """Nor has one that asks for proofs of age, which nobody makes for a trial; another error is a fault."""

    class Refusing:
        async def send(self, text: str) -> None: ...

        async def receive(self) -> str:
            return f'{{"type": "error", "code": "{code}", "message": "Not now."}}'

    class RefusingWire:
        async def get(self, url: str) -> Any:
            raise AssertionError(url)

        @asynccontextmanager
        async def connect(self, url: str, origin: str) -> AsyncIterator[Refusing]:
            yield Refusing()

        async def ask_relay(self, place: Place) -> None:
            raise AssertionError(place)

    said: list[str] = []
    tried = Trial("https://a.example", "wss://a.example/ws", say=said.append)

    asyncio.run(steps._step(tried, "two people", steps._meeting(tried, RefusingWire())))

    assert said == ["  not tried: two people. Not now."]


@pytest.mark.parametrize(
    ("url", "websocket_url", "may_reach"),
    [
        (
            "https://d1.cloudfront.net",
            "wss://api.execute-api.eu-west-1.amazonaws.com/ws",
            "'self' wss://api.execute-api.eu-west-1.amazonaws.com",
        ),
        ("https://d1.cloudfront.net", "wss://d1.cloudfront.net/ws", "'self'"),
        ("https://chat.example.org", "wss://chat.example.org/ws", "'self' wss://chat.example.org"),
    ],
    ids=["direct", "through the edge", "at a name of one's own"],
)
def test_the_pages_policy_is_tried_wherever_its_socket_is(url: str, websocket_url: str, may_reach: str) -> None:
    """Each as the stack writes it; a page without one is a fault."""
    policy = Trial(url, websocket_url).page_headers("")["Content-Security-Policy"]

    assert policy.partition("connect-src ")[2] == may_reach
