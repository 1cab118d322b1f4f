"""Solves the puzzle of a `waiting` event as a client does: by trying one number after the other."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any


def solve(puzzle: Mapping[str, Any]) -> str:
    """Return the solution as `join` takes it."""
    begun = sha256(puzzle["salt"].encode())
    for number in range(puzzle["maxnumber"] + 1):
        tried = begun.copy()
        tried.update(str(number).encode())
        if tried.hexdigest() == puzzle["challenge"]:
            fields = {name: puzzle[name] for name in ("algorithm", "challenge", "salt", "signature")}
            return base64.b64encode(json.dumps({**fields, "number": number}).encode()).decode()
    raise AssertionError("a puzzle has a solution")
