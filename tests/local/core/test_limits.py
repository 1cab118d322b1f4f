"""32 KB for a frame and 128 KB for a message, refused so that the client learns why."""

from __future__ import annotations

import json

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType

from tests.local.world import WAIT_SECONDS_MAX, close_code, receive, world

KILOBYTE = 1024
FRAME = 32 * KILOBYTE


def text_of(size: int) -> bytes:
    """Return a frame for `message` of exactly `size` bytes."""
    empty = json.dumps({"action": "message", "text": ""}).encode()
    return json.dumps({"action": "message", "text": "x" * (size - len(empty))}).encode()


async def send_in_frames(socket: ClientWebSocketResponse, data: bytes, frame_bytes: int) -> None:
    """Send one message as several frames: aiohttp's client sets the FIN bit on each, so it is taken off again."""
    writer = socket._writer
    pieces = [data[start : start + frame_bytes] for start in range(0, len(data), frame_bytes)]
    for index, piece in enumerate(pieces):
        opcode = WSMsgType.TEXT if index == 0 else WSMsgType.CONTINUATION
        if index == len(pieces) - 1:
            await writer.send_frame(piece, opcode)
        else:
            _write_unfinished(writer, piece, opcode)


def _write_unfinished(writer, piece: bytes, opcode: WSMsgType) -> None:
    written: list[bytes] = []
    transport, writer.transport = writer.transport, _Capture(writer.transport, written)
    try:
        writer._write_websocket_frame(piece, opcode, 0)
    finally:
        writer.transport = transport
    frame = b"".join(written)
    transport.write(bytes([frame[0] & 0x7F]) + frame[1:])


class _Capture:
    def __init__(self, transport, written: list[bytes]) -> None:
        self._transport = transport
        self.write = written.append

    def is_closing(self) -> bool:
        return bool(self._transport.is_closing())


async def test_a_frame_of_32_kb_is_accepted():
    """The limit itself is inside."""
    async with world() as w:
        socket = await w.connect()
        await socket._writer.send_frame(text_of(FRAME), WSMsgType.TEXT)

        assert len((await w.handlers["message"].event())["body"]) == FRAME


@pytest.mark.parametrize("size", [FRAME + 1, 33 * KILOBYTE, 129 * KILOBYTE, 8 * KILOBYTE * KILOBYTE])
async def test_a_larger_frame_closes_with_1009(size):
    """The client reads 1009 whatever the size, even when it is still sending; no handler sees the frame."""
    async with world(close_seconds_max=5.0) as w:
        socket = await w.connect()
        await socket._writer.send_frame(text_of(size), WSMsgType.TEXT)

        assert await close_code(socket) == 1009
        assert (await w.handlers["$disconnect"].event())["requestContext"]["disconnectStatusCode"] == 1009
        assert w.handlers["message"].events == []


async def test_the_answer_to_1009_ends_the_connection():
    """Browsers answer the close and leave it to the server to end TCP: it does so at once, not after its patience."""
    async with world(close_seconds_max=60.0) as w:
        socket = await w.connect(autoclose=False)
        await socket._writer.send_frame(text_of(FRAME + 1), WSMsgType.TEXT)
        assert (await socket.receive(timeout=WAIT_SECONDS_MAX)).type is WSMsgType.CLOSE
        await socket._writer.send_frame(b"", WSMsgType.CLOSE)

        await w.handlers["$disconnect"].event()


async def test_a_message_of_128_kb_in_frames_of_32_kb_is_accepted():
    """A long message has to come in several frames, and arrives as one event."""
    async with world() as w:
        socket = await w.connect()
        await send_in_frames(socket, text_of(4 * FRAME), FRAME)

        assert len((await w.handlers["message"].event())["body"]) == 4 * FRAME


async def test_a_message_of_129_kb_in_small_frames_closes_with_1009():
    """Small frames do not get a message past its own limit."""
    async with world() as w:
        socket = await w.connect()
        await send_in_frames(socket, text_of(129 * KILOBYTE), FRAME)

        assert await close_code(socket) == 1009
        assert w.handlers["message"].events == []


async def test_frames_before_a_large_one_still_count():
    """A refused frame takes nothing back: what came before it was handled."""
    async with world() as w:
        socket = await w.connect()
        await socket.send_str('{"action":"ping"}')
        assert await receive(socket) == {"type": "pong"}
        await socket._writer.send_frame(text_of(FRAME + 1), WSMsgType.TEXT)

        assert await close_code(socket) == 1009
