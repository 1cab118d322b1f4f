"""A frame reaches the peer of the open room that it names, and nobody else ever."""

from __future__ import annotations

import json

import pytest


def test_a_frame_goes_to_the_peer_and_only_there(world):
    """Whichever of the two says it."""
    ada, bo = world.pair()
    world.pair("Cy", "Dee")

    ada.send("typing", room=ada.room, on=True)
    assert world.news() == {"Bo": ["typing"]}
    bo.send("typing", room=bo.room, on=True)
    assert world.news() == {"Ada": ["typing"]}


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
    """Whatever it holds; the server has no opinion on it, and keeps nothing."""
    ada, bo = world.pair(mode=mode)
    before = world.items()

    ada.send(action, room=ada.room, **passed_on, **kept_back)

    assert bo.news() == [{"type": action, "room": bo.room, **passed_on}]
    assert world.news() == {}
    assert world.items() == before


@pytest.mark.parametrize("room", ["never was", "another's", "ended"])
def test_a_frame_for_any_other_room_is_stale_and_says_nothing_more(world, room):
    """Nobody learns whether a room exists."""
    ada, _bo = world.pair()
    cy, _dee = world.pair("Cy", "Dee")
    named = {"never was": "never-was", "another's": cy.room, "ended": ada.room}[room]
    if room == "ended":
        ada.send("leave")
    world.news()
    before = world.items()

    ada.send("typing", room=named, on=True)

    assert [(event["code"], event["room"]) for event in ada.news()] == [("stale_room", named)]
    assert world.news() == {}
    assert world.items() == before


def test_a_late_frame_of_a_connection_that_another_continues_reaches_nobody(world):
    """Its socket is closed; a frame that was on the way may still come."""
    ada, _bo = world.pair()
    late, room, token = ada.event("message"), ada.room, ada.token
    world.person("New").send("resume", token=token)
    world.news()
    late["requestContext"]["routeKey"] = "typing"
    late["body"] = json.dumps({"action": "typing", "room": room, "on": True})

    assert world.call("typing", late) == {"statusCode": 200}
    assert world.news() == {}


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


def test_a_peer_who_reads_too_slowly_makes_the_sender_wait(world):
    """The line did not arrive, so it is shown as not delivered and can be sent again; nothing else changes."""
    ada, bo = world.pair()
    world.sockets.slow.add(bo.id)
    before = world.items()

    ada.send("typing", room=ada.room, on=True)

    assert [event["code"] for event in ada.news()] == ["busy"]
    assert world.news() == {}
    assert world.items() == before
