"""The delay queue calls this with Amazon SQS's event: a time is over, or another handler leaves work to it."""

from __future__ import annotations

import json
from typing import Any

from functions.chat import backend as backends
from functions.chat.backend import Backend
from functions.chat.conversation import departure
from functions.chat.moderation import bans
from functions.chat.presence import census
from functions.chat.runtime import telemetry


def handler(event: dict[str, Any], _context: object, /, backend: Backend | None = None) -> dict[str, Any]:
    """Do what each message asks for, if it is still to be done, and name those that failed: SQS brings them again.

    A message that always fails spoils none of those that came with it (docs: "Handling errors for an SQS event source",
    partial batch responses). If all fail, the invocation fails with the first one's error.
    """
    chosen = backend or backends.default()
    failed: dict[str, Exception] = {}
    with telemetry.collecting(chosen.settings.metrics_namespace):
        for record in event["Records"]:
            try:
                _do(chosen, record["body"])
            except Exception as error:  # noqa: BLE001 - SQS tries again, and keeps the message aside in the end
                failed[record["messageId"]] = error
        if failed and len(failed) == len(event["Records"]):
            raise next(iter(failed.values()))
        for failure in failed.values():
            telemetry.count("Failures")
            telemetry.logger.error("later work failed", exc_info=failure)
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _do(backend: Backend, body: str) -> None:
    match json.loads(body):
        case {"connection": connection_id}:
            departure.expire(backend, connection_id)
        case {"room": room_id}:
            departure.complete(backend, room_id)
        case {"ban": connection_id}:
            bans.enforce(backend, connection_id)
        case {"flood": connection_id}:
            bans.cut_off(backend, connection_id)
        case {"lost": connection_id, "in": room_id}:
            departure.lose(backend, connection_id, backend.rooms.get(room_id))
        case {"count": _}:
            census.measure(backend)
