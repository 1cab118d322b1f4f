"""Lambda, as far as the handlers see it: each event in a thread of its own, with a context and a deadline."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from functions.routes import Handler
from infra.local.core.counters import Counters
from infra.local.core.events import Event
from infra.local.core.faults import Death, Dice
from infra.local.core.settings import Settings
from infra.local.core.workers import Workers

Answer = dict[str, Any]
FailureReport = Callable[[str, BaseException], None]

MEMORY_MEGABYTES = 512
ARN_PREFIX = "arn:aws:lambda:us-east-1:000000000000:function:"


class Failure(StrEnum):
    """API Gateway's own words for an invocation without an answer."""

    ERROR = "Internal server error"
    TIMEOUT = "Endpoint request timed out"


@dataclass
class LambdaContext:
    """The second argument of a handler (docs.aws.amazon.com, "Lambda context object in Python")."""

    function_name: str
    deadline: float
    function_version: str = "$LATEST"
    memory_limit_in_mb: str = str(MEMORY_MEGABYTES)
    log_stream_name: str = "local"
    identity: None = None
    client_context: None = None

    @cached_property
    def aws_request_id(self) -> str:
        return str(uuid.uuid4())

    @property
    def invoked_function_arn(self) -> str:
        return ARN_PREFIX + self.function_name

    @property
    def log_group_name(self) -> str:
        return f"/aws/lambda/{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        return max(0, round((self.deadline - time.monotonic()) * 1000))


Outcome = Answer | Failure | BaseException
Answered = asyncio.Future[Answer | Failure]


class Invoker:
    """Runs handlers and tells how they ended."""

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        settings: Settings,
        counters: Counters,
        dice: Dice,
        report: FailureReport,
    ) -> None:
        self._handlers = handlers
        self._seconds_max = settings.integration_seconds_max
        self._patience_seconds = settings.invocation_patience_seconds
        self._workers = Workers(settings.invocations_at_once_max, settings.invocations_eager_max)
        self._relief: asyncio.TimerHandle | None = None
        self._counters = counters
        self._dice = dice
        self._report = report

    def invoke(self, route_key: str, event: Event) -> Answered:
        """Run the route's handler with `event`; return its answer, or how it failed."""
        if self._dice.duplicates_invocation():
            self._counters.faults["duplicate_invocation"] += 1
            self._attempt(route_key, event)
        return self._attempt(route_key, event)

    def stop(self) -> None:
        """Begin no further handler."""
        self._workers.stop()

    def _attempt(self, route_key: str, event: Event) -> Answered:
        self._counters.invocations[route_key] += 1
        answered: Answered = asyncio.get_running_loop().create_future()
        death = self._dice.death()
        if death is not None:
            self._counters.faults["handler_death"] += 1
        if death is Death.BEFORE:
            answered.set_result(Failure.ERROR)
        else:
            self._run(route_key, event, answered, dies=death is Death.AFTER)
        return answered

    def _run(self, route_key: str, event: Event, answered: Answered, *, dies: bool) -> None:
        context = LambdaContext(f"passerby-{route_key.lstrip('$')}", time.monotonic() + self._seconds_max)

        def end(outcome: Outcome) -> None:
            timer.cancel()
            if not answered.done():  # done means that the time was up, or that nobody waits any more
                answer = self._judge(route_key, outcome)
                answered.set_result(Failure.ERROR if dies else answer)

        timer = asyncio.get_running_loop().call_later(self._seconds_max, end, Failure.TIMEOUT)
        self._start(self._handlers[route_key], event, context, end)

    def _judge(self, route_key: str, outcome: Outcome) -> Answer | Failure:
        if outcome is Failure.TIMEOUT:
            self._counters.timeouts[route_key] += 1
            return Failure.TIMEOUT
        if isinstance(outcome, BaseException):
            self._counters.errors[route_key] += 1
            self._report(route_key, outcome)
            return Failure.ERROR
        return outcome

    def _start(self, handler: Handler, event: Event, context: LambdaContext, end: Callable[[Outcome], None]) -> None:
        loop = asyncio.get_running_loop()
        text = json.dumps(event)  # Lambda passes text: nothing that JSON lacks gets through, in or out

        def call() -> None:
            if time.monotonic() >= context.deadline:
                return  # the call waited for a thread until its time was up: nobody waits for its answer
            outcome: Outcome
            try:
                outcome = json.loads(json.dumps(handler(json.loads(text), context)))
            except BaseException as problem:  # noqa: BLE001 - any exception of a handler, sys.exit too, is its failure
                outcome = problem
            with suppress(RuntimeError):  # the loop is closed: the gateway stopped before this handler did
                loop.call_soon_threadsafe(end, outcome)

        if not self._workers.submit(call) and self._relief is None:
            self._relief = loop.call_later(self._patience_seconds, self._relieve)

    def _relieve(self) -> None:
        """Look from time to time, while calls wait, whether those that run get on."""
        loop = asyncio.get_running_loop()
        still = self._workers.relieve()
        self._relief = loop.call_later(self._patience_seconds, self._relieve) if still else None
