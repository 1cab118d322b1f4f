"""$default: the sender of any frame without a route is told what is wrong with it."""

from __future__ import annotations

import pytest

from tests.conformance.bad_frames import envelopes

UNROUTED = list(envelopes())


def test_every_frame_without_a_route_gets_its_error_and_changes_nothing(world):
    """Not JSON, not an object, no action, an unknown one, deep or huge: each once, to its sender alone."""
    ada, _bo = world.pair()
    before = world.items()

    for frame in UNROUTED:
        ada.send_text(frame.text)
        (event,) = ada.news()
        assert event["type"] == "error", frame.name
        assert event["code"] in frame.codes, frame.name
        assert event["message"], frame.name
        assert world.news() == {}, frame.name
    assert world.items() == before


@pytest.mark.parametrize("body", ["", '{"action":"ping"}', '{"action":"skip"}', "\x00\xff"])
def test_a_binary_frame_is_none_of_ours(world, body):
    """Even if its bytes look like one; API Gateway hands it over in base64."""
    ada, _bo = world.pair()
    before = world.items()

    ada.send_text(body, binary=True)

    assert [event["code"] for event in ada.news()] == ["invalid_message"]
    assert world.news() == {}
    assert world.items() == before


def test_an_unknown_action_is_named_back_and_a_monstrous_one_is_not(world):
    """The sender recognises its frame; nothing large is echoed."""
    ada = world.person("Ada")

    ada.send("dance", room="r", seq=2)
    ada.send("d" * 1000, room="r" * 1000)

    named, unnamed = ada.news()
    assert (named["code"], named["action"], named["room"], named["seq"]) == ("unknown_action", "dance", "r", 2)
    assert (unnamed["code"], set(unnamed)) == ("unknown_action", {"type", "code", "message"})


def test_an_event_without_a_body_is_refused_like_an_empty_one(world):
    """An empty text frame has none."""
    ada = world.person("Ada")
    event = ada.event("message")
    del event["body"]

    world.call("$default", event)

    assert [each["code"] for each in ada.news()] == ["invalid_message"]
