"""The text of frames and events: JSON in UTF-8 (RFC 8259), both ways. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from functions.chat.protocol.errors import INVALID_MESSAGE, Refusal


def encode(event: Mapping[str, Any]) -> bytes:
    """Return an event as the bytes that travel: compact UTF-8 JSON. Raises ValueError on what JSON cannot carry."""
    return json.dumps(event, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def decode(body: str | None) -> dict[str, Any]:
    """Return the JSON object in `body`, or raise `Refusal`."""
    try:
        fields = json.loads(body or "", parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refusal(INVALID_MESSAGE, "The frame is not JSON.") from None
    if not isinstance(fields, dict):
        raise Refusal(INVALID_MESSAGE, "The frame is not a JSON object.")
    return fields


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
