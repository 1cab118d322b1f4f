"""The routes of the WebSocket API, once.

The infrastructure makes one Lambda, role, integration, permission and throttle of each row, the local gateway finds
its handlers here, and the documentation and the tests are checked against it. API Gateway selects a route by the
frame's `action` (`$request.body.action`); what is not JSON, has no `action` or names none of these goes to `$default`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

ROUTE_SELECTION_EXPRESSION = "$request.body.action"

# What the platform allows and nobody can raise (docs.aws.amazon.com, "Quotas for configuring and running a WebSocket
# API"). The local gateway keeps these limits, and protocol/fields.py stays inside them.
FRAME_BYTES_MAX = 32 * 1024
MESSAGE_BYTES_MAX = 128 * 1024
IDLE_SECONDS_MAX = 600
CONNECTION_SECONDS_MAX = 7200
INTEGRATION_SECONDS_MAX = 29
# What a handler gets before Lambda ends it. Its calls take 3 s at most when they hang (chat/clients.py) and 50 ms else,
# so one that is not done by then never will be; later handlers rely on its being dead.
HANDLER_SECONDS_MAX = 10

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class Throttle(NamedTuple):
    """Requests a second, and at once, that the stage accepts on a route from all clients together."""

    rate_per_second: int
    burst: int


# A line, a keystroke or a candidate is frequent and cheap; a search writes; a report is rare.
FREQUENT = Throttle(rate_per_second=4000, burst=2000)
SEARCHING = Throttle(rate_per_second=2000, burst=1000)
RARE = Throttle(rate_per_second=200, burst=100)


class Route(NamedTuple):
    """One route: who answers it and how often it may be called.

    `module` names the file in `functions/handlers` whose `handler` runs; it is None where the gateway answers by
    itself, with `answer`, without a Lambda.
    """

    key: str
    module: str | None
    throttle: Throttle
    answer: str | None = None

    @property
    def name(self) -> str:
        """The key in a form that file and resource names allow."""
        return self.key.lstrip("$")

    @property
    def handler_path(self) -> str:
        """What Lambda calls the handler, from the root of the asset."""
        assert self.module is not None, f"route {self.key} is answered by the gateway and has no handler"
        return f"functions.handlers.{self.module}.handler"

    def load_handler(self) -> Handler:
        """Import the handler's module and return its entry point."""
        module_path, _, name = self.handler_path.rpartition(".")
        handler: Handler = getattr(import_module(module_path), name)
        return handler


ROUTES: tuple[Route, ...] = (
    Route("$connect", "connect", SEARCHING),
    Route("$disconnect", "disconnect", SEARCHING),
    Route("$default", "default", FREQUENT),
    Route("join", "join", SEARCHING),
    Route("message", "message", FREQUENT),
    Route("ack", "ack", FREQUENT),
    Route("typing", "typing", FREQUENT),
    Route("signal", "signal", FREQUENT),
    Route("skip", "skip", SEARCHING),
    Route("leave", "leave", SEARCHING),
    Route("report", "report", RARE),
    Route("appeal", "appeal", RARE),
    Route("resume", "resume", SEARCHING),
    # The keep-alive carries nothing and changes nothing, so no Lambda is paid for it.
    Route("ping", None, FREQUENT, answer='{"type":"pong"}'),
)

# Not a route of the API: the delay queue calls it when the grace of a lost connection is over.
EXPIRY = Route("expire", "expire", RARE)
# Nor this: the month's budget calls it when it is used up.
CLOSING = Route("close", "close", RARE)

BY_KEY: dict[str, Route] = {route.key: route for route in ROUTES}
LIFECYCLE_KEYS = frozenset({"$connect", "$disconnect", "$default"})


def select(action: object) -> Route:
    """Return the route that API Gateway selects for a frame's `action`; `$default` when there is none."""
    if isinstance(action, str) and action not in LIFECYCLE_KEYS and action in BY_KEY:
        return BY_KEY[action]
    return BY_KEY["$default"]
