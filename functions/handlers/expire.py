"""The delay queue's handler: the grace of a lost connection is over. Called with Amazon SQS's event."""

from __future__ import annotations

import json
from typing import Any

from functions.chat import backend as backends
from functions.chat import departure, telemetry
from functions.chat.backend import Backend


def handler(event: dict[str, Any], _context: object, /, backend: Backend | None = None) -> None:
    """End what each connection left behind that was not resumed; SQS delivers again what fails."""
    chosen = backend or backends.default()
    with telemetry.collecting(chosen.settings.metrics_namespace):
        for record in event["Records"]:
            departure.vanish(chosen, json.loads(record["body"])["connection"], lost=True)
