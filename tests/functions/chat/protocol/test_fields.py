"""The rules of a frame's fields, as tables of what passes and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from functions.chat.protocol import fields
from functions.chat.protocol.errors import Refusal
from functions.chat.protocol.events import encode

SEQUENCE_MAX = 10_000_000
SIGNAL_BYTES_MAX = 24 * 1024
SIGNAL_LEVELS_MAX = 20

NOT_STRINGS: list[Any] = [None, 0, 1, 1.5, True, False, [], {}, ["text"]]
CONTROLS = [chr(each) for each in (*range(0x20), *range(0x7F, 0xA0))]  # Unicode promises that there will be no others
SURROGATES = ["\ud800", "a\udfffb", "\udc00\ud800"]
HUGE = 10**400
NO_NUMBERS: list[object] = [None, True, False, [], {}, float("nan"), float("inf")]
NO_LANGUAGES: list[object] = ["en", None, 5, {}, ["en"] * 6, ["e"], ["en-"]]
NO_DATA: list[object] = [None, "x", 1, True, [], [{}]]

ACCEPTED = [
    (fields.text, "hello", "hello"),
    (fields.text, " \n hello\tyou \n", "hello\tyou"),
    (fields.text, "x" * 2000, "x" * 2000),
    (fields.text, "  " + "x" * 2000 + "\n", "x" * 2000),
    (fields.text, "😀" * 2000, "😀" * 2000),
    (fields.text, "שלום مرحبا हिंदी 👩‍👩‍👧", "שלום مرحبا हिंदी 👩‍👩‍👧"),
    (fields.note, "", ""),
    (fields.note, "   ", ""),
    (fields.note, "n" * 500, "n" * 500),
    (fields.note, "two\nlines", "two\nlines"),
    (fields.room, "bT0vXHqg2lJ1vKc7n0w5yQ", "bT0vXHqg2lJ1vKc7n0w5yQ"),
    (fields.room, "r" * 64, "r" * 64),
    (fields.token, "t" * 200, "t" * 200),
    (fields.sequence, 1, 1),
    (fields.sequence, SEQUENCE_MAX, SEQUENCE_MAX),
    (fields.acknowledgement, 0, 0),
    (fields.acknowledgement, 7, 7),
    (fields.boolean, True, True),
    (fields.boolean, False, False),
    (fields.interests, [], ()),
    (fields.interests, ["Café", "cafe ", "Go"], ("Café", "cafe", "Go")),
    (fields.interests, [f"topic {each}" for each in range(10)], tuple(f"topic {each}" for each in range(10))),
    (fields.interests, ["i" * 32, "い" * 32], ("i" * 32, "い" * 32)),
    (fields.languages, [], ()),
    (fields.languages, ["en", "pt-BR", "zh-Hant-TW"], ("en", "pt-BR", "zh-Hant-TW")),
    (fields.languages, ["de-CH-1996"] * 5, ("de-CH-1996",) * 5),
    (fields.OneOf(lambda: ("text", "video")), "video", "video"),
    (fields.data, {}, {}),
    (fields.data, {"candidates": [None, 1.5, "x", True]}, {"candidates": [None, 1.5, "x", True]}),
]

LINE = {"seat": 1, "seq": 1, "text": "hello", "opening": "A" * 43, "stamp": "1." + "A" * 22}
NO_LINES: list[object] = [
    *({}, "line", {**LINE, "seat": 2}, {**LINE, "seat": True}, {**LINE, "seat": 0.0}, {**LINE, "seat": "0"}),
    *({**LINE, "seq": 0}, {**LINE, "text": ""}, {**LINE, "opening": "A" * 42}, {**LINE, "opening": "!" * 43}),
    *({**LINE, "stamp": ""}, {**LINE, "stamp": 7}, {**LINE, "stamp": "1" * 41}),
    # Half a proof: a client that means to prove a line learns that it cannot like this.
    *({name: LINE[name] for name in LINE if name != half} for half in ("opening", "stamp")),
]
NO_STILLS: list[object] = ["", "iVBORw0KGgo", "_9j_!", "_9j_AAA=", 7, [], "_9j_A"]

REFUSED = [
    *((fields.text, each, "invalid_message") for each in ["", "   ", "\n\t ", *NOT_STRINGS, *SURROGATES]),
    *((fields.text, each * 2001, "too_long") for each in ["x", "é", "😀"]),
    *((fields.note, each, "invalid_message") for each in [*NOT_STRINGS, *SURROGATES, "a\x00"]),
    (fields.note, "n" * 501, "too_long"),
    *((fields.lines, [LINE, each], "invalid_message") for each in NO_LINES),
    (fields.lines, [{**LINE, "text": "x" * 2001}], "too_long"),
    (fields.lines, [LINE] * 101, "invalid_message"),
    *((fields.still, each, "invalid_message") for each in NO_STILLS),
    (fields.still, "_9j_" + "A" * 10_920, "too_long"),
    *((fields.room, each, "invalid_message") for each in ["", " ", "r" * 65, "a\nb", *NOT_STRINGS, *SURROGATES]),
    *((fields.token, each, "invalid_message") for each in ["", " ", "t" * 201, "a\x00", *NOT_STRINGS, *SURROGATES]),
    *((fields.sequence, each, "invalid_message") for each in [0, -1, SEQUENCE_MAX + 1, HUGE, -HUGE, 1.0, "1"]),
    *((fields.sequence, each, "invalid_message") for each in NO_NUMBERS),
    *((fields.acknowledgement, each, "invalid_message") for each in [-1, HUGE, 0.0, 1.0, "0", None, True, False, []]),
    *((fields.boolean, each, "invalid_message") for each in [0, 1, "true", None, [], {}]),
    *((fields.interests, each, "invalid_message") for each in ["chess", None, 5, True, {}, {"chess": 1}]),
    *(
        (fields.interests, [each], "invalid_message")
        for each in ["", "  ", "i" * 33, "a\nb", *NOT_STRINGS, *SURROGATES]
    ),
    (fields.interests, [f"topic {each}" for each in range(11)], "invalid_message"),
    *((fields.languages, each, "invalid_message") for each in NO_LANGUAGES),
    *((fields.languages, [each], "invalid_message") for each in ["", "en us", "en-" + "x" * 9, "e" * 36, *NOT_STRINGS]),
    *((fields.OneOf(lambda: ["text"]), each, "invalid_message") for each in ["", "TEXT", "text ", "tex", *NOT_STRINGS]),
    *((fields.data, each, "invalid_message") for each in NO_DATA),
    *((fields.data, {"a": each}, "invalid_message") for each in [float("nan"), float("inf"), *SURROGATES]),
    (fields.data, {"\ud800": 1}, "invalid_message"),
]


def _name(value: Any) -> str | None:
    return getattr(value, "__name__", None) or repr(value)[:24].encode("ascii", "replace").decode()


@pytest.mark.parametrize(("check", "value", "used"), ACCEPTED, ids=_name)
def test_a_well_formed_value_passes_trimmed_and_normalised(check, value, used):
    """The limits themselves are allowed, counted in characters after trimming."""
    assert check("field", value) == used


@pytest.mark.parametrize(("check", "value", "code"), REFUSED, ids=_name)
def test_a_value_that_breaks_a_rule_is_refused_with_the_field_and_the_code(check, value, code):
    """Types are not guessed: true is no number, "1" neither, and a lone surrogate is no text."""
    with pytest.raises(Refusal) as refusal:
        check("field", value)

    assert refusal.value.code == code
    assert refusal.value.sentence.startswith("`field` ")


@pytest.mark.parametrize("control", sorted(set(CONTROLS) - {"\n", "\t"}), ids=ascii)
def test_every_control_character_but_newline_and_tab_is_refused_in_a_line(control):
    """None of the others means anything on a page, and some rewrite what a terminal shows of it."""
    with pytest.raises(Refusal):
        fields.text("text", f"a{control}b")


@pytest.mark.parametrize("control", ["\n", "\t"], ids=ascii)
def test_names_of_things_have_no_control_characters_at_all(control):
    """A room, a token or an interest is one word or one line."""
    assert fields.text("text", f"a{control}b") == f"a{control}b"
    for check in (fields.room, fields.token):
        with pytest.raises(Refusal):
            check("field", f"a{control}b")
    with pytest.raises(Refusal):
        fields.interests("interests", [f"a{control}b"])


def test_signalling_is_measured_in_bytes_as_it_travels():
    """24 KB pass and one byte more does not, with any characters."""
    around = len(encode({"d": ""}))
    for character in ("x", "é", "😀"):
        size = len(character.encode())
        most = (SIGNAL_BYTES_MAX - around) // size
        assert fields.data("data", {"d": character * most})
        with pytest.raises(Refusal) as refusal:
            fields.data("data", {"d": character * (most + 1)})
        assert refusal.value.code == "too_long"


@pytest.mark.parametrize("kind", ["objects", "lists"])
@pytest.mark.parametrize(
    ("levels", "passes"), [(SIGNAL_LEVELS_MAX, True), (SIGNAL_LEVELS_MAX + 1, False), (992, False)]
)
def test_signalling_nests_only_so_deep(kind, levels, passes):
    """Data that parses here must also be encodable further down the stack, on every Python."""
    inner: Any = 1
    for _ in range(levels - 1):
        inner = {"a": inner} if kind == "objects" else [inner]
    data = {"a": inner}

    if passes:
        assert fields.data("data", data) == data
    else:
        with pytest.raises(Refusal):
            fields.data("data", data)
