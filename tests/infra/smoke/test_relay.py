"""A relay is asked whether it is there; a real one says so, and everything else is a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from infra.smoke import relay, steps
from infra.smoke.relay import Place, RelayError
from infra.smoke.steps import SmokeError, Trial
from tests.call.support import relay as coturn

Server = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def test_a_real_coturn_asks_for_credentials(tmp_path: Path) -> None:
    """Over TCP, as a browser behind a strict firewall reaches it."""
    with coturn.running(tmp_path) as there:
        (place,) = relay.places([there.urls["tcp"]])

        asyncio.run(relay.ask(place))


def ask(server: Server) -> None:
    async def both() -> None:
        listening = await asyncio.start_server(server, "127.0.0.1", 0)
        async with listening:
            await relay.ask(Place("127.0.0.1", listening.sockets[0].getsockname()[1], is_secure=False))

    asyncio.run(both())


@pytest.mark.parametrize("kind", ["says nothing", "another server", "another question", "gives it away"])
def test_a_host_that_is_no_relay_is_said(kind: str) -> None:
    """Somebody else's server, an answer to somebody else, or a relay that asks for no credentials."""

    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readexactly(28)
        answers = {
            "says nothing": b"",
            "another server": b"HTTP/1.1 400 Bad Request",
            "another question": b"\x01\x13\x00\x00" + asked[4:8] + b"elsewhere123",
            "gives it away": b"\x01\x03\x00\x00" + asked[4:20],
        }
        writer.write(answers[kind])
        writer.close()

    with pytest.raises(RelayError, match="does not answer" if kind == "says nothing" else "is no relay that asks"):
        ask(server)


def test_only_what_answers_over_tcp_is_asked() -> None:
    """With the ports that browsers take where none is named (RFC 7065)."""
    urls = [
        "turn:relay.example:3478?transport=udp",
        "turn:relay.example?transport=tcp",
        "turns:relay.example:443?transport=tcp",
        "turns:relay.example?transport=tcp",
        "stun:relay.example:3478",
    ]

    assert relay.places(urls) == [
        ("relay.example", 3478, False),
        ("relay.example", 443, True),
        ("relay.example", 5349, True),
    ]


class Deaf:
    """A wire behind which no relay answers."""

    async def get(self, url: str) -> Any:
        raise AssertionError(url)

    def connect(self, url: str, origin: str) -> Any:
        raise AssertionError(url)

    async def ask_relay(self, place: Place) -> None:
        raise RelayError(f"{place.host}:{place.port} does not answer")


@pytest.mark.parametrize("is_strict", [False, True])
def test_a_relay_that_was_just_made_is_in_doubt_and_one_that_should_be_there_has_failed(is_strict: bool) -> None:
    """A deployment is not taken back for it; the scheduled trial tells the operator."""
    said: list[str] = []
    tried = Trial("https://a.example", "wss://a.example/ws", say=said.append, is_strict=is_strict)
    tried.relay_urls = ["turn:192.0.2.1:3478?transport=tcp"]
    trying = steps._step(tried, "the relay itself", steps._relay(tried, Deaf()))

    if is_strict:
        with pytest.raises(SmokeError, match=r"^the relay itself: 192\.0\.2\.1:3478 does not answer"):
            asyncio.run(trying)
    else:
        asyncio.run(trying)
        assert said[0].startswith("  in doubt: the relay itself. 192.0.2.1:3478 does not answer")
        assert "docs/video.md" in said[0]
