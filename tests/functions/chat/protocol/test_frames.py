"""The frames that a client may send, and how they are read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from functions.chat.protocol import frames
from functions.chat.protocol.errors import Refusal
from functions.chat.protocol.events import encode
from functions.chat.protocol.frames import Appeal, Join, Leave, Message, Report, Resume, Signal, Skip, Typing, rules
from tests.functions.entry_points import FRAMES

GOOD: dict[type, dict[str, Any]] = {
    Join: {
        "mode": "text",
        "interests": ["Go"],
        "languages": ["en"],
        "widen": True,
        "solution": "eyJ9",
        "key": "K" * 43,
        "read": "ABCDEFGHIJ",
    },
    Message: {
        "room": "r",
        "seq": 1,
        "text": "hello",
        "sealed": "s" * 23,
        "commitment": "C" * 43,
        "ack": 0,
        "probe": False,
        "implied": True,
    },
    frames.Ack: {"room": "r", "ack": 3, "probe": True},
    Typing: {"room": "r", "on": False, "ack": 3},
    Signal: {"room": "r", "data": {"candidates": []}},
    Skip: {"room": "r", "ack": 3, "call": "direct", "key": "K" * 43},
    Leave: {"room": "r", "ack": 3, "call": "declined"},
    Report: {"room": "r", "reason": "spam", "note": "sells things", "ack": 3, "lines": [], "still": "_9j_"},
    Appeal: {"case": "ABCDEFGHIJ", "text": "It was not me."},
    frames.Mine: {"do": "show", "after": 10},
    frames.Complain: {
        "kind": "intimate",
        "text": "A picture\nof me.",
        "place": "https://example.org/1",
        "name": "Ada Lovelace",
        "contact": "ada@example.org",
        "honest": True,
        "case": "ABCDEFGHIJ",
    },
    Resume: {"token": "t"},
}
FIELDS = [(kind, name) for kind in FRAMES for name in rules(kind)]
NOT_OBJECTS = ["", " ", "hello", "{", '{"a":1,}', "{'a':1}", '{"a":1} x', '"a"', "5", "null", "true", "[]", "[{}]"]
NOT_JSON = ["NaN", '{"seq":NaN}', '{"seq":Infinity}', '{"seq":-Infinity}', "\x00", '{"a":"\n"}', "\ufeff{}"]
TOO_MUCH = ["[" * 15_000, '{"a":' * 5_000, "[" * 15_000 + "]" * 15_000, "9" * 20_000, '{"seq":' + "9" * 20_000 + "}"]


@pytest.mark.parametrize("kind", FRAMES)
def test_every_field_of_a_good_frame_is_used(kind):
    """A frame has the fields that the table names, and no others."""
    frame = frames.parse(kind, json.dumps(GOOD[kind]))

    used = {name: getattr(frame, name) for name in rules(kind)}
    assert used == {name: tuple(each) if isinstance(each, list) else each for name, each in GOOD[kind].items()}
    assert set(kind._fields) == set(rules(kind)) == set(GOOD[kind])


@pytest.mark.parametrize(("kind", "name"), FIELDS)
def test_a_missing_field_is_named_unless_it_is_optional(kind, name):
    """Optional fields have defaults; a required field is never made up."""
    body = json.dumps({each: value for each, value in GOOD[kind].items() if each != name})
    _, required = rules(kind)[name]

    if required:
        with pytest.raises(Refusal, match=f"`{name}` is missing") as refusal:
            frames.parse(kind, body)
        assert refusal.value.code == "invalid_message"
    else:
        assert frames.parse(kind, body)


@pytest.mark.parametrize("said", [(), ("sealed",), ("commitment",)])
def test_a_line_is_in_the_clear_or_sealed_with_its_commitment(said):
    """Half of a sealed line is none."""
    body = {name: value for name, value in GOOD[Message].items() if name in ("room", "seq", *said)}

    with pytest.raises(Refusal, match="`text` is missing"):
        frames.parse(Message, json.dumps(body))


@pytest.mark.parametrize(
    ("name", "length", "code"),
    [
        ("key", 42, "invalid_message"), ("key", 44, "too_long"), ("commitment", 42, "invalid_message"),
        ("commitment", 44, "too_long"), ("sealed", 22, "invalid_message"), ("sealed", 10_689, "too_long"),
    ],
)  # fmt: skip
def test_a_line_that_the_server_cannot_read_is_measured_all_the_same(name, length, code):
    """2,000 characters of four bytes and a tag of 16 bytes, in base64url."""
    kind = Join if name == "key" else Message
    with pytest.raises(Refusal, match=f"`{name}`") as refusal:
        frames.parse(kind, json.dumps({**GOOD[kind], name: "A" * length}))
    assert refusal.value.code == code
    longest = {"key": 43, "commitment": 43, "sealed": 10_688}[name]
    assert getattr(frames.parse(kind, json.dumps({**GOOD[kind], name: "A" * longest})), name) == "A" * longest


@pytest.mark.parametrize("name", ["sealed", "commitment"])
@pytest.mark.parametrize("character", ["+", "/", "=", " ", "\n", "\u00e4", "\uff21"])
def test_a_text_that_is_not_base64url_is_no_sealed_line(name, character):
    """Nothing else can hide in it."""
    value = GOOD[Message][name][:-1] + character
    with pytest.raises(Refusal, match=f"`{name}`"):
        frames.parse(Message, json.dumps({**GOOD[Message], name: value}))


@pytest.mark.parametrize(("kind", "name"), FIELDS)
@pytest.mark.parametrize("value", [None, 5.5, [[]], [5], "\ud800", "\x00"], ids=ascii)
def test_a_field_of_the_wrong_kind_is_refused_whether_required_or_not(kind, name, value):
    """Null is not the absence of a field."""
    with pytest.raises(Refusal, match=f"`{name}`"):
        frames.parse(kind, json.dumps({**GOOD[kind], name: value}))


@pytest.mark.parametrize("kind", FRAMES)
def test_fields_that_are_not_listed_are_ignored(kind):
    """A newer client may say more; nobody can name a person or a sender that way."""
    body = json.dumps({**GOOD[kind], "action": "x", "connection_id": "other", "from": {"a": [1]}, "__class__": 1})

    assert frames.parse(kind, body) == frames.parse(kind, json.dumps(GOOD[kind]))


@pytest.mark.parametrize("body", [None, *NOT_OBJECTS, *NOT_JSON, *TOO_MUCH], ids=lambda body: ascii(body)[:20])
def test_a_text_that_is_not_a_json_object_is_refused_however_large_or_deep(body):
    """Standard JSON only; text that a parser gives up on is an error for the sender, not an exception."""
    for read in (frames.decode, lambda text: frames.parse(Skip, text)):
        with pytest.raises(Refusal) as refusal:
            read(body)
        assert refusal.value.code == "invalid_message"
    assert frames.reject_unrouted(body).code == "invalid_message"
    assert frames.echo(body) == {}


def test_of_a_name_given_twice_the_last_counts_for_the_route_and_the_frame_alike():
    """As in every JSON parser that clients use, and in API Gateway's."""
    assert frames.parse(Message, '{"room":"a","seq":1,"text":"x","room":"b"}').room == "b"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{}", "invalid_message"),
        ('{"type":"join"}', "invalid_message"),
        *((f'{{"action":{value}}}', "invalid_message") for value in ("null", "5", "true", "[]", '["join"]', "{}")),
        *(
            (f'{{"action":"{name}"}}', "unknown_action")
            for name in ("", "dance", "JOIN", "join ", "$connect", "\\ud800")
        ),
    ],
)
def test_a_frame_without_a_route_is_told_whether_its_action_is_missing_or_unknown(body, code):
    """Its sender learns what to mend."""
    assert frames.reject_unrouted(body).code == code


@pytest.mark.parametrize(
    ("fields", "echoed"),
    [
        ({"action": "message", "room": "r", "seq": 3, "text": "secret"}, {"action": "message", "room": "r", "seq": 3}),
        ({"action": "message", "room": 5, "seq": "3"}, {"action": "message"}),
        ({"action": "a" * 33, "room": "r" * 65, "seq": 0}, {}),
        ({"action": "a\x00", "room": "\ud800", "seq": True}, {}),
        ({"action": ["x"], "room": None, "seq": 10**400}, {}),
    ],
)
def test_an_error_repeats_only_what_is_well_formed_and_never_what_was_said(fields, echoed):
    """The sender recognises its frame by action, room and seq; nothing malformed is sent back."""
    assert frames.echo(json.dumps(fields)) == echoed
    assert encode(echoed)


ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(some.characters(), max_size=40),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("kind", FRAMES)
@settings(max_examples=30, derandomize=True, database=None, deadline=None)
@given(data=some.data())
def test_no_frame_breaks_the_parser_and_what_passes_can_be_sent(kind, data):
    """With any content of its fields, a frame is refused by name or its content can be encoded again."""
    fields = {name: data.draw(ANYTHING | some.just(GOOD[kind][name])) for name in rules(kind)}
    body = json.dumps(fields)
    try:
        frame = frames.parse(kind, body)
    except Refusal as refusal:
        assert refusal.code in ("invalid_message", "too_long")
    else:
        assert encode({name: getattr(frame, name) for name in rules(kind)})
    assert encode(frames.echo(body))


@settings(max_examples=100, derandomize=True, database=None, deadline=None)
@given(body=some.text(max_size=60))
def test_no_text_breaks_the_parser(body):
    """Any text from a socket is a frame or a refusal."""
    try:
        assert isinstance(frames.decode(body), dict)
    except Refusal as refusal:
        assert refusal.code == "invalid_message"
