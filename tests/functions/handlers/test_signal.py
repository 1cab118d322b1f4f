"""signal: what two browsers tell each other, unread."""

from __future__ import annotations

import pytest

DATA = [
    {},
    {"description": {"type": "offer", "sdp": "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n"}},
    {"candidates": [{"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "sdpMLineIndex": 0}, None]},
    {"restart": True, "camera": False, "numbers": [0, -1, 1.5, 1e300], "text": "né 😀 \u0000"},
    {"a": "x" * 24_000},
]


@pytest.mark.parametrize("data", DATA, ids=lambda data: next(iter(data), "empty"))
@pytest.mark.parametrize("mode", ["text", "video"])
def test_signalling_reaches_the_peer_unchanged(world, mode, data):
    """Whatever it holds; the server has no opinion on it, and keeps nothing."""
    ada, bo = world.pair(mode=mode)
    before = world.items()

    ada.send("signal", room=ada.room, data=data)

    assert bo.news() == [{"type": "signal", "room": bo.room, "data": data}]
    assert world.news() == {}
    assert world.items() == before
