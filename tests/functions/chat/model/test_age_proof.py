"""A provider's word about somebody's age, and everything that looks like it."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from functions.chat.model import age_proof
from tests.functions.doorstep import knock
from tests.functions.world import START

TOKEN_LENGTH_MAX = 2048

SECRET = "shared with the provider"
GOOD = {"age_over_18": True, "exp": START + 60}


def part(data: Any) -> str:
    return (
        base64.urlsafe_b64encode(data if isinstance(data, bytes) else json.dumps(data).encode()).rstrip(b"=").decode()
    )


def token(claims: Any = GOOD, header: Any = None, secret: str = SECRET) -> str:
    signed = f"{part({'alg': 'HS256', 'typ': 'JWT'} if header is None else header)}.{part(claims)}"
    return f"{signed}.{part(hmac.digest(secret.encode(), signed.encode(), 'sha256'))}"


def test_a_signed_claim_is_a_proof_until_it_expires():
    """To the second."""
    assert age_proof.is_proof(token(), SECRET, START)
    assert age_proof.is_proof(token(), SECRET, START + 59.9)
    assert not age_proof.is_proof(token(), SECRET, START + 60)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": START + 60},
        {"age_over_18": False, "exp": START + 60},
        {"age_over_18": "true", "exp": START + 60},
        {"age_over_18": 1, "exp": START + 60},
        {"age_over_18": True},
        {"age_over_18": True, "exp": str(START + 60)},
        {"age_over_18": True, "exp": True},
        {"age_over_18": True, "exp": None},
        [], "text", None, 5,
    ],
)  # fmt: skip
def test_a_claim_that_is_missing_or_of_another_kind_is_no_proof(claims):
    """However well it is signed."""
    assert not age_proof.is_proof(token(claims), SECRET, START)


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "RS256"}, {"alg": "hs256"}, {}, [], "HS256"])
def test_only_the_one_algorithm_is_taken(header):
    """A token that names another is forged or of another provider."""
    assert not age_proof.is_proof(token(header=header), SECRET, START)


@pytest.mark.parametrize("secret", ["", "another", SECRET + " "])
def test_another_secret_signs_nothing(secret):
    """Nor does an empty one."""
    assert not age_proof.is_proof(token(secret=secret), SECRET, START)
    assert not age_proof.is_proof(token(secret=""), "", START)


@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "a.b", "a.b.c.d", token() + "x", token()[:-4], "." + token(), token().replace(".", "..", 1),
     token({**GOOD, "more": "x" * TOKEN_LENGTH_MAX}),
     part(b"\xff") + "." + part(b"\xff") + "." + part(b"\xff")],
)  # fmt: skip
def test_a_text_that_is_no_such_token_is_no_proof(text):
    """And breaks nothing."""
    assert not age_proof.is_proof(text, SECRET, START)


@given(some.text())
def test_any_text_is_no_proof(text):
    """Nobody guesses one."""
    assert not age_proof.is_proof(text, SECRET, START)


@pytest.mark.parametrize(("shown", "code"), [(token(), None), ("nonsense", "age_required"), (None, "age_required")])
def test_connect_looks_at_the_proof_and_join_says_what_is_missing(world, shown, code):
    """A browser is not told why a socket was refused."""
    object.__setattr__(world.backend, "age_secret", lambda: SECRET)
    status, ada = knock(world, "Ada", **({"age": shown} if shown else {}))
    ada.join()

    assert status == 200
    assert ada.inbox[-1].get("code") == code
