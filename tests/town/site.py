"""The server's side of the town: the real handlers, one after another, in virtual time.

Nothing runs at once here (tests/simulation explores that), so a handler is a plain call. Its posts are read when it has
ended. The delay queue and the sockets are AWS's as far as a client can tell: a closed socket answers 410.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from functions.chat.aws.delay_queue import Timers, into_queue
from functions.chat.aws.sockets import GONE, Connections
from functions.chat.backend import Backend
from functions.chat.runtime.leaky_bucket import Meter
from functions.chat.runtime.settings import Settings
from functions.routes import EXPIRY, ROUTES, select
from tests.functions.entry_points import entry_point
from tests.town.table import MemoryTable

HANDLERS = {route.key: entry_point(route) for route in (*ROUTES, EXPIRY) if route.module is not None}
EPOCH = 1_800_000_000.0
EXPIRED_SECONDS = 3600.0  # how often what has expired is deleted: DynamoDB does it within days
Event = dict[str, Any]
Listener = Callable[[Event], None]


class Clock:
    """Virtual time. Only one handler runs, so that one which sleeps lets the time of all pass."""

    def __init__(self) -> None:
        self.time = EPOCH

    def now(self) -> float:
        """Return the seconds since 1970."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.time += seconds


class Site:
    """One deployment."""

    def __init__(
        self,
        seed: str,
        later: Callable[[float, Callable[[], object]], None],
        make_table: Callable[[Clock], Any] = MemoryTable,
    ) -> None:
        self.clock = Clock()
        self.later = later
        self.table = make_table(self.clock)
        self.open: dict[str, Listener] = {}
        self.posted: list[tuple[Listener, Event]] = []
        self.calls: Counter[str] = Counter()
        self.swept_at = EPOCH
        self.connections_made = 0
        self.backend = Backend(
            table=self.table,
            connections=Connections(self),
            clock=self.clock,
            random=random.Random(f"site {seed}"),
            settings=Settings(table_name="town"),
            meter=Meter(),
            parts={"timers": Timers(into_queue(lambda: self, ""))},
        )

    # The actions of clients

    def connect(self, address: str, listener: Listener, query: dict[str, str]) -> tuple[int, str]:
        """Ask for a socket; return the status of the upgrade and the id of the connection."""
        self.connections_made += 1
        connection = f"{self.connections_made:x}="
        self.open[connection] = listener
        answer = self._call("$connect", connection, address, queryStringParameters=query, headers={})
        if answer["statusCode"] != 200:
            del self.open[connection]
        return answer["statusCode"], connection

    def send(self, connection: str, address: str, frame: Event) -> None:
        """Hand over a frame; one to a closed socket is lost."""
        if connection not in self.open:
            return
        route = select(frame.get("action"))
        if route.answer is not None:
            self.posted.append((self.open[connection], json.loads(route.answer)))
        else:
            self._call(route.key, connection, address, body=json.dumps(frame))

    def close(self, connection: str, address: str, code: int) -> None:
        """Close a socket from the client's side."""
        if self.open.pop(connection, None) is not None:
            self._call("$disconnect", connection, address, disconnectStatusCode=code)

    def _call(self, key: str, connection: str, address: str, **event: Any) -> Event:
        if self.clock.time - self.swept_at > EXPIRED_SECONDS:
            self.table.sweep()
            self.swept_at = self.clock.time
        self.calls[key] += 1
        context = {"connectionId": connection, "routeKey": key, "identity": {"sourceIp": address}}
        if "disconnectStatusCode" in event:
            context["disconnectStatusCode"] = event.pop("disconnectStatusCode")
        return HANDLERS[key]({"requestContext": context, "isBase64Encoded": False, **event}, None, self.backend)

    # The actions of handlers

    def post_to_connection(self, ConnectionId: str, Data: bytes) -> None:  # noqa: N803 - the SDK's names
        """Take an event for a client."""
        if ConnectionId not in self.open:
            raise ClientError({"Error": {"Code": GONE, "Message": "Gone"}}, "PostToConnection")
        self.posted.append((self.open[ConnectionId], json.loads(Data)))

    def delete_connection(self, ConnectionId: str) -> None:  # noqa: N803
        """Close a socket from the server's side; its client hears of it."""
        listener = self.open.pop(ConnectionId, None)
        if listener is not None:
            self.posted.append((listener, {"type": "socket closed", "connection": ConnectionId}))

    def get_connection(self, ConnectionId: str) -> Event:  # noqa: N803
        """Tell whether a socket is open."""
        if ConnectionId not in self.open:
            raise ClientError({"Error": {"Code": GONE, "Message": "Gone"}}, "GetConnection")
        return {"LastActiveAt": SimpleNamespace(timestamp=self.clock.now)}

    def send_message(self, QueueUrl: str, MessageBody: str, DelaySeconds: int) -> None:  # noqa: N803
        """Deliver a message of the delay queue when it is due."""
        assert 0 <= DelaySeconds <= 900, "Amazon SQS keeps a message back for 15 minutes at most"
        self.later(DelaySeconds, lambda: self._deliver(MessageBody))

    def _deliver(self, body: str) -> None:
        self.calls[EXPIRY.key] += 1
        event = {"Records": [{"messageId": "1", "body": body}]}
        HANDLERS[EXPIRY.key](event, None, self.backend)
