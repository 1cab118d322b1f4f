"""Proof of age by an outside company: the hook for an age-assurance provider. Pure.

A provider that the operator chose checks people and signs a JSON Web Token (RFC 7519) with a secret shared with this
server (HS256, RFC 7518 section 3.2). The page sends the token in the query of the socket's address. The token needs
`exp` and a true `age_over_18`; the provider and the operator decide everything else, such as how long it is good.
"""

from __future__ import annotations

import hmac
import json
from typing import Any

from functions.chat.model.stamps import bytes_of

TOKEN_LENGTH_MAX = 2048  # an address may have 4,096 characters
CLAIM = "age_over_18"


def is_proof(token: str, secret: str, now: float) -> bool:
    """Tell whether the provider signed this token, it says that its owner is an adult, and it has not expired."""
    if not secret or len(token) > TOKEN_LENGTH_MAX or token.count(".") != 2:
        return False
    signed, _, signature = token.rpartition(".")
    expected = hmac.digest(secret.encode(), signed.encode(), "sha256")
    header, claims = map(_object, signed.split("."))
    if not hmac.compare_digest(bytes_of(signature), expected) or header.get("alg") != "HS256":
        return False
    expires_at = claims.get("exp")
    if not isinstance(expires_at, int | float) or isinstance(expires_at, bool):
        return False
    return claims.get(CLAIM) is True and expires_at > now


def _object(part: str) -> dict[str, Any]:
    try:
        value = json.loads(bytes_of(part))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
