"""Frames that a hostile client might send: well formed in most, wrong in one place, or no frame at all."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable
from typing import Any

from functions.chat.protocol.fields import call, doing, kind
from tests.functions.entry_points import FRAMES
from tests.security.fuzz.town import WISHES, Town

ACTIONS = [kind.__name__.lower() for kind in FRAMES] + [
    "ping",
    "$connect",
    "$disconnect",
    "$default",
    "expire",
    "nonsense",
]
ODD_STRINGS = [
    "", " ", "\x00", "\n", "\ud800", "\udfff\ud800", "\u202e", "\u200b", "\ufeff", "\U0001f600" * 40, "e\u0301" * 20,
    "Z" + "\u0335" * 200, "<script>alert(1)</script>", "' OR 1=1 --", "../../etc/passwd", "${jndi:ldap://x}", "#", "|",
    "@", "connection#talking", "room#x", "queue#text#*#0", "__proto__", "constructor", "x" * 65, "x" * 2001,
    "\u0130" * 33, "en", "pt-BR", "x-" + "a" * 40, "2027-01-01", "NaN", "null", "true",
]  # fmt: skip
ODD_VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2**31, 2**53, 2**63, 10**30, 1.5, -0.0, 1e300, [], {}, [[]], [None], [""], [{}],
    {"a": []}, {"": ""}, ["x"] * 11, ["x"] * 10, [1, "x"], {"on": True}, {"description": {"sdp": "v=0"}},
]  # fmt: skip
RAW = [
    "", " ", "{", "}", "[]", "null", "5", '"x"', "NaN", "Infinity", '{"action":NaN}', "\ufeff{}", "{}{}", "// x",
    "{'a':1}", '{"action":"join","action":"skip"}', '{"action":"message","seq":1e400}',
    '{"action":"message","seq":' + "9" * 5000 + "}", "[" * 5000, '{"a":' * 5000, "[" * 5000 + "]" * 5000,
    '{"action":"signal","data":' + '{"a":' * 900 + "1" + "}" * 901,
]  # fmt: skip

Chance = random.Random


def person(chance: Chance) -> str:
    """Return who sends it."""
    return chance.choice((*WISHES, "nobody"))


def frame(chance: Chance, town: Town) -> str:
    kind = chance.random()
    if kind < 0.05:
        return chance.choice(RAW)
    if kind < 0.1:
        return noise(chance, 200)
    fields = {"action": chance.choice(ACTIONS), **good_fields(chance, town)}
    for _ in range(chance.choice((0, 1, 1, 1, 2, 4))):
        _spoil(chance, fields, town)
    text = json.dumps(fields, ensure_ascii=chance.random() < 0.5)
    return _break(chance, text) if kind > 0.9 else text


def noise(chance: Chance, length_max: int) -> str:
    alphabet: list[Callable[[], str]] = [
        lambda: chance.choice(string.printable), lambda: chr(chance.randrange(0x110000)),
        lambda: chance.choice('{}[]":,\\'),
    ]  # fmt: skip
    return "".join(chance.choice(alphabet)() for _ in range(chance.randrange(length_max)))


def good_fields(chance: Chance, town: Town) -> dict[str, Any]:
    """Return fields that are right for every action, of which each uses its own."""
    return {
        "mode": chance.choice(("text", "video")),
        "interests": [chance.choice(("Go", "café", "CAFÉ", "waiting", "हिंदी"))],
        "languages": ["en", "pt-BR"],
        "widen": chance.random() < 0.5,
        "room": chance.choice(list(town.rooms.values())),
        "seq": chance.randrange(1, 100),
        "text": chance.choice(("hello", "two\nlines", "👍")),
        "ack": chance.randrange(0, 100),
        "probe": chance.random() < 0.5,
        "implied": chance.random() < 0.5,
        "call": chance.choice(call.choices),
        "on": chance.random() < 0.5,
        "data": {"candidates": [{"candidate": "candidate:1 1 udp 1 192.0.2.1 1 typ host"}]},
        "reason": chance.choice(("spam", "underage")),
        "note": "a note",
        "token": chance.choice(list(town.tokens.values())),
        "case": town.case,
        "key": "A" * 43,
        "solution": "eyJudW1iZXIiOjF9",
        "sealed": "A" * 30,
        "commitment": "A" * 43,
        "lines": [
            {"seat": 0, "seq": 1, "text": "hello", "opening": "A" * 43, "stamp": "28000000.AAAAAAAAAAAAAAAAAAAAAA"},
            {"seat": 1, "seq": 1, "text": "hello"},
        ],
        "still": "_9j_4AAQ",
        "do": chance.choice(doing.choices),
        "after": chance.randrange(0, 20),
        "read": town.case,
        "kind": chance.choice(kind.choices),
        "place": "on the start page",
        "name": "Ada",
        "contact": "ada@example.org",
        "honest": True,
    }


def _spoil(chance: Chance, fields: dict[str, Any], town: Town) -> None:
    name = chance.choice([*fields, "action", noise(chance, 5)])
    if chance.random() < 0.15:
        fields.pop(name, None)
    else:
        fields[name] = _value(chance, town, depth=3)


def _value(chance: Chance, town: Town, depth: int) -> Any:
    if depth > 0 and chance.random() < 0.2:
        if chance.random() < 0.5:
            return [_value(chance, town, depth - 1) for _ in range(chance.randrange(12))]
        return {noise(chance, 6): _value(chance, town, depth - 1) for _ in range(chance.randrange(6))}
    known = [*town.rooms.values(), *town.tokens.values(), town.case]
    long = chance.choice("xé😀\u202e") * chance.choice((32, 33, 64, 500, 501, 1000, 2000, 2001, 24_600))
    number = chance.randrange(-(2**40), 2**40)
    odd = (chance.choice(ODD_STRINGS), chance.choice(ODD_VALUES))
    return chance.choice((*odd, *odd, noise(chance, 60), chance.choice(known), long, number))


def _break(chance: Chance, text: str) -> str:
    """Cut a piece out, repeat one, or put something in between."""
    start, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
    return chance.choice(
        (text[:start] + text[end:], text[:end] + text[start:], text[:start] + noise(chance, 4) + text[start:])
    )
