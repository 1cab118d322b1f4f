"""A gateway inside the test's own event loop, with stand-ins for the handlers, and clients to talk to it."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import boto3
from aiohttp import ClientSession, ClientWebSocketResponse
from botocore.config import Config

from functions.routes import ROUTES, Handler
from infra.local.core.counters import Counters
from infra.local.core.settings import Settings
from infra.local.server import Server, listen
from tests.gateway import free_port

WAIT_SECONDS_MAX = 5.0
POLL_SECONDS = 0.005
OK = {"statusCode": 200}


class Recorder:
    """A handler that notes every event and context, and answers what it was told to."""

    def __init__(self, answer: Callable[[dict[str, Any]], Any] = lambda event: OK) -> None:
        self.events: list[dict[str, Any]] = []
        self.contexts: list[Any] = []
        self._answer = answer
        self._lock = threading.Lock()

    def __call__(self, event: dict[str, Any], context: Any) -> Any:
        with self._lock:
            self.events.append(event)
            self.contexts.append(context)
        return self._answer(event)

    @property
    def bodies(self) -> list[str]:
        return [event["body"] for event in self.events]

    async def event(self) -> dict[str, Any]:
        """Return the one event that came, waiting for it."""
        await until(lambda: bool(self.events))
        (event,) = self.events
        return event


@dataclass
class World:
    """The running gateway and what it reported."""

    port: int
    server: Server
    session: ClientSession
    handlers: dict[str, Recorder]
    failures: list[tuple[str, BaseException]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def counters(self) -> Counters:
        return self.server.counters

    async def connect(self, **options: Any) -> ClientWebSocketResponse:
        return await self.session.ws_connect(f"{self.url}/ws", **{"max_msg_size": 0, **options})

    def management(self) -> Any:
        """Return the real client, as the functions have it, on the stage's path."""
        return management_client(f"{self.url}/local")

    async def connection_id(self, number: int = 0) -> str:
        await until(lambda: len(self.handlers["$connect"].events) > number)
        return str(self.handlers["$connect"].events[number]["requestContext"]["connectionId"])


def management_client(endpoint_url: str) -> Any:
    return boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}),
    )


def near(w: World, seconds_max: float = WAIT_SECONDS_MAX) -> Any:
    """Return a client that is answered in this process; at its address nobody listens."""
    client = management_client(f"http://127.0.0.1:{free_port()}/local")
    client.meta.config.read_timeout = seconds_max
    w.server.shorten(client)
    return client


def transport_of(socket: ClientWebSocketResponse) -> asyncio.Transport:
    """Return what carries the bytes of a client's socket, to hold them up or to cut it."""
    connection = socket._response.connection
    assert connection is not None
    assert isinstance(connection.transport, asyncio.Transport)
    return connection.transport


@asynccontextmanager
async def world(handlers: Mapping[str, Handler] | None = None, **settings: Any) -> AsyncIterator[World]:
    """Run a gateway whose routes are answered by recorders, or by the `handlers` given."""
    recorders: dict[str, Any] = {route.key: Recorder() for route in ROUTES if route.module}
    recorders.update(handlers or {})
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    failures: list[tuple[str, BaseException]] = []
    chosen = replace(Settings(port=port, close_seconds_max=0.1, drain_seconds_max=0.2), **settings)
    server = Server(chosen, recorders, lambda key, problem: failures.append((key, problem)), Counters())
    troubles: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, trouble: troubles.append(trouble))
    await server.start(listener)
    async with ClientSession() as session:
        try:
            yield World(port, server, session, recorders, failures)
        finally:
            await server.stop()
    gc.collect()  # a task that failed unseen is reported when it is collected
    assert troubles == []


async def until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds."""
    async with asyncio.timeout(WAIT_SECONDS_MAX):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in threads and sockets, which set no event
            await asyncio.sleep(POLL_SECONDS)


async def receive(socket: ClientWebSocketResponse) -> Any:
    """Return the next frame of the server as JSON."""
    return await socket.receive_json(timeout=WAIT_SECONDS_MAX)


async def close_code(socket: ClientWebSocketResponse) -> int | None:
    """Wait for the server to close and return its code."""
    await socket.receive(timeout=WAIT_SECONDS_MAX)
    assert socket.closed, "the server sent something else than a close"
    return socket.close_code
