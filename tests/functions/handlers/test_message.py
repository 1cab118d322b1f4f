"""message: one line for the peer, as it was said."""

from __future__ import annotations

import json

import pytest

from functions.chat.storage.table import ATTEMPTS_MAX
from tests.functions.tables import refusal

LINES = ["hello", "né 😀 مرحبا हिंदी", "two\nlines\tand a tab", '"quoted" \\ <b>not markup</b>', "x" * 2000, "😀" * 2000]


@pytest.mark.parametrize("text", LINES, ids=lambda text: ascii(text[:12]))
def test_a_line_arrives_as_it_was_said_and_only_at_the_peer(world, text):
    """With its number; the table is not touched and the sender hears nothing."""
    ada, bo = world.pair()
    world.pair("Cy", "Dee")
    before = world.items()

    ada.send("message", room=ada.room, seq=1, text=text)

    assert bo.news() == [{"type": "message", "room": bo.room, "seq": 1, "text": text}]
    assert world.news() == {}
    assert world.items() == before


def test_a_line_is_trimmed(world):
    """What surrounds it is nothing that anybody said."""
    ada, bo = world.pair()

    ada.send("message", room=ada.room, seq=1, text=" \n hello\n ")

    assert bo.news()[0]["text"] == "hello"


def test_lines_in_escapes_and_in_utf_8_are_the_same(world):
    """A client may write JSON either way."""
    ada, bo = world.pair()
    frame = {"action": "message", "room": ada.room, "seq": 1, "text": "né 😀"}

    ada.send_text(json.dumps(frame))
    ada.send_text(json.dumps(frame, ensure_ascii=False))

    assert [event["text"] for event in bo.news()] == ["né 😀"] * 2


def test_both_may_talk_and_acknowledge_at_once(world):
    """Each has numbers of their own; an acknowledgement rides along."""
    ada, bo = world.pair()

    ada.send("message", room=ada.room, seq=1, text="hello")
    bo.send("message", room=bo.room, seq=1, text="hi", ack=1)
    bo.send("message", room=bo.room, seq=2, text="you?", ack=1)

    assert bo.news() == [{"type": "message", "room": bo.room, "seq": 1, "text": "hello"}]
    assert ada.news() == [
        {"type": "message", "room": ada.room, "seq": 1, "text": "hi", "ack": 1},
        {"type": "message", "room": ada.room, "seq": 2, "text": "you?", "ack": 1},
    ]


def test_a_line_that_is_sent_again_is_passed_on_again(world):
    """The receiver shows each once, by its number: the server keeps nothing to know it by."""
    ada, bo = world.pair()

    for _ in range(2):
        ada.send("message", room=ada.room, seq=1, text="hello")

    assert [event["seq"] for event in bo.news()] == [1, 1]


def test_a_line_for_somebody_who_reads_slowly_is_refused_with_its_number(world):
    """It is shown as not delivered and can be sent again."""
    ada, bo = world.pair()
    world.sockets.slow.add(bo.id)

    ada.send("message", room=ada.room, seq=4, text="hello")

    (error,) = ada.news()
    assert (error["code"], error["action"], error["room"], error["seq"]) == ("busy", "message", ada.room, 4)
    assert "hello" not in str(error)


def test_a_line_for_somebody_whose_socket_died_makes_them_away(world):
    """It will be sent again when they are back, or shown as not delivered."""
    ada, bo = world.pair()
    bo.die()

    ada.send("message", room=ada.room, seq=1, text="hello")

    assert world.news() == {"Ada": ["peer_away"]}


def test_a_busy_table_refuses_the_line(world):
    """Nothing is relayed without knowing that the room is open."""
    ada, _bo = world.pair()
    world.client.fail("GetItem", *[refusal("ThrottlingException")] * ATTEMPTS_MAX)

    ada.send("message", room=ada.room, seq=1, text="hello")

    assert [event["code"] for event in ada.news()] == ["busy"]
    assert world.news() == {}
