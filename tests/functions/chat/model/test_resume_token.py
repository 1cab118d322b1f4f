"""A resume token proves a connection and says nothing to anybody else."""

from __future__ import annotations

import base64

import pytest

from functions.chat.model import resume_token
from functions.chat.model.resume_token import Token

SECRET = "s3cr3t-of-32-characters-more-or-less"


@pytest.mark.parametrize("connection_id", ["UJ2kXcWqFiACHeA=", "a b", "é"])
def test_a_token_is_read_back_as_it_was_given(connection_id):
    """Its form is safe in JSON and in addresses."""
    token = Token(connection_id, SECRET)

    assert resume_token.read(str(token)) == token
    assert str(token).replace("-", "").replace("_", "").isalnum()


def test_the_table_gets_a_hash_that_depends_on_the_secret_alone():
    """A reader of the table cannot make a token of the hash, which is compared with its own connection's only."""
    token = Token("Ada=", SECRET)

    assert SECRET not in token.hash
    assert token.hash == Token("Bo=", SECRET).hash != Token("Ada=", SECRET + "x").hash
    assert len(base64.urlsafe_b64decode(token.hash + "==")) == 16


def _encoded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode()


@pytest.mark.parametrize(
    "text",
    ["", "guessed", "a", "äöü", "../../etc/passwd", "=" * 8, "A" * 43, "💥", "\ud800"]
    + [_encoded(each) for each in (b"secret", b" Ada=", b"secret ", b" ", b"\xff\xfe Ada=")],
    ids=ascii,
)
def test_a_text_that_is_none_of_ours_is_no_token(text):
    """Reading never fails, with any text."""
    assert resume_token.read(text) is None
