"""message: one line for the peer, as it was said."""

from __future__ import annotations

import json

import pytest

from functions.chat.model.stamps import PUBLIC_OPENING, Line, Stamper, bytes_of, text_of

LINES = ["hello", "né 😀 مرحبا हिंदी", "two\nlines\tand a tab", '"quoted" \\ <b>not markup</b>', "x" * 2000, "😀" * 2000]


SEALED = {"sealed": "c2VhbGVk" * 8, "commitment": text_of(bytes(range(32)))}
KEYS = (text_of(bytes(range(32))), text_of(bytes(range(1, 33))))


def unstamped(events):
    """Return lines without the relay's stamps, of which each must have one."""
    return [{name: value for name, value in event.items() if name != "stamp"} for event in events if event["stamp"]]


def stamper_of(world, person):
    """Return what stamps the lines of a person's room."""
    return Stamper(world.backend.rooms.get(person.room).stamp_key, person.room)


def sealing_pair(world):
    """Pair two people, each of whom shows a key."""
    ada, bo = world.person("Ada"), world.person("Bo")
    for person, key in zip((ada, bo), KEYS, strict=True):
        person.send("join", mode="text", key=key)
    return ada, bo


def test_a_sealed_line_arrives_as_it_was_sealed_and_is_nowhere_else(world):
    """The server has neither the text nor a key to it."""
    ada, bo = sealing_pair(world)
    ada.news(), bo.news()

    ada.send("message", room=ada.room, seq=1, **SEALED)

    assert unstamped(bo.news()) == [{"type": "message", "room": bo.room, "seq": 1, **SEALED}]
    assert SEALED["sealed"] not in str(world.items())


def test_a_member_that_shows_a_key_and_meets_one_that_does_is_told_theirs(world):
    """Each learns the other's, and which of its own the room has."""
    ada, bo = sealing_pair(world)

    assert (ada.last("paired")["key"], ada.last("paired")["ownKey"]) == (KEYS[1], KEYS[0])
    assert (bo.last("paired")["key"], bo.last("paired")["ownKey"]) == KEYS


@pytest.mark.parametrize("keys", [(KEYS[0], None), (None, KEYS[0]), (None, None)])
def test_where_one_has_no_key_neither_is_told_one(world, keys):
    """Both talk in the clear, and both can tell."""
    people = [world.person("Ada"), world.person("Bo")]
    for person, key in zip(people, keys, strict=True):
        person.send("join", mode="text", **({"key": key} if key else {}))

    for person in people:
        assert not {"key", "ownKey"} & person.last("paired").keys()


def test_a_closed_room_leaves_no_keys_of_its_members(world):
    """A conversation leaves only its members' pseudonyms, its times and the reason of its end."""
    ada, _bo = sealing_pair(world)
    room = ada.room
    ada.send("leave", room=room)

    assert [member.public_key for member in world.backend.rooms.get(room).members] == [None, None]


@pytest.mark.parametrize("is_sealed", [True, False])
def test_every_line_is_stamped_for_its_room_its_sender_and_its_number(world, is_sealed):
    """A line can be proved, whether or not the server could read it."""
    ada, bo = sealing_pair(world)
    ada.news(), bo.news()
    said = SEALED if is_sealed else {"text": "hello"}

    bo.send("message", room=bo.room, seq=7, **said)

    stamp = ada.news()[0]["stamp"]
    stamper = stamper_of(world, ada)
    if is_sealed:
        assert stamp == stamper.stamp(1, 7, bytes_of(SEALED["commitment"]), world.clock.now())
    else:
        line = Line(1, 7, "hello", PUBLIC_OPENING, stamp)
        assert stamper.stamped_at(line) == world.clock.now() // 60 * 60
        assert stamper.stamped_at(line._replace(seat=0)) is None


@pytest.mark.parametrize("text", LINES, ids=lambda text: ascii(text[:12]))
def test_a_line_arrives_as_it_was_said_and_only_at_the_peer(world, text):
    """With its number; the table is not touched and the sender hears nothing."""
    ada, bo = world.pair()
    world.pair("Cy", "Dee")
    before = world.items()

    ada.send("message", room=ada.room, seq=1, text=text)

    assert unstamped(bo.news()) == [{"type": "message", "room": bo.room, "seq": 1, "text": text}]
    assert world.news() == {}
    assert world.items() == before


def test_a_line_is_trimmed(world):
    """The space around a line is nothing that anybody said."""
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

    assert unstamped(bo.news()) == [{"type": "message", "room": bo.room, "seq": 1, "text": "hello"}]
    assert unstamped(ada.news()) == [
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
    before = world.items()

    ada.send("message", room=ada.room, seq=4, text="hello")

    (error,) = ada.news()
    assert (error["code"], error["action"], error["room"], error["seq"]) == ("busy", "message", ada.room, 4)
    assert "hello" not in str(error)
    assert world.news() == {}
    assert world.items() == before
