"""Work in place of a wait: ALTCHA's puzzle, which costs a browser a part of a second for each meeting. Pure.

The challenge is the SHA-256 of a salt and a number that the browser has to find; `expires` stands in the salt. The
challenge is signed, so the server remembers nothing of it. The name of the meeting is signed with it: a solution is
worth nothing to another person, or for a later meeting. A solution has the form of ALTCHA's libraries (altcha.org,
"Payload").
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from hashlib import sha256
from typing import Any

ALGORITHM = "SHA-256"
# Half of these are tried on average. A cheap phone tries 250,000 a second (frontend/solver.js).
NUMBER_MAX = 50_000
NUMBER_BITS = 64  # of chance, so that each number is as likely
SALT_BITS = 80  # no two salts are the same, so that no work is done beforehand
SOLVED_WITHIN_SECONDS = 600
EXPIRES = "?expires="
# Ends the time: else a client could count the time's last digits to the number, or the number's first ones to the time.
SALT_END = "&"


def make(secret: str, meeting: str, chance: int, now: float) -> dict[str, Any]:
    """Return the puzzle for a meeting; `chance` are random bits."""
    salt = f"{chance >> NUMBER_BITS:0{SALT_BITS // 4}x}{EXPIRES}{int(now) + SOLVED_WITHIN_SECONDS}{SALT_END}"
    challenge = _digest(salt, chance % (1 << NUMBER_BITS) % (NUMBER_MAX + 1))
    signature = _signature(secret, meeting, challenge)
    fields = {"challenge": challenge, "maxnumber": NUMBER_MAX, "salt": salt, "signature": signature}
    return {"algorithm": ALGORITHM, **fields}


def is_solved(secret: str, meeting: str, solution: str, now: float) -> bool:
    """Tell whether this solves a puzzle that was made for this meeting and has not expired."""
    found = _read(solution)
    challenge, salt, number, signature = (found.get(name) for name in ("challenge", "salt", "number", "signature"))
    if not (isinstance(challenge, str) and isinstance(salt, str) and isinstance(signature, str)):
        return False
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= NUMBER_MAX:
        return False
    is_ours = hmac.compare_digest(signature.encode(), _signature(secret, meeting, challenge).encode())
    return is_ours and _digest(salt, number) == challenge and now <= _expires_at(salt)


def _expires_at(salt: str) -> int:
    """Return when a puzzle expires by its salt; 0 for a salt that is none of ours."""
    _, _, told = salt.partition(EXPIRES)
    expires = told.removesuffix(SALT_END)
    return int(expires) if told.endswith(SALT_END) and expires.isdecimal() else 0


def _read(solution: str) -> dict[str, Any]:
    try:
        found = json.loads(base64.b64decode(solution, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(salt: str, number: int) -> str:
    return sha256(f"{salt}{number}".encode("utf-8", "replace")).hexdigest()


def _signature(secret: str, meeting: str, challenge: str) -> str:
    return hmac.digest(secret.encode(), f"puzzle\0{meeting}\0{challenge}".encode("utf-8", "replace"), "sha256").hex()
