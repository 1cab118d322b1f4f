"""Bad frames of every kind: one error with the contract's code to the sender, and nothing else anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from tests.conformance import bad_frames
from tests.conformance.bad_frames import INVALID, BadFrame

STALE = frozenset({"stale_room"})
KINDS = {
    "join": lambda room: bad_frames.joins("an interest"),
    "message": bad_frames.lines,
    "ack, typing, skip and leave": bad_frames.small_frames,
    "signal": bad_frames.signals,
    "report": bad_frames.reports,
    "resume": lambda room: bad_frames.resumptions(),
}
# Frames that would be good in one's own open room. Their number is the sender's own business, so a forged one is too.
GOOD: list[dict[str, Any]] = [
    {"action": "message", "seq": 1, "text": "hello"},
    {"action": "message", "seq": 9_999_999, "text": "a forged number"},
    {"action": "ack", "ack": 1},
    {"action": "typing", "on": True},
    {"action": "signal", "data": {"candidates": []}},
    {"action": "skip"},
    {"action": "leave"},
    {"action": "report", "reason": "spam"},
]


def more(room: str) -> Iterator[BadFrame]:
    """Bad frames beside the conformance frames: JSON that is right, and numbers that are none."""
    yield BadFrame(f'{{"action":"signal","room":"{room}","data":{{"a":1e999}}}}', INVALID)
    yield BadFrame(f'{{"action":"signal","room":"{room}","data":{{"a":-1e999}}}}', INVALID)
    yield BadFrame(f'{{"action":"signal","room":"{room}","data":{{"\\ud800":1}}}}', INVALID)
    yield BadFrame(f'{{"action":"signal","room":"{room}","data":{"[" * 5000}{"]" * 5000}}}', INVALID)
    yield BadFrame(f'{{"action":"signal","room":"{room}","data":{{"a":{"[" * 900}{"]" * 900}}}}}', INVALID)
    yield BadFrame(f'{{"action":"message","room":"{room}","seq":{"9" * 5000},"text":"x"}}', INVALID)
    yield BadFrame(f'{{"action":"message","room":"{room}","seq":1e0,"text":"x"}}', INVALID)
    yield BadFrame(f'{{"action":"message","room":"{room}","seq":1,"text":"\\u0000"}}', INVALID)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_frame_gets_its_error_and_changes_nothing(world, kind):
    """Nobody else hears of it, and the table is as it was, to the last attribute."""
    ada, _bo = world.pair()
    waiter = world.person("Cy")
    waiter.join(interests=["something else"])
    world.news()
    before, alarms = world.items(), list(world.alarms.set)

    for frame in KINDS[kind](ada.room):
        ada.send_text(frame.text)
        _refused(world, ada, frame)
    assert (world.items(), world.alarms.set) == (before, alarms)


def test_json_that_is_right_and_means_nothing_is_refused_too(world):
    """Infinities, escapes that are no characters, and depth that would break a handler that passes it on."""
    ada, _bo = world.pair()
    before = world.items()

    for frame in more(ada.room):
        ada.send_text(frame.text)
        _refused(world, ada, frame)
    assert world.items() == before


@pytest.mark.parametrize("room", ["another's", "never was", "ended"])
def test_a_frame_for_a_room_that_is_not_ones_own_is_stale(world, room):
    """From any sender: one that talks elsewhere, one that waits, or one that is idle."""
    ada, bo = world.pair()
    cy, _dee = world.pair("Cy", "Dee")
    named = {"another's": cy.room, "never was": "never-was", "ended": ada.room}[room]
    waiter, idle = world.person("Waiter"), world.person("Idle")
    waiter.join(interests=["Go"])
    if room == "ended":
        ada.send("leave")
        world.pass_time(700)  # too late for a report as well
    world.news()
    before, alarms = world.items(), list(world.alarms.set)

    for good, sender in product(GOOD, (ada, bo, waiter, idle)):
        sender.send(**{**good, "room": named})
        _refused(world, sender, BadFrame(f"{good} of {sender.name}", STALE))
    assert (world.items(), world.alarms.set) == (before, alarms)


def test_a_frame_of_somebody_whose_connection_was_taken_over_does_nothing(world):
    """A socket that still stands has no say any more."""
    ada, bo = world.pair()
    new = world.person("New")
    new.send("resume", token=ada.token)
    world.sockets.open[ada.id] = ada.inbox  # the platform closes it only in a while
    world.news()
    before = world.items()

    for good in GOOD:
        ada.send(**{**good, "room": bo.room})
        kinds = [(event["type"], event.get("code")) for event in ada.news()]
        assert kinds in ([("error", "stale_room")], []), good
        assert world.news() == {}, good
    assert world.items() == before


def test_a_frame_that_arrives_after_its_socket_is_gone_does_nothing(world):
    """`$disconnect` may overtake a slow handler, which must not bring anything back; and there is nobody to answer."""
    ada, _bo = world.pair()
    ada.disconnect()
    world.news()
    before, alarms = world.items(), list(world.alarms.set)

    for frame in [{"action": "join", "mode": "text"}, *({**good, "room": ada.room} for good in GOOD)]:
        assert world.call(frame["action"], ada.frame(**frame)) == {"statusCode": 200}
        assert world.news() == {}, frame
    assert (world.items(), world.alarms.set) == (before, alarms)


def _refused(world, sender, frame: BadFrame) -> None:
    (error,) = sender.news()
    assert error["type"] == "error", frame.name
    assert error["code"] in frame.codes, (frame.name, error)
    assert error["message"], frame.name
    assert set(error) <= {"type", "code", "message", "action", "room", "seq"}, frame.name
    assert world.news() == {}, frame.name
