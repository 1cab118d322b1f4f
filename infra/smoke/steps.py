"""A deployed site, tried from outside as two visitors, step by step: by `make smoke` and by the scheduled canary.

It needs nothing but Python, and a `Wire` that carries the questions and answers. Each step has a name; the first that
fails ends it with a sentence about what to do.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from infra.page import site_headers
from infra.smoke import relay

# The first call of a function takes seconds; CloudFront's name may take a moment to be known everywhere.
STEP_SECONDS_MAX = 20
STEPS = 6

# The refusals of a site that works: its operator closed it, or asks for proofs of age.
MEANT = frozenset({"closed", "age_required"})


class SmokeError(Exception):
    """A step failed; the sentence says which and how."""


class MeantError(Exception):
    """The site refuses as its operator wants it to; the sentence is the site's own."""


class DoubtError(Exception):
    """Something is not there and may only need time; the sentence says what."""


class WireError(OSError):
    """Nothing could be sent or heard; the sentence says why."""


class Answer(NamedTuple):
    """The answer of a page; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str


class Socket(Protocol):
    async def send(self, text: str) -> None:
        """Send a frame."""

    async def receive(self) -> str | None:
        """Return the next frame, or nothing once the socket is closed."""


class Wire(Protocol):
    """The carrier of a trial's questions; it raises `WireError`, or asyncio's errors of connections."""

    async def get(self, url: str) -> Answer:
        """Return what is at an address."""

    def connect(self, url: str, origin: str) -> AbstractAsyncContextManager[Socket]:
        """Open a socket for a page of this origin."""

    async def ask_relay(self, place: relay.Place) -> None:
        """Ask a relay for an address without credentials; it raises `relay.RelayError`."""


@dataclass
class Trial:
    """The address of the site, and the findings so far."""

    url: str
    websocket_url: str
    expects_relay: bool = False
    is_strict: bool = False  # a doubt is a failure: nobody has just deployed anything
    say: Callable[[str], None] = print
    # A word that no visitor has: the two of this trial meet each other, and nobody else.
    word: str = field(default_factory=lambda: f"trial-{secrets.token_hex(8)}")
    relay_urls: list[str] = field(default_factory=list)  # that the step before has been given

    def page_headers(self, page: str) -> Mapping[str, str]:
        """Return what this page must be sent with."""
        socket, own = urlsplit(self.websocket_url), urlsplit(self.url)
        # CloudFront's own name cannot stand in a header that CloudFront is made with (infra/stack/stack.py).
        is_unnamed = socket.netloc == own.netloc and own.netloc.endswith(".cloudfront.net")
        named = "" if is_unnamed else f"{socket.scheme}://{socket.netloc}"
        expected = site_headers.headers(named, site_headers.styles_in(page))
        return {**expected, "Strict-Transport-Security": site_headers.strict_transport_security()}


async def run(trial: Trial, wire: Wire) -> None:
    """Do every step in order, or raise `SmokeError`."""
    await _step(trial, "the page", _page(trial, wire))
    await _step(trial, "its configuration", _config(trial, wire))
    await _step(trial, "a socket and its sign of life", _ping(trial, wire))
    await _step(trial, "two people who meet, talk and part", _meeting(trial, wire))
    await _step(trial, "the credentials of a video call", _video(trial, wire))
    if trial.relay_urls:
        await _step(trial, "the relay itself", _relay(trial, wire))


async def _step(trial: Trial, name: str, doing: Any) -> None:
    try:
        async with asyncio.timeout(STEP_SECONDS_MAX):
            await doing
    except MeantError as refusal:
        trial.say(f"  not tried: {name}. {refusal}")
        return
    except DoubtError as doubt:
        if trial.is_strict:
            raise SmokeError(f"{name}: {doubt}") from None
        trial.say(f"  in doubt: {name}. {doubt}")
        return
    except TimeoutError:
        raise SmokeError(f"{name}: no answer within {STEP_SECONDS_MAX} s.") from None
    except (OSError, EOFError, ValueError) as problem:
        raise SmokeError(f"{name}: {problem}.") from problem
    except SmokeError as problem:
        raise SmokeError(f"{name}: {problem}") from None
    trial.say(f"  well: {name}")


async def _page(trial: Trial, wire: Wire) -> None:
    answer = await wire.get(trial.url)
    _demand(answer.status == 200, f"{trial.url} answers {answer.status}.")
    for name, value in trial.page_headers(answer.text).items():
        sent = answer.headers.get(name.lower())
        _demand(sent == value, f"the header {name} is {sent!r} and not {value!r}.")
    _demand("<script" in answer.text, "what is there is no page of ours.")


async def _config(trial: Trial, wire: Wire) -> None:
    answer = await wire.get(f"{trial.url}/config.json")
    _demand(answer.status == 200, f"config.json answers {answer.status}.")
    named = json.loads(answer.text).get("websocketUrl")
    _demand(named == trial.websocket_url, f"the page is told to connect to {named} and not to {trial.websocket_url}.")


async def _ping(trial: Trial, wire: Wire) -> None:
    async with _connected(trial, wire) as socket:
        await socket.send(json.dumps({"action": "ping"}))
        await _until(socket, "pong")


async def _meeting(trial: Trial, wire: Wire) -> None:
    async with AsyncExitStack() as open_sockets:
        one, other = [await open_sockets.enter_async_context(_connected(trial, wire)) for _ in range(2)]
        room = await _pair(trial, one, other, "text")
        await one.send(json.dumps({"action": "message", "room": room, "seq": 1, "text": "hello"}))
        heard = await _until(other, "message")
        _demand(heard.get("text") == "hello", "a line arrived changed.")
        await other.send(json.dumps({"action": "skip", "room": room}))
        left = await _until(one, "peer_left")
        _demand(left.get("reason") == "skipped", f"a skip was told as {left.get('reason')}.")


async def _video(trial: Trial, wire: Wire) -> None:
    async with AsyncExitStack() as open_sockets:
        one, other = [await open_sockets.enter_async_context(_connected(trial, wire)) for _ in range(2)]
        await one.send(json.dumps(_wish(trial, "video")))
        await _until(one, "waiting")
        await other.send(json.dumps(_wish(trial, "video")))
        for socket in (one, other):
            servers = (await _until(socket, "paired")).get("iceServers", [])
            relays = [server for server in servers if "credential" in server]
            _demand(bool(relays) or not trial.expects_relay, "the relay gave no credentials (docs/video.md).")
            trial.relay_urls = [url for server in relays for url in _listed(server["urls"])]


async def _relay(trial: Trial, wire: Wire) -> None:
    for place in relay.places(trial.relay_urls):
        try:
            await wire.ask_relay(place)
        except relay.RelayError as problem:
            raise DoubtError(
                f"{problem}. A relay that was just made needs some minutes: `make smoke` tries again; docs/video.md."
            ) from problem


async def _pair(trial: Trial, one: Socket, other: Socket, mode: str) -> str:
    await one.send(json.dumps(_wish(trial, mode)))
    await _until(one, "waiting")
    await other.send(json.dumps(_wish(trial, mode)))
    first, second = await _until(one, "paired"), await _until(other, "paired")
    _demand(first["room"] == second["room"], "the two were put into different rooms.")
    return str(first["room"])


def _listed(urls: Any) -> list[str]:
    """Return the addresses of a server, of which a browser takes one or several (W3C WebRTC, RTCIceServer)."""
    return [urls] if isinstance(urls, str) else [str(url) for url in urls]


def _wish(trial: Trial, mode: str) -> Mapping[str, object]:
    return {"action": "join", "mode": mode, "interests": [trial.word]}


@asynccontextmanager
async def _connected(trial: Trial, wire: Wire) -> AsyncIterator[Socket]:
    async with wire.connect(trial.websocket_url, trial.url) as socket:
        yield socket


async def _until(socket: Socket, wanted: str) -> Mapping[str, Any]:
    """Return the next event of a type; an error is one of the trial's, and other events are passed over."""
    while True:
        frame = await socket.receive()
        if frame is None:
            raise SmokeError(f"the socket was closed before {wanted!r} came.")
        event: Mapping[str, Any] = json.loads(frame)
        if event.get("type") == "error" and event.get("code") in MEANT:
            raise MeantError(str(event.get("message")))
        _demand(event.get("type") != "error", f"{event.get('code')}: {event.get('message')}")
        _demand("type" in event, f"API Gateway says {event.get('message')!r}: a Lambda failed; its log says why.")
        if event["type"] == wanted:
            return event


def _demand(holds: bool, sentence: str) -> None:
    if not holds:
        raise SmokeError(sentence)
