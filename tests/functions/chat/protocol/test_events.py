"""The server's events, field by field, as the contract lists them."""

from __future__ import annotations

import pytest

from functions.chat.model.people import Member, Room, Wish
from functions.chat.model.resume_token import Token
from functions.chat.protocol import events
from functions.chat.protocol.frames import Ack, Message, Signal, Typing

TOKEN = Token("Ada=", "secret")
ADA, BO = (
    Member("Ada=", "ada", ("Café", "Go"), "ticket-1", languages=("de-CH", "en")),
    Member("Bo=", "bo", ("CAFE", "Chess"), languages=("fr", "DE")),
)
ROOM = Room("room-1", "text", (ADA, BO), 1_800_000_000.0)


def test_waiting_repeats_the_wish_as_it_is_compared():
    """With the ticket by which a late `waiting` is told from a new one, and the token to come back with."""
    wish = Wish("video", ("Café", "Go"), ("en",), widened=True)

    assert events.waiting(wish, ("cafe", "go"), "ticket-1", TOKEN) == {
        "type": "waiting",
        "mode": "video",
        "interests": ["cafe", "go"],
        "widened": True,
        "ticket": "ticket-1",
        "resume": str(TOKEN),
    }


def test_paired_is_told_to_each_member_as_they_see_it():
    """Exactly one is polite: the joiner. A joiner that never waited used up no ticket."""
    common = {"type": "paired", "room": "room-1", "mode": "text", "resume": str(TOKEN)}

    assert events.paired(ROOM, 0, ("Café",), ("de-CH",), TOKEN) == {
        **common,
        "polite": False,
        "common": ["Café"],
        "languages": ["de-CH"],
        "ticket": "ticket-1",
    }
    assert events.paired(ROOM, 1, ("CAFE",), ("DE",), TOKEN) == {
        **common,
        "polite": True,
        "common": ["CAFE"],
        "languages": ["DE"],
    }


@pytest.mark.parametrize(
    "event", [events.paired(ROOM, 0, ("Café",), (), TOKEN), events.paired(ROOM, 1, ("CAFE",), (), TOKEN)]
)
def test_nobody_is_told_who_the_stranger_is(event):
    """Neither connection, nor pseudonym, nor interests that are not shared."""
    told = repr({name: value for name, value in event.items() if name != "resume"})

    for secret in ("Ada=", "Bo=", "'ada'", "'bo'", "Chess", "Go"):
        assert secret not in told


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            events.relayed("message", Message("r", 3, "hello", 2)),
            {"type": "message", "room": "r", "seq": 3, "text": "hello", "ack": 2},
        ),
        (
            events.relayed("message", Message("r", 3, "hello")),
            {"type": "message", "room": "r", "seq": 3, "text": "hello"},
        ),
        (
            events.relayed("message", Message("r", 3, "hi", 0)),
            {"type": "message", "room": "r", "seq": 3, "text": "hi", "ack": 0},
        ),
        (events.relayed("ack", Ack("r", 9)), {"type": "ack", "room": "r", "ack": 9}),
        (events.relayed("ack", Ack("r", 9, probe=False)), {"type": "ack", "room": "r", "ack": 9, "probe": False}),
        (events.relayed("typing", Typing("r", on=True)), {"type": "typing", "room": "r", "on": True}),
        (
            events.relayed("typing", Typing("r", on=False, ack=1)),
            {"type": "typing", "room": "r", "on": False, "ack": 1},
        ),
        (events.relayed("signal", Signal("r", {"a": [1]})), {"type": "signal", "room": "r", "data": {"a": [1]}}),
        (events.peer_left("r", "skipped"), {"type": "peer_left", "room": "r", "reason": "skipped"}),
        (
            events.complained("C", "order", "open", 1.9),
            {"type": "complained", "case": "C", "kind": "order", "state": "open", "due": 1},
        ),
        (events.peer_left("r", "left", 0), {"type": "peer_left", "room": "r", "reason": "left", "ack": 0}),
        (events.peer_away("r"), {"type": "peer_away", "room": "r"}),
        (events.peer_back("r"), {"type": "peer_back", "room": "r"}),
        (events.reported("r", "CASE"), {"type": "reported", "room": "r", "case": "CASE"}),
        (events.error("busy", "Wait.", {"seq": 3}), {"type": "error", "code": "busy", "message": "Wait.", "seq": 3}),
    ],
    ids=lambda value: str(value.get("type")),
)
def test_every_event_has_the_fields_of_the_contract(event, expected):
    """No more and no less; an acknowledgement only where there is one, and 0 is one."""
    assert event == expected


def test_an_echo_of_a_client_cannot_pose_as_another_event():
    """An error stays an error, with any action of the frame."""
    told = events.error("invalid_message", "No.", {"action": "paired", "room": "r"})

    assert told == {"type": "error", "code": "invalid_message", "message": "No.", "action": "paired", "room": "r"}
