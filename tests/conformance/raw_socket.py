"""A WebSocket client that frames by hand, for what a library refuses to send (RFC 6455, sections 4.1 and 5.2)."""

from __future__ import annotations

import asyncio
import base64
import os
import ssl
import struct
from urllib.parse import urlsplit

from tests.conformance.person import ContractError
from tests.conformance.world import World

CONTINUATION, TEXT, BINARY, CLOSE, PING = 0x0, 0x1, 0x2, 0x8, 0x9
NO_CODE = 1005
ABNORMAL = 1006
OPEN_SECONDS = 15.0


class RawSocket:
    """An open WebSocket; the frames are ours."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, world: World) -> RawSocket:
        """Connect and shake hands."""
        url = urlsplit(world.url)
        secure = url.scheme == "wss"
        context = (
            (ssl._create_unverified_context() if world.insecure else ssl.create_default_context()) if secure else None
        )
        async with asyncio.timeout(OPEN_SECONDS):
            port = url.port or (443 if secure else 80)
            reader, writer = await asyncio.open_connection(url.hostname, port, ssl=context)
            writer.write(_handshake(url.path or "/", url.query, url.netloc, world.origin))
            answer = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in answer.split(b"\r\n", 1)[0]:
            raise ContractError(f"the server refused the WebSocket: {answer[:200]!r}")
        return cls(reader, writer)

    async def send(self, opcode: int, payload: bytes, final: bool = True) -> None:
        """Send one frame; a server that has closed already is no error here, what it said is read afterwards."""
        mask = os.urandom(4)
        length = len(payload)
        short = length if length < 126 else 126 if length < 1 << 16 else 127
        extended = b"" if short < 126 else struct.pack(">H" if short == 126 else ">Q", length)
        head = bytes([(0x80 if final else 0) | opcode, 0x80 | short]) + extended + mask
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        try:
            self._writer.write(head + masked)
            await self._writer.drain()
        except ConnectionError:
            return

    async def text(self, within_seconds: float) -> str:
        """Return the next text message."""
        opcode, payload = await self._next(within_seconds)
        if opcode != TEXT:
            raise ContractError(f"expected a text and got a frame of kind {opcode}: {payload[:100]!r}")
        return payload.decode()

    async def close_code(self, within_seconds: float) -> int:
        """Return the code with which the server closes the socket."""
        opcode, payload = await self._next(within_seconds)
        if opcode != CLOSE:
            raise ContractError(f"expected the socket to be closed and got {payload[:100]!r}")
        return int.from_bytes(payload[:2], "big") if len(payload) >= 2 else NO_CODE

    def abort(self) -> None:
        """Break the connection."""
        self._writer.transport.abort()

    async def _next(self, within_seconds: float) -> tuple[int, bytes]:
        try:
            async with asyncio.timeout(within_seconds):
                while True:
                    opcode, payload = await self._frame()
                    if opcode != PING:
                        return opcode, payload
        except TimeoutError:
            raise ContractError(f"the server said nothing for {within_seconds:g} s") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            return CLOSE, ABNORMAL.to_bytes(2, "big")

    async def _frame(self) -> tuple[int, bytes]:
        first, second = await self._reader.readexactly(2)
        length = second & 0x7F
        if length >= 126:
            length = int.from_bytes(await self._reader.readexactly(2 if length == 126 else 8), "big")
        return first & 0x0F, await self._reader.readexactly(length)


def _handshake(path: str, query: str, host: str, origin: str | None) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path}{'?' + query if query else ''} HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        *([f"Origin: {origin}"] if origin else []),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
