"""People around the real handlers and the real clients, whose requests are counted. Time stands still."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from typing import Any

from functions.chat.aws.delay_queue import Timers, into_queue
from functions.chat.aws.sockets import Connections
from functions.chat.ice.settings import relays_from
from functions.chat.runtime import telemetry
from functions.chat.runtime.leaky_bucket import Meter
from functions.chat.storage.presence import Online
from functions.chat.storage.table import Table
from tests.bench.recorder import QUEUE_URL, Call, Recorder
from tests.functions.tables import MotoTable
from tests.functions.world import World, with_parts

# Steps of a conversation are so far apart that each process has to read again all that it keeps for a while.
LONG_SECONDS = 11.0


@dataclass
class Invocation:
    """One run of a handler: the frame that it was for, and its requests in their order."""

    route_key: str
    frame_bytes: int
    calls: list[Call] = field(default_factory=list)
    log_bytes: int = 0

    @property
    def texts(self) -> list[str]:
        """Its requests as budgets name them; those made aside come first, as their moment is chance."""
        return [str(call) for call in sorted(self.calls, key=lambda call: not call.aside)]


class Stage(World):
    """A world of real clients."""

    def __init__(self, table: MotoTable, recorder: Recorder, environment: dict[str, str] | None = None) -> None:
        super().__init__(table)
        self.invocations: list[Invocation] = []
        self.recorder = recorder
        recorder.receive = self._receive
        self._environment = environment or {}
        self.start_process()

    def start_process(self) -> None:
        """Let the handlers run in another process from now on, which knows nothing yet."""
        reached = Table(self.recorder.dynamodb, self.table.name, self.clock)
        self.backend = replace(
            self.backend,
            table=reached,
            connections=Connections(self.recorder.management),
            meter=Meter(),
            has_switches=True,
            is_concurrent=True,
            parts={
                "timers": Timers(into_queue(lambda: self.recorder.queues, QUEUE_URL)),
                "relays": relays_from(self._environment, now=self.clock.now),
            },
        )

    def count_people(self) -> None:
        """Have people counted from now on, as where `online_threshold` is set."""
        reached = Table(self.recorder.dynamodb, self.table.name, self.clock)
        timers = Timers(into_queue(lambda: self.recorder.queues, QUEUE_URL))
        self.backend = with_parts(self.backend, online=Online(reached, timers.count_later, self.backend.random))

    def call(self, route_key: str, event: dict[str, Any]) -> Any:
        """Have a handler take an event, and note what it asked of AWS."""
        self.recorder.take()
        log = io.StringIO()
        handler = telemetry.logger.registered_handler
        assert isinstance(handler, logging.StreamHandler), "what prints"
        handler.stream = log
        with redirect_stdout(log):
            answer = super().call(route_key, event)
        frame = len((event.get("body") or "").encode())
        self.invocations.append(Invocation(route_key, frame, self.recorder.take(), len(log.getvalue().encode())))
        return answer

    def since(self, count: int) -> list[Invocation]:
        """Return the invocations after the first `count`."""
        return self.invocations[count:]

    @property
    def last(self) -> Invocation:
        """The last run of a handler."""
        return self.invocations[-1]

    def _receive(self, connection_id: str, data: bytes) -> int:
        """Take a post as API Gateway does."""
        inbox = self.sockets.open.get(connection_id)
        if inbox is None:
            return 410
        if data:
            inbox.append(json.loads(data))
        else:
            del self.sockets.open[connection_id]
        return 200


@contextmanager
def opened() -> Iterator[Callable[..., Stage]]:
    """Give what makes stages, each on a table of its own, all with the same clients."""
    recorder = Recorder()
    yield lambda environment=None: Stage(MotoTable(recorder.behind), recorder, environment)
