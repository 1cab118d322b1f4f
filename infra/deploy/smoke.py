"""`python -m infra.deploy smoke`: the trial of a site (infra/smoke) from this computer, and whether numbers arrive.

`make deploy` ends with it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from functions.chat.runtime.telemetry import SERVICE
from infra.smoke import relay, steps
from infra.smoke.steps import Answer, SmokeError, Trial, WireError

__all__ = ["GO_BACK", "NO_NUMBERS", "SmokeError", "Trial", "run", "wait_for_numbers"]

# Embedded metrics arrive within a minute as a rule; the site works without them.
METRICS_SECONDS_MAX = 40
METRICS_POLL_SECONDS = 4

GO_BACK = (
    "The site may not work. To go back, check out the version that worked (`git log` names it) and run `make deploy`; "
    "the table, the addresses and the conversations stay."
)
NO_NUMBERS = (
    "No number has arrived at CloudWatch yet. Look at the dashboard in ten minutes; if it is empty then, the log "
    "groups of the Lambdas say why."
)


async def run(trial: Trial) -> None:
    """Do every step in order, through the proxy of this computer if it has one; raise `SmokeError`."""
    async with aiohttp.ClientSession(trust_env=True) as http:
        await steps.run(trial, HttpWire(http))


async def wait_for_numbers(client: Any, namespace: str, since: datetime, seconds_max: float) -> bool:
    """Return whether a number that the handlers counted since then arrives at CloudWatch."""
    deadline = time.monotonic() + seconds_max
    while not await asyncio.to_thread(_has_numbers, client, namespace, since):
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(min(METRICS_POLL_SECONDS, seconds_max))
    return True


def _has_numbers(client: Any, namespace: str, since: datetime) -> bool:
    found = client.get_metric_statistics(
        Namespace=namespace,
        MetricName="Connected",
        Dimensions=[{"Name": "service", "Value": SERVICE}],
        # A number stands at the beginning of its minute. Those before the trial are an earlier version's.
        StartTime=since.replace(second=0, microsecond=0),
        EndTime=datetime.now(UTC) + timedelta(minutes=1),
        Period=60,
        Statistics=["Sum"],
    )
    return bool(found["Datapoints"])


class HttpSocket:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def send(self, text: str) -> None:
        await self._socket.send_str(text)

    async def receive(self) -> str | None:
        """Return the next frame, or nothing once the socket is closed."""
        frame = await self._socket.receive()
        return str(frame.data) if frame.type is aiohttp.WSMsgType.TEXT else None


class HttpWire:
    """Carries a trial with aiohttp, which knows proxies."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def get(self, url: str) -> Answer:
        try:
            async with self._http.get(url) as answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Answer(answer.status, headers, await answer.text())
        except aiohttp.ClientError as problem:
            raise WireError(str(problem)) from problem

    @asynccontextmanager
    async def connect(self, url: str, origin: str) -> AsyncIterator[HttpSocket]:
        """Open a socket for a page of this origin."""
        try:
            async with self._http.ws_connect(url, headers={"Origin": origin}) as socket:
                yield HttpSocket(socket)
        except aiohttp.ClientError as problem:
            raise WireError(str(problem)) from problem

    async def ask_relay(self, place: relay.Place) -> None:
        """Ask a relay for an address without credentials; proxies carry no such thing."""
        await relay.ask(place)
