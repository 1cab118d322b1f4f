"""The protocol's document says what the code does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.chat.protocol import errors, fields, frames
from functions.routes import LIFECYCLE_KEYS, ROUTES
from tests.functions.entry_points import FRAMES

DOCUMENT = Path(__file__).parents[2] / "docs" / "protocol.md"
STATE_FILE = Path(__file__).parents[2] / "frontend" / "session" / "state.js"


def rows(heading: str) -> Iterator[tuple[str, str]]:
    """Give the first two cells of each row of the table under a heading."""
    section = DOCUMENT.read_text().split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    yield from re.findall(r"^\| `(\w+)` \| (.*?) \|", section, flags=re.MULTILINE)


def test_every_action_is_in_the_table_and_no_other() -> None:
    """A reader of the contract knows every frame there is."""
    documented, routed = {name for name, _ in rows("Frames")}, {route.key for route in ROUTES} - LIFECYCLE_KEYS
    assert documented == routed, "docs/protocol.md (left) and functions/routes.py (right) list other actions"


@pytest.mark.parametrize("frame_type", FRAMES, ids=lambda frame_type: frame_type.__name__)
def test_the_fields_of_a_frame_are_in_its_row_and_no_others(frame_type: type) -> None:
    """A reader of the contract knows each field, and whether it may be left out."""
    cell = dict(rows("Frames"))[frame_type.__name__.lower()]
    documented = {
        match.group(1): bool(match.group(2)) for match in re.finditer(r"(?:^|; )`(\w+)`( \(optional\))?", cell)
    }

    assert documented == {name: not required for name, (_, required) in frames.rules(frame_type).items()}


@pytest.mark.parametrize("frame_type", FRAMES, ids=lambda frame_type: frame_type.__name__)
def test_a_field_that_may_be_left_out_has_a_default_and_a_required_one_has_none(frame_type: Any) -> None:
    """The table of fields and the frames themselves agree."""
    with_default = set(frame_type._field_defaults)

    assert with_default == {name for name, (_, required) in frames.rules(frame_type).items() if not required}


def test_every_error_code_is_documented() -> None:
    """A client can tell every refusal."""
    listed = DOCUMENT.read_text().split("Error codes:", 1)[1].split("\n\n", 1)[0]

    assert set(errors.CODES) <= set(re.findall(r"`(\w+)`", listed))


def test_the_limits_in_the_document_are_those_of_the_code() -> None:
    """The numbers that clients rely on stand in one place and are quoted right."""
    text = " ".join(DOCUMENT.read_text().split())

    assert f"1-{fields.TEXT_LENGTH_MAX} characters" in text
    assert f"up to {fields.INTERESTS_MAX} strings of 1-{fields.INTEREST_LENGTH_MAX} characters" in text
    assert f"up to {fields.LANGUAGES_MAX} BCP 47 tags" in text
    assert f"up to {fields.NOTE_LENGTH_MAX} characters" in text
    assert f"1-{fields.APPEAL_LENGTH_MAX} characters" in text
    assert f"at most {fields.SIGNAL_BYTES_MAX // 1024} KB encoded" in text
    assert f"nested at most {fields.SIGNAL_LEVELS_MAX} levels" in text


def test_the_states_of_the_page_are_those_of_its_diagram() -> None:
    """The type in the page's code lists the same ones."""
    listed = re.search(r"@property \{(.*)\} link$", STATE_FILE.read_text(), flags=re.MULTILINE)
    assert listed is not None
    diagram = DOCUMENT.read_text().split("The states of the page's link", 1)[1].split("```", 2)[1]
    arrows = re.findall(r"^ +(\S+) --> (\S+?)(?::.*)?$", diagram, flags=re.MULTILINE)

    assert {state for arrow in arrows for state in arrow} - {"[*]"} == set(re.findall(r'"(\w+)"', listed[1]))
