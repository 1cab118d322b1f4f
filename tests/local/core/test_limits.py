"""A frame of more than 32 KB is refused so that the client learns why.

That 32 KB pass, and 128 KB for a message in several frames and no more, is what the conformance cases try.
"""

from __future__ import annotations

import json

import pytest
from aiohttp import WSMsgType

from tests.local.world import WAIT_SECONDS_MAX, close_code, receive, world

KILOBYTE = 1024
FRAME = 32 * KILOBYTE


def text_of(size: int) -> bytes:
    """Return a frame for `message` of exactly `size` bytes."""
    empty = json.dumps({"action": "message", "text": ""}).encode()
    return json.dumps({"action": "message", "text": "x" * (size - len(empty))}).encode()


@pytest.mark.parametrize("size", [FRAME + 1, 33 * KILOBYTE, 129 * KILOBYTE, 8 * KILOBYTE * KILOBYTE])
async def test_a_larger_frame_closes_with_1009(size):
    """The client reads 1009 at any size, even when it is still sending; no handler sees the frame."""
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


async def test_frames_before_a_large_one_still_count():
    """A refused frame takes nothing back: what came before it was handled."""
    async with world() as w:
        socket = await w.connect()
        await socket.send_str('{"action":"ping"}')
        assert await receive(socket) == {"type": "pong"}
        await socket._writer.send_frame(text_of(FRAME + 1), WSMsgType.TEXT)

        assert await close_code(socket) == 1009
