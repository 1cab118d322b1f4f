"""A frame reaches the peer of the open room that it names, and nobody else ever."""

from __future__ import annotations

import pytest

from functions.chat.conversation import relay
from functions.chat.entry.entrypoint import Caller

EVENT = {"type": "typing", "room": "r", "on": True}


def test_a_frame_goes_to_the_peer_and_only_there(world):
    """Whichever of the two says it."""
    ada, bo = world.pair()
    world.pair("Cy", "Dee")

    relay.relay(Caller(ada.id, None, world.backend), ada.room, EVENT)
    assert world.news() == {"Bo": ["typing"]}
    relay.relay(Caller(bo.id, None, world.backend), bo.room, EVENT)
    assert world.news() == {"Ada": ["typing"]}


@pytest.mark.parametrize("room", ["never was", "another's", "ended", "own but continued by another connection"])
def test_a_frame_for_any_other_room_is_stale_and_says_nothing_more(world, room):
    """Nobody learns whether a room exists."""
    ada, _bo = world.pair()
    cy, _dee = world.pair("Cy", "Dee")
    named, sender = "never-was", ada
    if room == "another's":
        named = cy.room
    elif room == "ended":
        named = ada.room
        ada.send("leave")
    elif room != "never was":
        named = ada.room
        new = world.person("New")
        new.send("resume", token=ada.token)
    world.news()
    before = world.items()

    with pytest.raises(relay.Refusal) as refusal:
        relay.relay(Caller(sender.id, None, world.backend), named, EVENT)

    assert (refusal.value.code, refusal.value.sentence) == ("stale_room", relay.STALE_SENTENCE)
    assert world.news() == {}
    assert world.items() == before


def test_a_relayed_frame_costs_one_read_and_no_write(world):
    """That is what a line costs at Omegle's size."""
    ada, _bo = world.pair()
    world.client.requests.clear()

    relay.relay(Caller(ada.id, None, world.backend), ada.room, EVENT)

    assert [name for name, _ in world.client.requests] == ["GetItem"]


def test_a_peer_whose_socket_is_dead_is_lost_and_the_sender_knows_it(world):
    """The room stays for the time of grace; nothing was said that was not."""
    ada, bo = world.pair()
    bo.die()

    relay.relay(Caller(ada.id, None, world.backend), ada.room, EVENT)

    assert world.news() == {"Ada": ["peer_away"]}
    assert world.alarms.set == [({"connection": bo.id}, world.backend.settings.grace_seconds)]
    relay.relay(Caller(ada.id, None, world.backend), ada.room, EVENT)
    assert world.news() == {}


def test_a_peer_who_reads_too_slowly_makes_the_sender_wait(world):
    """The line did not arrive, so it is shown as not delivered and can be sent again; nothing else changes."""
    ada, bo = world.pair()
    world.sockets.slow.add(bo.id)
    before = world.items()

    with pytest.raises(relay.Refusal) as refusal:
        relay.relay(Caller(ada.id, None, world.backend), ada.room, EVENT)

    assert refusal.value.code == "busy"
    assert world.news() == {}
    assert world.items() == before
