"""The wire without libraries keeps to the protocol of WebSockets where a server is difficult."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from infra.smoke.steps import WireError
from infra.smoke.wire import PlainWire

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
Server = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def frame(first: int, content: bytes) -> bytes:
    length = len(content)
    head = bytes([first, length]) if length < 126 else bytes([first, 126]) + length.to_bytes(2, "big")
    return head + content


async def shake(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, accept: str = "") -> list[str]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    key = next(line.partition(": ")[2] for line in lines if line.startswith("Sec-WebSocket-Key"))
    made = accept or base64.b64encode(hashlib.sha1(key.encode() + GUID).digest()).decode()
    writer.write(f"HTTP/1.1 101 Switching Protocols\r\nsec-websocket-accept: {made}\r\n\r\n".encode())
    return lines


async def heard(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    first, length = await reader.readexactly(2)
    assert length & 0x80, "a client masks what it sends"
    length &= 0x7F
    if length == 126:
        length = int.from_bytes(await reader.readexactly(2), "big")
    mask = await reader.readexactly(4)
    return first, bytes(byte ^ mask[at % 4] for at, byte in enumerate(await reader.readexactly(length)))


def play(server: Server, client: Callable[[Any], Awaitable[Any]]) -> Any:
    async def both() -> Any:
        listening = await asyncio.start_server(server, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        connecting = PlainWire().connect(f"ws://127.0.0.1:{port}/ws", "https://page.example")
        async with listening, asyncio.timeout(5), connecting as socket:
            return await client(socket)

    return asyncio.run(both())


def test_a_frame_arrives_whatever_its_length() -> None:
    """Masked, and with two bytes of length where one is too few."""
    arrived: list[Any] = []

    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.append(await shake(reader, writer))
        arrived.extend([await heard(reader), await heard(reader)])
        writer.write(frame(0x81, b"done"))

    async def client(socket: Any) -> Any:
        await socket.send("grüße")
        await socket.send("x" * 4000)
        return await socket.receive()

    assert play(server, client) == "done"
    lines, short, long = arrived
    assert lines[0] == "GET /ws HTTP/1.1"
    assert "Origin: https://page.example" in lines
    assert short == (0x81, "grüße".encode())
    assert long == (0x81, b"x" * 4000)


def test_a_message_in_parts_with_a_ping_between_is_one() -> None:
    """And the ping is answered with its own bytes."""
    answered: list[Any] = []

    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await shake(reader, writer)
        writer.write(frame(0x01, b"a" * 200) + frame(0x89, b"there?") + frame(0x80, b"b"))
        answered.append(await heard(reader))
        writer.write(frame(0x88, b"\x03\xe8"))
        answered.append(await heard(reader))

    async def client(socket: Any) -> Any:
        whole = await socket.receive()
        after = await socket.receive()
        await asyncio.sleep(0.05)
        return whole, after

    assert play(server, client) == ("a" * 200 + "b", None)
    assert answered == [(0x8A, b"there?"), (0x88, b"\x03\xe8")]


def test_a_connection_that_breaks_off_is_a_closed_socket() -> None:
    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await shake(reader, writer)
        writer.close()

    assert play(server, lambda socket: socket.receive()) is None


@pytest.mark.parametrize("answer", ["refuses", "no websocket", "a monster"])
def test_a_host_without_a_socket_of_ours_is_a_sentence(answer: str) -> None:
    """Refused, another protocol, or a frame that nobody could hold."""

    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer == "refuses":
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        else:
            await shake(reader, writer, "guessed" if answer == "no websocket" else "")
            writer.write(bytes([0x81, 127]) + (1 << 40).to_bytes(8, "big"))

    with pytest.raises(WireError, match=r"refused: HTTP/1\.1 403|is no WebSocket|a frame of \d+ bytes"):
        play(server, lambda socket: socket.receive())
