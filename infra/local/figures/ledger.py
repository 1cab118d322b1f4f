"""The costs of this gateway's people on AWS so far: their use, at the prices of infra/prices.py.

Table units are those that the database answers each request with, as DynamoDB does; seconds are those of the handlers
here, at the memory of a Lambda. Free tiers are left out, and so are the page's traffic and the logs' storage.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from functions.chat.aws.direct import ANSWERED
from functions.routes import Handler
from infra import prices
from infra.local.core.counters import Counters

READS = frozenset({"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"})
LAMBDA_GIGABYTES = 0.5  # the default of lambda_memory_mb
GIGABYTE = 1e9
# A message is sent, received and deleted.
REQUESTS_OF_MESSAGE = 3


class Ledger:
    """Counts the paid use that the gateway does not count itself. Handlers of all threads write here."""

    def __init__(self) -> None:
        self.units: dict[str, float] = {"read": 0.0, "write": 0.0}
        self.requests: Counter[str] = Counter()  # by operation
        self.handler_seconds = 0.0
        self._lock = threading.Lock()

    def watch(self, client: Any) -> None:
        """Count the requests of a client and their units, which pynamodb asks for with each."""
        events = client.meta.events
        events.register(ANSWERED, self._note)
        events.register("after-call", lambda model, parsed, **_: self._note(model.name, parsed))

    def timed(self, handlers: Mapping[str, Handler]) -> dict[str, Handler]:
        """Return handlers whose time is counted."""
        return {key: self._timed(handler) for key, handler in handlers.items()}

    def dollars(self, counters: Counters, connection_seconds: float, log_bytes: int) -> dict[str, float]:
        """Return the dollars that were spent, by AWS's service."""
        messages = counters.frames_received + counters.frames_sent
        invocations = sum(counters.invocations.values())
        return {
            "messages": messages * prices.MESSAGE,
            "connections": connection_seconds / 60 * prices.CONNECTION_MINUTE,
            "lambda": invocations * prices.INVOCATION
            + self.handler_seconds * LAMBDA_GIGABYTES * prices.GIGABYTE_SECOND,
            "table": self.units["read"] * prices.READ_UNIT + self.units["write"] * prices.WRITE_UNIT,
            "queue": self.requests["SendMessage"] * REQUESTS_OF_MESSAGE * prices.QUEUE_REQUEST,
            "logs": log_bytes / GIGABYTE * prices.LOG_GIGABYTE,
        }

    def _timed(self, handler: Handler) -> Handler:
        def run(event: dict[str, Any], context: Any) -> dict[str, Any]:
            begun = time.perf_counter()
            try:
                return handler(event, context)
            finally:
                with self._lock:
                    self.handler_seconds += time.perf_counter() - begun

        return run

    def _note(self, operation: str, answer: Mapping[str, Any], **_: Any) -> None:
        consumed = answer.get("ConsumedCapacity") or ()
        parts = [consumed] if isinstance(consumed, Mapping) else consumed
        units = sum(float(part.get("CapacityUnits", 0)) for part in parts)
        with self._lock:
            self.requests[operation] += 1
            if units:
                self.units["read" if operation in READS else "write"] += units
