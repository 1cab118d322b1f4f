"""Carries a trial with nothing but Python's own library, so that the scheduled one is a few kilobytes (RFC 6455)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import ssl
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from infra.smoke import relay
from infra.smoke.steps import Answer, WireError

GET_SECONDS_MAX = 15
# No frame of the contract is longer than API Gateway's 32 KB, nor a page than this.
BYTES_MAX = 1 << 20

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # of the protocol, for everybody
_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
_LAST = 0x80
_MASKED = 0x80
_SHORT, _TWO_BYTES = 126, 65_536


class PlainWire:
    """Pages with urllib, sockets with asyncio's streams."""

    async def get(self, url: str) -> Answer:
        return await asyncio.to_thread(_get, url)

    @asynccontextmanager
    async def connect(self, url: str, origin: str) -> AsyncIterator[PlainSocket]:
        """Open a socket for a page of this origin."""
        there = urlsplit(url)
        is_secure = there.scheme == "wss"
        port = there.port or (443 if is_secure else 80)
        context = ssl.create_default_context() if is_secure else None
        reader, writer = await asyncio.open_connection(there.hostname, port, ssl=context)
        try:
            await _shake_hands(reader, writer, there.netloc, there.path or "/", origin)
            yield PlainSocket(reader, writer)
        finally:
            writer.close()

    async def ask_relay(self, place: relay.Place) -> None:
        """Ask a relay for an address without credentials."""
        await relay.ask(place)


class PlainSocket:
    """A socket whose handshake is over."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, text: str) -> None:
        self._write(_TEXT, text.encode())
        await self._writer.drain()

    async def receive(self) -> str | None:
        """Return the next frame, or nothing once the socket is closed."""
        message = b""
        while True:
            try:
                kind, is_last, content = await self._read()
            except asyncio.IncompleteReadError:
                return None
            if kind == _CLOSE:
                self._write(_CLOSE, content[:2])
                return None
            if kind == _PING:
                self._write(_PONG, content)
            elif kind != _PONG:
                message += content
                if is_last:
                    return message.decode()

    async def _read(self) -> tuple[int, bool, bytes]:
        first, length = await self._reader.readexactly(2)
        if length >= _SHORT:
            length = int.from_bytes(await self._reader.readexactly(2 if length == _SHORT else 8), "big")
        if length > BYTES_MAX:
            raise WireError(f"a frame of {length} bytes came")
        return first & 0x0F, bool(first & _LAST), await self._reader.readexactly(length)

    def _write(self, kind: int, content: bytes) -> None:
        """Send a frame, masked as clients have to."""
        length, mask = len(content), secrets.token_bytes(4)
        if length < _SHORT:
            head = bytes([_LAST | kind, _MASKED | length])
        elif length < _TWO_BYTES:
            head = bytes([_LAST | kind, _MASKED | _SHORT]) + length.to_bytes(2, "big")
        else:
            raise WireError(f"a frame of {length} bytes is longer than any of the contract")
        self._writer.write(head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(content)))


async def _shake_hands(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, path: str, origin: str
) -> None:
    key = base64.b64encode(secrets.token_bytes(16))
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key.decode()}",
        f"Origin: {origin}",
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    status, *headers = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    if " 101 " not in f"{status} ":
        raise WireError(f"the socket was refused: {status}")
    expected = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest()).decode()
    answered = dict(line.split(": ", 1) for line in headers if ": " in line)
    if {name.lower(): value for name, value in answered.items()}.get("sec-websocket-accept") != expected:
        raise WireError("what answers is no WebSocket")


def _get(url: str) -> Answer:
    try:
        with urllib.request.urlopen(url, timeout=GET_SECONDS_MAX) as answer:  # noqa: S310 - our own site's address
            return Answer(answer.status, _lower(answer.headers.items()), answer.read(BYTES_MAX).decode())
    except urllib.error.HTTPError as refused:
        return Answer(refused.code, _lower(refused.headers.items()), "")


def _lower(headers: list[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}
