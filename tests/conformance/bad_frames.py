"""Frames that break a rule of the document, one rule each, and the error that each should get."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.conformance.contract import (
    FRAME_BYTES_MAX,
    INTEREST_CHARACTERS_MAX,
    INTERESTS_MAX,
    LANGUAGES_MAX,
    NOTE_CHARACTERS_MAX,
    SIGNAL_BYTES_MAX,
    TEXT_CHARACTERS_MAX,
    Frame,
)

INVALID = frozenset({"invalid_message"})
UNKNOWN = frozenset({"unknown_action"})
TOO_LONG = frozenset({"too_long"})
# Where the document leaves the choice: a list or a word that is too long is also an invalid one, and so on.
INVALID_OR_LONG = INVALID | TOO_LONG
INVALID_OR_UNKNOWN = INVALID | UNKNOWN
INVALID_OR_STALE = INVALID | {"stale_room"}
INVALID_OR_RESUME = INVALID | {"resume_failed"}

ABSENT = object()
LONE_SURROGATE = "\ud800"
NOT_NUMBERS: tuple[Any, ...] = (None, "1", True, False, 1.5, [], {}, "")
# JSON text that Python has no value for, or would not write; put into a frame in place of a marker.
HUGE = 10**30
NOT_JSON = ("NaN", "Infinity", "-Infinity")
BEYOND = (*NOT_JSON, "1e400", "-0.5")


@dataclass(frozen=True, slots=True)
class BadFrame:
    """A frame to send, and the codes that answer it."""

    text: str
    codes: frozenset[str]

    @property
    def name(self) -> str:
        """The frame, short enough for a failure's text."""
        return self.text if len(self.text) <= 120 else f"{self.text[:80]} … ({len(self.text)} characters)"


def envelopes() -> Iterator[BadFrame]:
    """Frames that name no route."""
    deep = FRAME_BYTES_MAX // 2 - 100
    texts = [
        " ",
        "hello",
        "{",
        "}",
        '{"action":"ping"',
        "{'action':'ping'}",
        '{"action":"ping",}',
        '{"action":"ping"} x',
    ]
    texts += [
        '"ping"',
        "5",
        "-1.5",
        "null",
        "true",
        "NaN",
        "[]",
        '["ping"]',
        '[{"action":"ping"}]',
        "{}",
        '{"type":"ping"}',
    ]
    texts += [
        '{"action":null}',
        '{"action":5}',
        '{"action":true}',
        '{"action":["ping"]}',
        '{"action":{"action":"ping"}}',
    ]
    texts += [
        "[" * deep,
        "[" * deep + "]" * deep,
        '{"a":' * (deep // 5),
        "\x00",
        "9" * 20_000,
        '{"action":' + "9" * 20_000 + "}",
    ]
    yield from (BadFrame(text, INVALID) for text in texts)
    yield BadFrame('{"action":NaN}', INVALID_OR_UNKNOWN)
    yield BadFrame('{"action":""}', INVALID_OR_UNKNOWN)
    yield BadFrame('{"action":"\\ud800"}', INVALID_OR_UNKNOWN)
    for action in (
        "dance",
        "PING",
        "ping ",
        "$connect",
        "$disconnect",
        "$default",
        "waiting",
        "__class__",
        "a" * 30_000,
    ):
        yield BadFrame(_text({"action": action}), UNKNOWN)


def joins(interest: str) -> Iterator[BadFrame]:
    """Searches for a stranger that break a rule; were one accepted, its interest would pair it."""
    good: Frame = {"action": "join", "mode": "text", "interests": [interest]}
    yield from _with(good, "mode", (ABSENT, None, 5, True, "", "TEXT", "audio", ["text"], {}), INVALID)
    yield from _with(good, "interests", ("chess", 5, True, {}, [5], [None], [True], [[interest]], [{}], [""]), INVALID)
    yield from _with(good, "interests", ([LONE_SURROGATE], [interest, LONE_SURROGATE], [interest, 5]), INVALID)
    many = [f"{interest} {index}" for index in range(INTERESTS_MAX + 1)]
    yield from _with(good, "interests", (many, [interest, "i" * (INTEREST_CHARACTERS_MAX + 1)]), INVALID_OR_LONG)
    yield from _with(
        good, "interests", ([interest, "😀" * (INTEREST_CHARACTERS_MAX + 1)], ["i" * 25_000]), INVALID_OR_LONG
    )
    yield from _with(good, "languages", ("en", 5, True, {}, [5], [None], [""], ["not a tag"], ["e"], ["en-"]), INVALID)
    yield from _with(good, "languages", (["en"] * (LANGUAGES_MAX + 1), ["en-" + "x" * 200]), INVALID_OR_LONG)
    yield from _with(good, "widen", ("true", 1, 0, [], {}, ""), INVALID)


def lines(room: str) -> Iterator[BadFrame]:
    """Chat lines that break a rule."""
    good: Frame = {"action": "message", "room": room, "seq": 1, "text": "never to be seen"}
    yield from _rooms(good)
    yield from _with(good, "seq", (ABSENT, 0, -1, HUGE, -HUGE, *NOT_NUMBERS), INVALID)
    yield from _beyond(good, "seq")
    yield from _with(good, "text", (ABSENT, None, 5, True, [], {}, ["hello"], "", "   ", "\n\t "), INVALID)
    controls = ("\x00", "\x07", "\x08", "\x1b[31m", "\x7f", "\x85", "\x9b", "\r\n")
    yield from _with(good, "text", (f"control {each} character" for each in controls), INVALID)
    yield from _with(good, "text", (LONE_SURROGATE, f"a {LONE_SURROGATE} b", "\ude00\ud83d"), INVALID)
    longer = TEXT_CHARACTERS_MAX + 1
    yield from _with(good, "text", ("x" * longer, "é" * longer, "😀" * longer, "x" * 30_000), TOO_LONG)
    yield from _acknowledgements(good)


def small_frames(room: str) -> Iterator[BadFrame]:
    """Typing, acknowledgements, skips and leaves that break a rule."""
    typing: Frame = {"action": "typing", "room": room, "on": True}
    yield from _rooms(typing)
    yield from _with(typing, "on", (ABSENT, None, 1, 0, "true", "", [], {}), INVALID)
    yield from _acknowledgements(typing)
    yield from _not_json(typing)
    acknowledgement: Frame = {"action": "ack", "room": room, "ack": 1}
    yield from _rooms(acknowledgement)
    yield from _with(acknowledgement, "ack", (ABSENT,), INVALID)
    yield from _acknowledgements(acknowledgement)
    yield from _rooms({"action": "skip", "room": room})
    yield from _with({"action": "leave", "room": room}, "room", (5, True, [], {}, [room]), INVALID)


def signals(room: str) -> Iterator[BadFrame]:
    """Signalling that breaks a rule."""
    good: Frame = {"action": "signal", "room": room, "data": {"candidates": []}}
    yield from _rooms(good)
    yield from _with(good, "data", (ABSENT, None, 5, True, "v=0", "", [], [{}]), INVALID)
    yield from _with(good, "data", ({"d": "x" * SIGNAL_BYTES_MAX}, {"d": "😀" * (SIGNAL_BYTES_MAX // 4)}), TOO_LONG)
    yield from _beyond(good, "data")
    yield from _not_json({**good, "data": {"candidates": [], "unread": {}}})


def reports(room: str) -> Iterator[BadFrame]:
    """Reports that break a rule."""
    good: Frame = {"action": "report", "room": room, "reason": "spam"}
    yield from _rooms(good)
    yield from _with(good, "reason", (ABSENT, None, 5, True, "", "SPAM", "boring", [], ["spam"], {}), INVALID)
    yield from _with(good, "note", (5, True, [], {}, LONE_SURROGATE), INVALID)
    yield from _with(good, "note", ("n" * (NOTE_CHARACTERS_MAX + 1),), INVALID_OR_LONG)


def resumptions() -> Iterator[BadFrame]:
    """Attempts to continue without a token that the server gave."""
    good: Frame = {"action": "resume", "token": ""}
    yield from _with(good, "token", (ABSENT, None, 5, True, [], {}), INVALID)
    yield from _with(good, "token", ("", "x" * 20_000, LONE_SURROGATE), INVALID_OR_RESUME)
    yield from _with(good, "token", ("guessed", "../../etc/passwd", "A" * 43), frozenset({"resume_failed"}))


def deep_signals(room: str) -> Iterator[str]:
    """Signalling nested so deep that a parser may give up; whether it is relayed or refused is the server's choice."""
    for depth in (200, 2000, 4000):
        nested = '{"a":' * depth + "1" + "}" * depth
        yield f'{{"action":"signal","room":"{room}","data":{nested}}}'


def _with(good: Frame, field: str, values: Iterable[Any], codes: frozenset[str]) -> Iterator[BadFrame]:
    for value in values:
        frame = {name: each for name, each in good.items() if name != field}
        yield BadFrame(_text(frame if value is ABSENT else {**frame, field: value}), codes)


def _rooms(good: Frame) -> Iterator[BadFrame]:
    yield from _with(good, "room", (ABSENT, None, 5, True, [], {}, [good["room"]]), INVALID)
    yield from _with(good, "room", ("", "r" * 20_000, LONE_SURROGATE, f"{good['room']}\x00"), INVALID_OR_STALE)


def _acknowledgements(good: Frame) -> Iterator[BadFrame]:
    yield from _with(good, "ack", (-1, HUGE, *NOT_NUMBERS), INVALID)
    yield from _beyond(good, "ack")


def _beyond(good: Frame, field: str) -> Iterator[BadFrame]:
    """Put JSON text that is no number of the kind wanted in place of a value."""
    for text in BEYOND:
        yield BadFrame(_text({**good, field: "MARKER"}).replace('"MARKER"', text), INVALID)


def _not_json(good: Frame) -> Iterator[BadFrame]:
    """Put what is no JSON, though some parsers take it, where nobody looks: the frame is broken all the same."""
    for text in NOT_JSON:
        yield BadFrame(_text({**good, "unlisted": "MARKER"}).replace('"MARKER"', text), INVALID)
        if "unread" in good.get("data", {}):
            yield BadFrame(_text(good).replace('"unread":{}', f'"unread":{text}'), INVALID)


def _text(frame: Frame) -> str:
    """Write a frame as JSON; escaped where it holds a lone surrogate, which cannot be written otherwise."""
    text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
    return text if _is_encodable(text) else json.dumps(frame, separators=(",", ":"))


def _is_encodable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
