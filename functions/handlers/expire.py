"""What the delay queue calls, with Amazon SQS's event: the end of a grace, of a doubt, and of a minute."""

from __future__ import annotations

import json
from typing import Any

from functions.chat import backend as backends
from functions.chat.backend import Backend
from functions.chat.conversation import departure
from functions.chat.presence import census
from functions.chat.runtime import telemetry


def handler(event: dict[str, Any], _context: object, /, backend: Backend | None = None) -> None:
    """Do what each message asks for, if it is still to be done; SQS delivers again what fails."""
    chosen = backend or backends.default()
    with telemetry.collecting(chosen.settings.metrics_namespace):
        for record in event["Records"]:
            match json.loads(record["body"]):
                case {"connection": connection_id}:
                    departure.expire(chosen, connection_id)
                case {"room": room_id}:
                    departure.complete(chosen, room_id)
                case {"count": _}:
                    census.measure(chosen)
