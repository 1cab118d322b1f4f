"""The routes of the WebSocket API, one row each.

The infrastructure makes one Lambda, role, integration and throttle of each row; the local gateway finds its handlers
here, the limiter its rates, the parser its fields; the AsyncAPI document, the sums of an attack and the documents are
read from it. docs/architecture.md says what a new one takes ("Add a relayed frame").

API Gateway selects a route by the frame's `action` (`$request.body.action`). A frame that is not JSON, has no `action`
or names none of these goes to `$default`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from functions.chat.model.rates import Rate
from functions.chat.protocol import frames

ROUTE_SELECTION_EXPRESSION = "$request.body.action"

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class Throttle(NamedTuple):
    """Requests a second, and at once, that the stage accepts on a route from all clients together."""

    rate_per_second: int
    burst: int
    floor: int = 1

    def at(self, percent: int) -> tuple[int, int]:
        """Return rate and burst at an operator's share of them; neither is less than the floor."""
        rate, burst = (max(self.floor, each * percent // 100) for each in (self.rate_per_second, self.burst))
        return rate, burst


# A line, a keystroke or a candidate is frequent and cheap; a search writes; a report is rare. At every share that an
# operator may choose, no single socket closes a route for all: each floor is twice what one socket may send on and on
# before it is cut off (limiter.py), which is 30 lines a second, and 11 searches or reports.
FREQUENT = Throttle(rate_per_second=4000, burst=2000, floor=60)
SEARCHING = Throttle(rate_per_second=2000, burst=1000, floor=25)
RARE = Throttle(rate_per_second=200, burst=100, floor=25)
# A person who looks at their own data, or complains from outside, can wait for seconds. No single socket closes these
# routes.
SELDOM = Throttle(rate_per_second=24, burst=24, floor=12)
# A flood of four sockets leaves room for reports, appeals and leaving.
SPEAKING_UP = RARE._replace(floor=50)
LEAVING = SEARCHING._replace(floor=50)


class Permissions(NamedTuple):
    """DynamoDB actions on the table, methods of the @connections API on the stage, actions on the delay queue.

    `items`: the beginnings of the table's keys that may be used; an empty set means all keys. `pairs`: may make a video
    room, and so may ask the relay's provider for credentials, where one is configured. `knows_people`: makes and reads
    the keys behind pseudonyms and the numbers of reports.
    """

    table: frozenset[str] = frozenset()
    connections: frozenset[str] = frozenset()
    queue: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    pairs: bool = False
    knows_people: bool = False


# Opening a connection looks bans up, writes the connection, and counts many from one address. The platform allows no
# message to a socket that is still connecting.
OPENING = Permissions(frozenset({"BatchGetItem", "GetItem", "PutItem", "UpdateItem"}), knows_people=True)
# Searching, talking and ending all may end in the same place: a peer's socket is gone, so the room is closed, tickets
# are deleted and the peer is put back into the queue; and a frame may be one too many, which closes its connection.
# Transactions are allowed by the actions that they contain.
_READING = {"GetItem", "BatchGetItem", "Query"}
_WRITING = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"}
TALKING = Permissions(
    frozenset(_READING | _WRITING), frozenset({"POST", "DELETE"}), frozenset({"SendMessage"}), pairs=True
)
# Relaying reads what strangers write, and most often. It marks a dead socket and counts frames, and has the delay queue
# do everything else: bans and cases are out of its reach.
RELAYING = Permissions(
    frozenset({"GetItem", "BatchGetItem", "PutItem", "UpdateItem", "BatchWriteItem"}),
    frozenset({"POST", "DELETE"}),
    frozenset({"SendMessage"}),
    items=frozenset({"connection", "pace", "queue", "room"}),
)
REPORTING = TALKING._replace(knows_people=True)
# The rights to see and erase the items of one device: none that name other people, the closed queues, or the cases that
# wait for the operator.
OWNING = Permissions(
    frozenset(_READING | {"PutItem", "UpdateItem", "DeleteItem"}),
    frozenset({"POST"}),
    frozenset({"SendMessage"}),
    items=frozenset({"case", "connection", "history", "online", "pace", "queue", "recent", "record", "room"}),
)
# A complaint is written, and listed for the operator; or one is read. Nobody is looked up by it.
COMPLAINING = Permissions(
    frozenset({"BatchWriteItem", "GetItem", "PutItem", "UpdateItem"}), frozenset({"POST"}), frozenset({"SendMessage"})
)
# Whether a used token counts again depends on whether its successor's socket is open (docs: GetConnection).
RESUMING = TALKING._replace(connections=TALKING.connections | {"GET"})
# The calls that Lambda's own reader of a queue makes with the function's role (docs: "Using Lambda with Amazon SQS").
RECEIVING = frozenset({"ReceiveMessage", "DeleteMessage", "GetQueueAttributes"})


class Route(NamedTuple):
    """One route: its handler, how often it may be called, and with what.

    `module` names the file in `functions/handlers` whose `handler` runs; it is None where the gateway answers by
    itself, with `answer`, without a Lambda. `rate` is that of one connection, `throttle` that of all. `work` names what
    one call costs at most (infra/reports/attack.py has the sums).
    """

    key: str
    module: str | None
    throttle: Throttle
    permissions: Permissions
    work: str
    rate: Rate | None = None
    frame: type[Any] | None = None
    answer: str | None = None

    @property
    def name(self) -> str:
        """The key in a form that file and resource names allow."""
        return self.key.lstrip("$")

    @property
    def handler_path(self) -> str:
        """The handler's name for Lambda, from the root of the asset."""
        assert self.module is not None, f"route {self.key} is answered by the gateway and has no handler"
        return f"functions.handlers.{self.module}.handler"

    def load_handler(self) -> Handler:
        """Import the handler's module and return its entry point."""
        module_path, _, name = self.handler_path.rpartition(".")
        handler: Handler = getattr(import_module(module_path), name)
        return handler


# A burst is for a client that repeats or catches up after a bad network; a rate is the pace of hands.
ROUTES: tuple[Route, ...] = (
    Route("$connect", "connect", SEARCHING, OPENING, "visit"),
    Route("$disconnect", "disconnect", SEARCHING, TALKING, "nothing"),
    # A frame that names no route; each is answered.
    Route("$default", "default", FREQUENT, TALKING, "refusal", Rate(burst=400, per_second=5)),
    # Repeated every 4 s while waiting.
    Route("join", "join", SEARCHING, TALKING, "meeting", Rate(burst=60, per_second=1), frames.Join),
    # A client may send a thousand lines that it kept while it was away.
    Route("message", "relay", FREQUENT, RELAYING, "relay", Rate(burst=1050, per_second=25), frames.Message),
    # One for each burst of the peer's lines.
    Route("ack", "relay", FREQUENT, RELAYING, "relay", Rate(burst=500, per_second=10), frames.Ack),
    # The page says it twice in twenty seconds.
    Route("typing", "relay", FREQUENT, RELAYING, "relay", Rate(burst=60, per_second=2), frames.Typing),
    # A call is 2 to 30 signals; with each candidate by itself, 100.
    Route("signal", "relay", FREQUENT, RELAYING, "relay", Rate(burst=200, per_second=10), frames.Signal),
    # Each costs a dozen writes; one that comes too late counts as well.
    Route("skip", "skip", SEARCHING, TALKING, "meeting", Rate(burst=300, per_second=1), frames.Skip),
    Route("leave", "leave", LEAVING, TALKING, "refusal", Rate(burst=60, per_second=1), frames.Leave),
    # The reports that count are bounded for each device and each network (chat/model/rates.py).
    Route("report", "report", SPEAKING_UP, REPORTING, "report", Rate(burst=100, per_second=0.1), frames.Report),
    # Only the first one of a case is kept.
    Route("appeal", "appeal", SPEAKING_UP, TALKING, "refusal", Rate(burst=100, per_second=0.1), frames.Appeal),
    # Ten cases with each: a person who erases all that may be listed asks sixty times.
    Route("mine", "mine", SELDOM, OWNING, "mine", Rate(burst=80, per_second=0.1), frames.Mine),
    # Of people who are no users; chat/model/rates.py bounds those of one address.
    Route("complain", "complain", SELDOM, COMPLAINING, "complaint", Rate(burst=20, per_second=0.1), frames.Complain),
    Route("resume", "resume", SEARCHING, RESUMING, "meeting", Rate(burst=100, per_second=0.5), frames.Resume),
    # The keep-alive carries nothing and changes nothing, so no Lambda is paid for it.
    Route("ping", None, FREQUENT, Permissions(), "ping", answer='{"type":"pong"}'),
)

# Not a route of the API: the delay queue calls it when the grace of a lost connection is over.
EXPIRY = Route(
    "expire",
    "expire",
    RARE,
    TALKING._replace(queue=TALKING.queue | RECEIVING, connections=TALKING.connections | {"GET"}),
    "nothing",
)
# Nor this: the month's budget calls it when it is used up.
CLOSING = Route("close", "close", RARE, Permissions(frozenset({"GetItem", "PutItem"})), "nothing")

# Nor this: a schedule calls it, once a day.
PUBLISHING = Route("publish", "publish", RARE, Permissions(frozenset({"BatchGetItem", "PutItem", "Query"})), "nothing")

BY_KEY: dict[str, Route] = {route.key: route for route in ROUTES}
LIFECYCLE_KEYS = frozenset({"$connect", "$disconnect", "$default"})
LAMBDAS: tuple[Route, ...] = (*(route for route in ROUTES if route.module), EXPIRY, CLOSING, PUBLISHING)


def select(action: object) -> Route:
    """Return the route that API Gateway selects for a frame's `action`; `$default` when there is none."""
    if isinstance(action, str) and action not in LIFECYCLE_KEYS and action in BY_KEY:
        return BY_KEY[action]
    return BY_KEY["$default"]
