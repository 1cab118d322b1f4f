"""A frame reaches the peer of the open room that it names, and nobody else ever."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.routes import BY_KEY
from tests.functions.doorstep import metered
from tests.functions.tables import rights_used

SIGNALS = {
    "nothing": {},
    "a description": {"description": {"type": "offer", "sdp": "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n"}},
    "candidates": {"candidates": [{"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "sdpMLineIndex": 0}, None]},
    "any values": {"restart": True, "camera": False, "numbers": [0, -1, 1.5, 1e300], "text": "né 😀 \u0000"},
    "much": {"a": "x" * 24_000},
}
RELAYED = [
    *(("ack", {"ack": number}, {}) for number in (0, 1, 12)),
    # The words that are being written are never part of it.
    *(("typing", {"on": on, **ack}, {"text": "half a sentence"}) for on in (True, False) for ack in ({}, {"ack": 3})),
    *(("signal", {"data": data}, {}) for data in SIGNALS.values()),
]


@pytest.mark.parametrize("mode", ["text", "video"])
@pytest.mark.parametrize(("action", "passed_on", "kept_back"), RELAYED)
def test_a_frame_reaches_the_peer_as_it_was_sent(world, mode, action, passed_on, kept_back):
    """With any content; the server has no opinion on it, and keeps nothing."""
    ada, bo = world.pair(mode=mode)
    before = world.items()

    ada.send(action, room=ada.room, **passed_on, **kept_back)

    assert bo.news() == [{"type": action, "room": bo.room, **passed_on}]
    assert world.news() == {}
    assert world.items() == before


def test_a_relayed_frame_costs_one_read_and_no_write(world):
    """That is what a line costs at Omegle's size."""
    ada, _bo = world.pair()
    world.client.requests.clear()

    ada.send("typing", room=ada.room, on=True)

    assert [name for name, _ in world.client.requests] == ["GetItem"]


def test_a_peer_whose_socket_is_dead_is_lost_and_the_sender_knows_it(world):
    """The room stays for the time of grace; nothing was said that was not."""
    ada, bo = world.pair()
    bo.die()

    ada.send("typing", room=ada.room, on=True)

    assert world.news() == {"Ada": ["peer_away"]}
    assert world.alarms.set == [({"connection": bo.id}, world.backend.settings.grace_seconds)]
    ada.send("typing", room=ada.room, on=True)
    assert world.news() == {}


@pytest.mark.parametrize("is_dead", [False, True])
def test_its_lambda_may_do_what_it_does(world, is_dead):
    """Also where the operator may close queues, as on AWS: those switches are none of its items."""
    ada, bo = metered(world).pair()
    world.backend = replace(world.backend, has_switches=True)
    if is_dead:
        bo.die()
    world.client.requests.clear()
    for _ in range(60):  # enough to be counted for all processes
        ada.send("typing", room=ada.room, on=True)
    may = BY_KEY["typing"].permissions
    asked, named = rights_used(world.client.requests)

    assert asked <= may.table
    assert {"room", "pace"} <= named <= may.items
