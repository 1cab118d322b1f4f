"""Floods through real sockets: cut off, kept out for a minute, and nobody else notices."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.gateway import Gateway

FRAMES_PER_SECOND = 500
# Three on a machine that has time; the rule itself is tested with a clock of its own, beside limiter.py.
SECONDS_MAX = 15.0
STEP_SECONDS = 0.01


@pytest.fixture(scope="module")
def own_gateway() -> Iterator[Gateway]:
    """One that nobody else has to come to after a flood."""
    gateway = Gateway()
    gateway.start()
    yield gateway
    gateway.stop()


@asynccontextmanager
async def opened(gateway: Gateway, query: str = "") -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with aiohttp.ClientSession() as http, http.ws_connect(gateway.websocket_url + query) as socket:
        yield socket


async def hear(socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(SECONDS_MAX):
        while True:
            event: dict[str, Any] = await socket.receive_json()
            if event.get("type") == kind:
                return event


async def flood(socket: aiohttp.ClientWebSocketResponse, frame: str) -> float:
    """Send 500 frames a second until the server closes the socket; return after how many seconds that was."""

    async def send() -> None:
        sent = 0
        while not socket.closed:
            while sent < (time.monotonic() - began) * FRAMES_PER_SECOND and not socket.closed:
                await socket.send_str(frame)
                sent += 1
            await asyncio.sleep(STEP_SECONDS)

    began = time.monotonic()
    sending = asyncio.create_task(send())
    async with asyncio.timeout(SECONDS_MAX):
        async for _ in socket:
            pass
    closed_after = time.monotonic() - began
    await asyncio.wait([sending])
    sending.exception()  # a frame that was on the way when the socket closed
    return closed_after


async def status_of_coming_back(gateway: Gateway, query: str = "") -> int:
    try:
        async with opened(gateway, query):
            return 101
    except aiohttp.WSServerHandshakeError as refused:
        return refused.status


async def test_a_flood_is_closed_and_cannot_come_straight_back(own_gateway: Gateway):
    """Its device cannot; everybody else of the same address comes and goes, and its peer searches on."""
    async with opened(own_gateway) as ada, opened(own_gateway) as eve:
        tokens = []
        for each, kind in ((ada, "waiting"), (eve, "paired")):
            await each.send_json({"action": "join", "mode": "text"})
            tokens.append(str((await hear(each, kind))["device"]))
        closed_after = await flood(eve, json.dumps({"action": "typing", "room": "none", "on": True}))

        assert eve.close_code is not None
        assert closed_after < SECONDS_MAX
        await hear(ada, "peer_left")
        await hear(ada, "waiting")
    assert await status_of_coming_back(own_gateway) == 101
    assert await status_of_coming_back(own_gateway, f"?device={tokens[1]}") == 429
    assert await status_of_coming_back(own_gateway, f"?device={tokens[0]}") == 101
