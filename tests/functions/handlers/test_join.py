"""join: look for a stranger; sent again, it repeats where one is. The search is tests/functions/chat/conversation's."""

from __future__ import annotations

from typing import Any

import pytest

WISH: dict[str, Any] = {"interests": ["Go", "Café"], "languages": ["en"]}


def test_a_wish_is_written_down_and_repeated_as_it_is_understood(world):
    """The client shows what was made of it."""
    ada = world.person("Ada")

    ada.join("video", **WISH, widen=True)

    waiting = ada.last("waiting")
    assert (waiting["mode"], waiting["interests"], waiting["widened"]) == ("video", ["go", "cafe"], True)
    wish = world.backend.store.get_connection(ada.id).wish
    assert (wish.mode, wish.interests, wish.languages, wish.widened) == ("video", ("Go", "Café"), ("en",), True)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ({"mode": "text"}, {"mode": "text"}, True),
        ({"mode": "text"}, {"mode": "video"}, False),
        ({"mode": "video"}, {"mode": "video"}, True),
        ({"interests": ["Go"]}, {"interests": ["GO"]}, True),
        ({"interests": ["Go"]}, {"interests": ["Chess"]}, False),
        ({"interests": ["Go"]}, {}, False),
        ({"interests": ["Go"], "widen": True}, {}, True),
        ({"languages": ["en"]}, {"languages": ["de"]}, False),
        ({"languages": ["en"]}, {"languages": ["en-GB"]}, True),
        ({"interests": ["\u200b"]}, {}, True),
    ],
)
def test_people_meet_when_each_accepts_the_other(world, one, other, meet):
    """By the rules of pairing; an interest that nobody can see is none."""
    ada, bo = world.person("Ada"), world.person("Bo")

    ada.join(**{"mode": "text", **one})
    bo.join(**{"mode": "text", **other})

    expected = {"Ada": ["waiting", "paired"], "Bo": ["paired"]} if meet else {"Ada": ["waiting"], "Bo": ["waiting"]}
    assert world.news() == expected


def test_another_wish_begins_narrow_again(world):
    """Interests that were changed while waiting are preferred anew; the same wish keeps its widening."""
    ada = world.person("Ada")
    ada.join(interests=["Go"], widen=True)

    ada.join(interests=["Go"])
    assert ada.last("waiting")["widened"] is True
    ada.join(interests=["Chess"])
    assert ada.last("waiting")["widened"] is False


def test_common_languages_are_told_and_no_others(world):
    """Again when the room is asked for again; and no longer kept when it is over."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join(languages=["de-CH", "en"])
    bo.join(languages=["fr", "de"])

    assert (ada.last("paired")["languages"], bo.last("paired")["languages"]) == (["de-CH"], ["de"])
    ada.join(languages=["de-CH", "en"])
    assert ada.last("paired")["languages"] == ["de-CH"]
    room = ada.room
    ada.send("leave", room=room)
    assert [each.languages for each in world.backend.rooms.get(room).members] == [(), ()]


def test_common_interests_are_told_and_no_others(world):
    """To each in their own spelling."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join(interests=["Café", "Secret"])
    bo.join(interests=["Private", "CAFE"])

    assert (ada.last("paired")["common"], bo.last("paired")["common"]) == (["Café"], ["CAFE"])


def test_asking_in_an_open_room_repeats_that_room_and_disturbs_nobody(world):
    """With a new token; the one before it still continues the room, as its holder may not have heard of the new one."""
    ada, _bo = world.pair()
    first = ada.last("paired")

    ada.join("video", interests=["something else"])

    (again,) = ada.news()
    assert {**again, "resume": ""} == {**first, "resume": ""}
    assert again["resume"] != first["resume"]
    assert world.news() == {}
    new = world.person("New")
    new.send("resume", token=first["resume"])
    assert [(event["type"], event["room"]) for event in new.news()] == [("paired", first["room"])]


def test_another_wish_is_another_search(world):
    """A new place, with hints where the new wish looks and nowhere else."""
    ada = world.person("Ada")
    ada.join("text", interests=["Go"])
    first = ada.last("waiting")["ticket"]
    world.pass_time(5)

    ada.join("video", interests=["Chess"])

    assert ada.last("waiting")["ticket"] > first
    assert [key[0] for key in world.table.under("queue#")] == ["queue#video#=chess"]


def test_asking_after_the_room_ended_searches_again(world):
    """A client that never heard of the end is searching as it thinks it is."""
    ada, bo = world.pair()
    room = world.backend.rooms.get(ada.room)
    world.backend.rooms.close(room, 1, "left")

    ada.join()

    assert world.news() == {"Ada": ["waiting"]}
    assert world.backend.store.get_connection(ada.id).meetings[0].name == room.members[1].device
    assert bo.last("paired")["room"] == room.id


def test_asking_after_the_room_expired_searches_again(world):
    """A day later nothing is known of it."""
    ada, _bo = world.pair()
    world.table.drop((f"room#{ada.room}", "room"))

    ada.join()

    assert world.news() == {"Ada": ["waiting"]}


def test_asking_in_a_room_whose_own_socket_died_meanwhile_makes_one_away(world):
    """The answer found nobody."""
    ada, _bo = world.pair()
    ada.die()

    world.call("join", ada.frame("join", mode="text"))

    assert world.news() == {"Bo": ["peer_away"]}


def test_somebody_taken_for_dead_who_is_not_is_asked_to_come_back(world):
    """Their socket is closed by the server: their client opens another one and resumes."""
    ada, _bo = world.pair()
    world.backend.store.mark_lost(ada.id)

    ada.join()

    assert world.sockets.closed == [ada.id]
    assert world.news() == {}
    assert world.backend.rooms.get(ada.room).is_open


@pytest.mark.parametrize("calls", range(5))
def test_a_socket_that_closes_during_the_search_leaves_nothing_in_the_queue_that_can_be_paired(world, calls):
    """Before each call in turn."""
    ada, bo = world.person("Ada"), world.person("Bo")
    world.client.interrupt(calls, ada.disconnect)
    world.call("join", ada.frame("join", mode="text"))

    world.news()
    bo.join()

    assert world.news() == {"Bo": ["waiting"]}
    assert ada.key not in world.items()
