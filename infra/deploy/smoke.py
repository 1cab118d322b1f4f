"""`python -m infra.deploy smoke`: a deployed site, tried from outside as two visitors, in less than a minute.

`make deploy` ends with it. Each step has a name; the first that fails ends it with a sentence about what to do.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from functions.chat.runtime.telemetry import SERVICE
from infra.page import site_headers

# The first call of a function takes seconds; CloudFront's name may take a moment to be known everywhere.
STEP_SECONDS_MAX = 20
# Embedded metrics arrive within a minute as a rule; the site works without them.
METRICS_SECONDS_MAX = 40
METRICS_POLL_SECONDS = 4
METRICS_WINDOW = timedelta(minutes=10)

GO_BACK = (
    "The site may not work. To go back, check out the version that worked (`git log` names it) and run `make deploy`; "
    "the table, the addresses and the conversations stay."
)
NO_NUMBERS = (
    "No number has arrived at CloudWatch yet. Look at the dashboard in ten minutes; if it is empty then, the log "
    "groups of the Lambdas say why."
)


class SmokeError(Exception):
    """A step failed; the sentence says which and how."""


@dataclass
class Trial:
    """Where the site is, and what was found so far."""

    url: str
    websocket_url: str
    expects_relay: bool = False
    say: Callable[[str], None] = print
    # A word that no visitor has: the two of this trial meet each other, and nobody else.
    word: str = field(default_factory=lambda: f"trial-{secrets.token_hex(8)}")

    def page_headers(self, page: str) -> Mapping[str, str]:
        """Return what this page must be sent with."""
        socket, own = urlsplit(self.websocket_url), urlsplit(self.url)
        # A socket at CloudFront's own name is covered by 'self', see infra/stack/stack.py.
        named = "" if socket.netloc == own.netloc else f"wss://{socket.netloc}"
        expected = site_headers.headers(named, site_headers.styles_in(page))
        if not named:
            expected.pop("Content-Security-Policy")
        return {**expected, "Strict-Transport-Security": site_headers.strict_transport_security()}


async def run(trial: Trial) -> None:
    """Do every step in order, or raise `SmokeError`."""
    async with aiohttp.ClientSession(trust_env=True) as http:
        await _step(trial, "the page", _page(trial, http))
        await _step(trial, "its configuration", _config(trial, http))
        await _step(trial, "a socket and its sign of life", _ping(trial, http))
        await _step(trial, "two people who meet, talk and part", _meeting(trial, http))
        await _step(trial, "the credentials of a video call", _video(trial, http))


async def wait_for_numbers(client: Any, namespace: str, seconds_max: float = METRICS_SECONDS_MAX) -> bool:
    """Return whether a number of the handlers arrives at CloudWatch."""
    deadline = time.monotonic() + seconds_max
    while not await asyncio.to_thread(_has_numbers, client, namespace):
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(min(METRICS_POLL_SECONDS, seconds_max))
    return True


def _has_numbers(client: Any, namespace: str) -> bool:
    now = datetime.now(UTC)
    found = client.get_metric_statistics(
        Namespace=namespace,
        MetricName="Connected",
        Dimensions=[{"Name": "service", "Value": SERVICE}],
        StartTime=now - METRICS_WINDOW,
        EndTime=now + timedelta(minutes=1),
        Period=60,
        Statistics=["Sum"],
    )
    return bool(found["Datapoints"])


async def _step(trial: Trial, name: str, doing: Any) -> None:
    try:
        async with asyncio.timeout(STEP_SECONDS_MAX):
            await doing
    except TimeoutError:
        raise SmokeError(f"{name}: no answer within {STEP_SECONDS_MAX} s.") from None
    except (aiohttp.ClientError, OSError, ValueError) as problem:
        raise SmokeError(f"{name}: {problem}.") from problem
    except SmokeError as problem:
        raise SmokeError(f"{name}: {problem}") from None
    trial.say(f"  well: {name}")


async def _page(trial: Trial, http: aiohttp.ClientSession) -> None:
    async with http.get(trial.url) as answer:
        _demand(answer.status == 200, f"{trial.url} answers {answer.status}.")
        page = await answer.text()
        for name, value in trial.page_headers(page).items():
            sent = answer.headers.get(name)
            _demand(sent == value, f"the header {name} is {sent!r} and not {value!r}.")
        _demand("<script" in page, "what is there is no page of ours.")


async def _config(trial: Trial, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{trial.url}/config.json") as answer:
        _demand(answer.status == 200, f"config.json answers {answer.status}.")
        named = json.loads(await answer.text()).get("websocketUrl")
    _demand(named == trial.websocket_url, f"the page is told to connect to {named} and not to {trial.websocket_url}.")


async def _ping(trial: Trial, http: aiohttp.ClientSession) -> None:
    async with _connected(trial, http) as socket:
        await socket.send_json({"action": "ping"})
        await _until(socket, "pong")


async def _meeting(trial: Trial, http: aiohttp.ClientSession) -> None:
    async with AsyncExitStack() as open_sockets:
        one, other = [await open_sockets.enter_async_context(_connected(trial, http)) for _ in range(2)]
        room = await _pair(trial, one, other, "text")
        await one.send_json({"action": "message", "room": room, "seq": 1, "text": "hello"})
        heard = await _until(other, "message")
        _demand(heard.get("text") == "hello", "a line arrived changed.")
        await other.send_json({"action": "skip", "room": room})
        left = await _until(one, "peer_left")
        _demand(left.get("reason") == "skipped", f"a skip was told as {left.get('reason')}.")


async def _video(trial: Trial, http: aiohttp.ClientSession) -> None:
    async with AsyncExitStack() as open_sockets:
        one, other = [await open_sockets.enter_async_context(_connected(trial, http)) for _ in range(2)]
        await one.send_json(_wish(trial, "video"))
        await _until(one, "waiting")
        await other.send_json(_wish(trial, "video"))
        for socket in (one, other):
            servers = (await _until(socket, "paired")).get("iceServers", [])
            has_relay = any("credential" in server for server in servers)
            _demand(has_relay or not trial.expects_relay, "the relay gave no credentials (docs/video.md).")


async def _pair(
    trial: Trial, one: aiohttp.ClientWebSocketResponse, other: aiohttp.ClientWebSocketResponse, mode: str
) -> str:
    await one.send_json(_wish(trial, mode))
    await _until(one, "waiting")
    await other.send_json(_wish(trial, mode))
    first, second = await _until(one, "paired"), await _until(other, "paired")
    _demand(first["room"] == second["room"], "the two were put into different rooms.")
    return str(first["room"])


def _wish(trial: Trial, mode: str) -> Mapping[str, object]:
    return {"action": "join", "mode": mode, "interests": [trial.word]}


@asynccontextmanager
async def _connected(trial: Trial, http: aiohttp.ClientSession) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with http.ws_connect(trial.websocket_url, headers={"Origin": trial.url}) as socket:
        yield socket


async def _until(socket: aiohttp.ClientWebSocketResponse, wanted: str) -> Mapping[str, Any]:
    """Return the next event of a type; an error is one of the trial's, and other events are passed over."""
    while True:
        frame = await socket.receive()
        _demand(frame.type is aiohttp.WSMsgType.TEXT, f"the socket was closed before {wanted!r} came.")
        event: Mapping[str, Any] = json.loads(frame.data)
        _demand(event.get("type") != "error", f"{event.get('code')}: {event.get('message')}")
        _demand("type" in event, f"API Gateway says {event.get('message')!r}: a Lambda failed; its log says why.")
        if event["type"] == wanted:
            return event


def _demand(holds: bool, sentence: str) -> None:
    if not holds:
        raise SmokeError(sentence)
