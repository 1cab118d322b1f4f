"""The page lets people write as much as the server takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from functions.chat.moderation import admission
from functions.chat.protocol import fields

APPEAL_LENGTH_MAX = 1000
NOTE_LENGTH_MAX = 500

FRONTEND = Path(__file__).parents[2] / "frontend"
CONSTANT = re.compile(r"^export const (\w+) = ([\d_]+);$", re.MULTILINE)
FIELDS = {"report-note": NOTE_LENGTH_MAX, "appeal-text": APPEAL_LENGTH_MAX}


@pytest.mark.parametrize("name", ["TEXT_LENGTH_MAX", "INTERESTS_MAX", "INTEREST_LENGTH_MAX", "LANGUAGES_MAX"])
def test_a_limit_of_the_client_is_the_servers(name: str) -> None:
    """A longer line would be refused only after it was written."""
    limits = dict(CONSTANT.findall((FRONTEND / "session" / "limits.js").read_text()))

    assert int(limits[name]) == getattr(fields, name)


@pytest.mark.parametrize(("field", "length_max"), FIELDS.items(), ids=FIELDS)
def test_a_field_ends_where_the_server_does(field: str, length_max: int) -> None:
    """Nobody writes what would be refused."""
    found = re.search(rf'id="{field}"[^>]* maxlength="(\d+)"', (FRONTEND / "index.html").read_text())

    assert found is not None
    assert int(found[1]) == length_max


def test_the_servers_own_word_that_a_chat_is_closed_is_known_to_the_page() -> None:
    """The page says it in the person's language, and would else repeat it in English."""
    assert f'"{admission.CLOSED_SENTENCE}"' in (FRONTEND / "view" / "closed.js").read_text()
