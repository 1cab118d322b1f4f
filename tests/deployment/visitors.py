"""People at a deployed site's own socket, where CloudFront would lead them: API Gateway's public host."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from functions.chat.runtime.settings import EDGE_HEADER
from tests.deployment.deployment import Deployment

START_SECONDS_MAX = 90
VISITOR = "198.51.100.7:40000"


async def meet(site: Deployment, headers: Mapping[str, str], mode: str = "video") -> list[dict[str, Any]]:
    """Pair two, and return what each of them is told."""
    async with _sockets(site, headers, 2) as sockets:
        for socket in sockets:
            await _join(socket, mode)
        return [await _told(socket, "paired") for socket in sockets]


async def asked(site: Deployment, headers: Mapping[str, str], mode: str = "text") -> dict[str, Any]:
    """Let one join, and return the first that it is told."""
    async with _sockets(site, headers, 1) as sockets:
        await _join(sockets[0], mode)
        event: dict[str, Any] = await sockets[0].receive_json()
        return event


def relays(event: Mapping[str, Any]) -> list[str]:
    """Return the addresses of relays that a pair's event gives credentials for."""
    return [url for server in event["iceServers"] if "credential" in server for url in server["urls"]]


def distribution(site: Deployment) -> dict[str, Any]:
    """Return the configuration of the site's distribution."""
    client = site.client("cloudfront")
    found = client.get_distribution_config(Id=site.physical_id("AWS::CloudFront::Distribution"))
    config: dict[str, Any] = found["DistributionConfig"]
    return config


def secret(site: Deployment) -> str:
    """Return what CloudFront sends, which connect's environment must equal."""
    origins = distribution(site)["Origins"]["Items"]
    (origin,) = (each for each in origins if each.get("CustomHeaders", {}).get("Quantity"))
    (header,) = origin["CustomHeaders"]["Items"]
    variables = function(site, "connect")["Environment"]["Variables"]
    assert header["HeaderName"].lower() == EDGE_HEADER
    assert header["HeaderValue"] == variables["EDGE_SECRET"]
    return str(header["HeaderValue"])


def function(site: Deployment, handler: str) -> dict[str, Any]:
    """Return the configuration of the site's Lambda with this handler."""
    listed = site.client("lambda").list_functions()["Functions"]
    (found,) = (
        each
        for each in listed
        if f".{handler}." in each["Handler"] and each["FunctionName"].startswith(f"{site.stack_name}-")
    )
    configuration: dict[str, Any] = found
    return configuration


@asynccontextmanager
async def _sockets(
    site: Deployment, headers: Mapping[str, str], number: int
) -> AsyncIterator[list[aiohttp.ClientWebSocketResponse]]:
    api = site.physical_id("AWS::ApiGatewayV2::Api")
    address = f"wss://{api}.execute-api.{site.region}.amazonaws.com/ws"
    proxy, sent = site.emulator.front.url, {"Origin": site.url, **headers}
    async with aiohttp.ClientSession() as http, asyncio.timeout(START_SECONDS_MAX):
        yield [await http.ws_connect(address, proxy=proxy, ssl=False, headers=sent) for _ in range(number)]


async def _join(socket: aiohttp.ClientWebSocketResponse, mode: str) -> None:
    await socket.send_json({"action": "join", "mode": mode, "interests": ["deployed"]})


async def _told(socket: aiohttp.ClientWebSocketResponse, wanted: str) -> dict[str, Any]:
    while True:
        event: dict[str, Any] = await socket.receive_json()
        if event.get("type") == wanted:
            return event
