"""Where Lambda calls in: an event becomes a sender and a frame, a refusal becomes an `error` event.

A handler is an ordinary function of a caller (and its frame). `on_frame` and `on_event` make of it the entry point that
Lambda calls. An exception that is no refusal propagates: the platform then answers its own error frame, without detail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from functions.chat import backend as backends
from functions.chat.backend import Backend
from functions.chat.entry import limiter
from functions.chat.entry.limiter import Verdict
from functions.chat.protocol import errors, events, frames
from functions.chat.protocol.errors import Refusal
from functions.chat.protocol.frames import Frame
from functions.chat.runtime import telemetry
from functions.chat.storage.table import Busy
from functions.routes import BY_KEY

DONE = {"statusCode": 200}


class Entry(Protocol):
    """An entry point that Lambda calls; tests hand in a backend of their own."""

    def __call__(self, event: dict[str, Any], context: object, /, backend: Backend | None = None) -> dict[str, Any]:
        """Handle one event of API Gateway."""


class Caller(NamedTuple):
    """The socket that an event came from, the event, and the backend to handle it with."""

    connection_id: str
    event: dict[str, Any]
    backend: Backend

    @property
    def route_key(self) -> str:
        """The route that API Gateway selected."""
        return str(self.event["requestContext"]["routeKey"])

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request to connect, by their names in lower case."""
        return {name.lower(): value for name, value in (self.event.get("headers") or {}).items()}


def on_frame(frame_type: type[Frame]) -> Callable[[Callable[[Caller, Frame], None]], Entry]:
    """Make a route's entry point of a function that takes the caller and its checked frame."""

    def decorate(handle: Callable[[Caller, Frame], None]) -> Entry:
        def respond(caller: Caller) -> dict[str, Any]:
            handle(caller, frames.parse(frame_type, text_of(caller.event)))
            return DONE

        return on_event(respond)

    return decorate


def on_event(handle: Callable[[Caller], dict[str, Any]]) -> Entry:
    """Make a route's entry point of a function that takes the caller and returns API Gateway's response."""

    def entry(event: dict[str, Any], _context: object, /, backend: Backend | None = None) -> dict[str, Any]:
        chosen = backend or backends.default()
        caller = Caller(event["requestContext"]["connectionId"], event, chosen)
        with telemetry.collecting(chosen.settings.metrics_namespace):
            try:
                return handle(caller) if _passes(caller) else DONE
            except Refusal as invalid:
                refuse(caller, invalid)
            except Busy:
                refuse(caller, errors.busy())
        return DONE

    return entry


def refuse(caller: Caller, refusal: Refusal) -> None:
    """Tell the sender what was wrong with a frame. A sender whose socket is closed is not told."""
    telemetry.count(f"Refused_{refusal.code}")
    telemetry.tell("refused", connection=caller.connection_id, route=caller.route_key, reason=refusal.code)
    fields = {**frames.echo(text_of(caller.event)), **refusal.fields}
    caller.backend.connections.post(caller.connection_id, events.error(refusal.code, refusal.sentence, fields))


def _passes(caller: Caller) -> bool:
    """Tell whether a frame is to be handled. Raises when its sender is to be told that it is not."""
    rate = BY_KEY[caller.route_key].rate
    if rate is None:
        return True
    match limiter.judge(caller.backend, caller.connection_id, caller.route_key, rate):
        case Verdict.PASSES:
            return True
        case Verdict.REFUSED:
            raise errors.rate_limited()
        case Verdict.FLOODS:
            caller.backend.timers.cut_off_later(caller.connection_id)
    return False


def text_of(event: Mapping[str, Any]) -> str | None:
    """Return the frame's text; binary frames never carry one of ours."""
    return None if event.get("isBase64Encoded") else event.get("body")
