"""People around the real handlers: each has an inbox, time stands still, and every end of an event can be looked at.

The table is in memory and the frames travel in recorded events of API Gateway. The replacements of the outside are
here: sockets, timers and a clock of our own, as the handlers take them; nothing is patched.
"""

from __future__ import annotations

import base64
import copy
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from functions.chat.aws.delay_queue import Timers
from functions.chat.aws.sockets import Delivery
from functions.chat.backend import Backend
from functions.chat.protocol import events
from functions.chat.runtime.settings import Settings
from functions.chat.storage.table import Table
from functions.routes import BY_KEY, EXPIRY, select
from tests.functions.entry_points import entry_point
from tests.functions.tables import FaultyClient, Item, Key, MotoTable

RECORDED = Path(__file__).parents[1] / "events"
EVENTS = {kind: json.loads((RECORDED / f"{kind}.json").read_text()) for kind in ("connect", "message", "disconnect")}
# The contract says so for a client that closes by itself; 1006 is a socket that died.
CLEAN, DEAD = 1000, 1006
START = 1_800_000_000.0
Event = dict[str, Any]


class StillClock:
    """A clock that moves only when it is told to, or slept by."""

    def __init__(self) -> None:
        self.seconds = START
        self.naps: list[float] = []

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.seconds += seconds


class Sockets:
    """The sockets of everybody, and the events sent to them. Events are kept as the bytes say them."""

    def __init__(self) -> None:
        self.open: dict[str, list[Event]] = {}
        self.slow: set[str] = set()
        self.posted: list[tuple[str, str]] = []
        self.closed: list[str] = []

    def post(self, connection_id: str, event: Event) -> Delivery:
        data = json.loads(events.encode(event))
        if connection_id not in self.open:
            return Delivery.GONE
        if connection_id in self.slow:
            return Delivery.BUSY
        self.posted.append((connection_id, data["type"]))
        self.open[connection_id].append(data)
        return Delivery.ACCEPTED

    def close(self, connection_id: str) -> None:
        self.closed.append(connection_id)
        self.open.pop(connection_id, None)

    def last_used(self, connection_id: str) -> float | None:
        return START if connection_id in self.open else None


class Alarms(Timers):
    """The delay queue: its messages, and their delays in seconds."""

    def __init__(self, at_once: Callable[[dict[str, str]], object]) -> None:
        self.set: list[tuple[dict[str, str], int]] = []
        self.done: list[dict[str, str]] = []
        self._at_once = at_once
        super().__init__(self._take)

    def _take(self, work: dict[str, str], seconds: int) -> None:
        """Do at once the work that is not to wait."""
        if seconds:
            self.set.append((work, seconds))
        else:
            self.done.append(work)
            self._at_once(work)


class Person:
    """Somebody with a socket."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name = world, name
        self.id = f"{name}="  # API Gateway's ids end so too
        self.inbox: list[Event] = []
        self.heard = 0

    def send(self, action: str, **fields: Any) -> None:
        """Send a frame of the contract."""
        self.send_text(json.dumps({"action": action, **fields}))

    def send_text(self, body: str, *, binary: bool = False) -> None:
        """Send any frame; API Gateway selects the route."""
        assert self.id in self.world.sockets.open, f"{self.name} has no open socket"
        event = self.event("message")
        event["body"] = base64.b64encode(body.encode()).decode() if binary else body
        event["isBase64Encoded"] = binary
        key = "$default" if binary else select(_action_of(body)).key
        event["requestContext"]["routeKey"] = key
        assert self.world.call(key, event) == {"statusCode": 200}

    def frame(self, action: str, **fields: Any) -> Event:
        """Return a frame as it was under way, for a handler that takes it when its socket is closed."""
        event = self.event("message")
        event["body"] = json.dumps({"action": action, **fields})
        event["requestContext"]["routeKey"] = action
        return event

    def event(self, kind: str) -> Event:
        """Return a recorded event as if it came from this socket."""
        event: Event = copy.deepcopy(EVENTS[kind])
        event["requestContext"]["connectionId"] = self.id
        return event

    def join(self, mode: str = "text", **fields: Any) -> None:
        self.send("join", mode=mode, **fields)

    def die(self) -> None:
        """Lose the socket without anybody noticing."""
        self.world.sockets.open.pop(self.id, None)

    def disconnect(self, code: int = CLEAN, reason: str | None = None) -> None:
        """Close the socket, and have API Gateway say so."""
        self.die()
        event = self.event("disconnect")
        event["requestContext"]["disconnectStatusCode"] = code
        if reason is not None:
            event["requestContext"]["disconnectReason"] = reason
        assert self.world.call("$disconnect", event) == {"statusCode": 200}

    @property
    def room(self) -> str:
        """The room that this person was told of last."""
        return str(self.last("paired")["room"])

    @property
    def token(self) -> str:
        """The resume token that this person was told last."""
        return str(next(event["resume"] for event in reversed(self.inbox) if "resume" in event))

    @property
    def key(self) -> Key:
        """Where this person's connection stands in the table."""
        return f"connection#{self.id}", "connection"

    def last(self, kind: str) -> Event:
        return next(event for event in reversed(self.inbox) if event["type"] == kind)

    def news(self) -> list[Event]:
        """Return what came since the last time."""
        fresh, self.heard = self.inbox[self.heard :], len(self.inbox)
        return fresh


def with_parts(backend: Backend, **parts: Any) -> Backend:
    """Return a backend with other parts in place of those that are made when first used."""
    return replace(backend, parts={**backend.parts, **parts})


class World:
    """Everybody, and the backend that the handlers work with."""

    def __init__(self, table: MotoTable, **settings: Any) -> None:
        self.table = table
        self.clock, self.sockets, self.alarms = StillClock(), Sockets(), Alarms(self.deliver)
        self.people: list[Person] = []
        chosen = Settings(table_name=table.name, **settings)
        self.client = FaultyClient(table.client)
        reached = Table(self.client, chosen.table_name, self.clock)
        self.backend = Backend(
            table=reached,
            connections=self.sockets,  # type: ignore[arg-type]  # what handlers use of it
            clock=self.clock,
            random=random.Random(1),
            settings=chosen,
            parts={"timers": self.alarms},
        )

    def person(self, name: str) -> Person:
        """Connect somebody."""
        person = Person(self, name)
        self.people.append(person)
        assert self.call("$connect", person.event("connect")) == {"statusCode": 200}
        self.sockets.open[person.id] = person.inbox
        return person

    def pair(self, *names: str, mode: str = "text", **fields: Any) -> tuple[Person, Person]:
        """Connect two people who talk; the first one waited. The events of that are dropped."""
        waiter, joiner = (self.person(name) for name in names or ("Ada", "Bo"))
        waiter.join(mode, **fields)
        joiner.join(mode, **fields)
        assert waiter.room == joiner.room
        self.news()
        return waiter, joiner

    def call(self, route_key: str, event: Event) -> Any:
        """Have a route's handler take an event."""
        return entry_point(BY_KEY[route_key])(event, None, backend=self.backend)

    def ring(self) -> None:
        """Let the time pass that all alarms wait for, and have the delay queue deliver them."""
        due, self.alarms.set = self.alarms.set, []
        self.pass_time(max((seconds for _, seconds in due), default=0))
        self.deliver(*(work for work, _ in due))

    def deliver(self, *work: dict[str, str]) -> None:
        """Have the delay queue deliver messages, as Amazon SQS does."""
        records = [{"messageId": "1", "body": json.dumps(each), "eventSource": "aws:sqs"} for each in work]
        entry_point(EXPIRY)({"Records": records}, None, backend=self.backend)

    def pass_time(self, seconds: float) -> None:
        self.clock.seconds += seconds

    def items(self) -> dict[Key, Item]:
        return self.table.items()

    def news(self) -> dict[str, list[str]]:
        """Return the types of what came to everybody who was told anything since the last time."""
        fresh = {person.name: [event["type"] for event in person.news()] for person in self.people}
        return {name: kinds for name, kinds in fresh.items() if kinds}


def _action_of(body: str) -> Any:
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return frame.get("action") if isinstance(frame, dict) else None
