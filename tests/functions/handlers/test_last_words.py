"""A member that ends a room tells which of the peer's lines have come, so that these are not shown as undelivered."""

from __future__ import annotations

import json

import pytest

ENDS = {
    "skip": {},
    "leave": {},
    "report": {"reason": "spam"},
}


@pytest.mark.parametrize(("action", "fields"), ENDS.items(), ids=ENDS)
@pytest.mark.parametrize("ack", [None, 7])
def test_every_end_passes_the_acknowledgement_on(world, action, fields, ack):
    """As it was given, and nothing where none was."""
    ada, bo = world.pair()

    ada.send(action, room=ada.room, **fields, **({} if ack is None else {"ack": ack}))

    assert bo.last("peer_left").get("ack") == ack
    assert world.news()["Bo"] == ["peer_left", "waiting"]


def test_leaving_without_naming_the_room_passes_it_on_too(world):
    """It is the room that the connection is in."""
    ada, bo = world.pair()

    ada.send("leave", ack=2)

    assert bo.last("peer_left")["ack"] == 2


@pytest.mark.parametrize("ack", [-1, "1", 1.5, True])
@pytest.mark.parametrize(("action", "fields"), ENDS.items(), ids=ENDS)
def test_one_that_is_no_number_ends_nothing(world, action, fields, ack):
    """A frame that breaks a rule gets one error and changes nothing."""
    ada, _bo = world.pair()
    before = world.items()

    ada.send(action, room=ada.room, **fields, ack=ack)

    assert world.news() == {"Ada": ["error"]}
    assert world.items() == before


def test_a_closed_tab_says_it_in_the_reason_of_its_close(world):
    """The fields of an `ack`; no frame could be sure to come before the close."""
    ada, bo = world.pair()

    ada.disconnect(reason=json.dumps({"room": ada.room, "ack": 3}))

    assert bo.last("peer_left") == {"type": "peer_left", "room": bo.room, "reason": "disconnected", "ack": 3}


@pytest.mark.parametrize(
    "reason",
    ["", "bye", "[]", "{}", '{"ack": 3}', '{"room": "another room", "ack": 3}', '{"room": 1, "ack": 3}', "3"],
)
def test_any_other_reason_says_nothing(world, reason):
    """Neither a foreign client's own words nor another room's number."""
    ada, bo = world.pair()

    ada.disconnect(reason=reason)

    assert bo.last("peer_left") == {"type": "peer_left", "room": bo.room, "reason": "disconnected"}
    assert world.news()["Bo"] == ["peer_left", "waiting"]
