"""People in every state that a connection can be in, around the real handlers and an exact table in memory.

The town is built once; each frame is sent into a copy of it, so that a million of them cost minutes and none hides what
the one before has done.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from functions.chat.aws.delay_queue import Timers
from functions.chat.aws.sockets import Delivery
from functions.chat.backend import Backend
from functions.chat.model.people import Ban, GivenWarning
from functions.chat.moderation import bans
from functions.chat.protocol import events
from functions.chat.runtime.settings import Settings
from functions.chat.storage.table import Table
from functions.routes import BY_KEY, ROUTES, select
from infra.local.dynamodb.operations import Database
from infra.local.dynamodb.values import DatabaseError
from tests.functions.entry_points import entry_point

DAY = 86_400.0

TABLE = "passerby"
NOW = 1_800_000_000.0
HANDLERS = {route.key: entry_point(route) for route in ROUTES if route.module}
WISHES = ("idle", "waiting", "talking", "listening", "calling", "called", "left", "banned", "warned")


class Client:
    """A client that the store takes for botocore's."""

    meta = SimpleNamespace(region_name="us-east-1", events=SimpleNamespace())

    def __init__(self) -> None:
        self.database = Database()
        self.database.create_table(TABLE)

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> Any:
        try:
            return self.database.call(operation, {**request, "ReturnConsumedCapacity": "NONE"})
        except DatabaseError as error:
            response: Any = {"Error": {"Code": error.code, "Message": error.message}, "ResponseMetadata": {}}
            if error.reasons is not None:
                response["CancellationReasons"] = error.reasons
            raise ClientError(response, operation) from None


@dataclass
class Outcome:
    """The effect of a frame: the events that everybody was told, and whether anything was written."""

    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    has_written: bool = False


class Town:
    """Everybody, and the words that frames are made of: rooms, tokens and cases of one's own and of others."""

    def __init__(self) -> None:
        self.client = Client()
        self.outcome = Outcome()
        self.backend = self._backend()
        self._build()
        self._built = self.client.database.tables[TABLE].fork()

    def send(self, person: str, body: str) -> Outcome:
        """Let somebody send a frame into a copy of the town; return what it did. A handler's exception goes through."""
        table = self._built.fork()
        self.client.database.tables[TABLE] = table
        self.outcome = Outcome()
        changes = table.changes
        self._invoke(person, select(_action_of(body)).key, body)
        self.outcome.has_written = table.changes != changes
        return self.outcome

    def post(self, connection_id: str, event: dict[str, Any]) -> Delivery:
        self.outcome.told.append((connection_id, json.loads(events.encode(event))))
        return Delivery.ACCEPTED

    def close(self, connection_id: str) -> None:
        self.outcome.closed.append(connection_id)

    def _backend(self) -> Backend:
        table = Table(self.client, TABLE, SimpleNamespace(now=lambda: NOW, sleep=lambda _: None))
        return Backend(
            table=table,
            connections=self,  # type: ignore[arg-type]  # what handlers use of it
            clock=SimpleNamespace(now=lambda: NOW, sleep=lambda _: None),
            random=random.Random(1),
            settings=Settings(TABLE),
            parts={"timers": Timers(lambda work, seconds: None)},  # nobody is lost in this town for long enough
        )

    def _build(self) -> None:
        for number, name in enumerate((*WISHES, "ada", "bo")):
            self._invoke(name, "$connect", None, f"192.0.2.{number}")
        for one, other in (("talking", "listening"), ("calling", "called"), ("left", "ada"), ("banned", "bo")):
            mode = "video" if one == "calling" else "text"
            for name in (one, other):
                self._say(name, "join", mode=mode, interests=[f"{one} and {other}"])
        self.rooms = {name: self._last("room", name) for name in ("talking", "calling", "left", "banned")}
        self._say("left", "leave", room=self.rooms["left"])
        self._say("bo", "report", room=self.rooms["banned"], reason="underage")
        self._lock_out("banned")
        self._warn("warned")
        self._say("waiting", "join", mode="text", interests=["waiting"])
        self._say("ada", "leave")
        self.tokens = {name: self._last("resume", name) for name in ("talking", "waiting", "left", "calling")}
        self.case = self._last("case", "banned")

    def _lock_out(self, name: str) -> None:
        """Let the ban begin that enough reports come to."""
        connection = self.backend.store.get_connection(name)
        assert connection is not None and connection.device is not None
        ban = Ban(self._last("case", "bo"), "underage", NOW, NOW + DAY)
        self.backend.records.change(connection.device, lambda record: record.banned(ban, 1))
        bans.enforce(self.backend, name)

    def _warn(self, name: str) -> None:
        """Let somebody come again who has a warning to read."""
        connection = self.backend.store.close_connection(name)
        assert connection is not None and connection.device is not None and connection.device_token is not None
        given = GivenWarning(self._last("case", "bo"), "spam", NOW, NOW + DAY)
        self.backend.records.change(connection.device, lambda record: record.warned(given))
        self._invoke(name, "$connect", None, "192.0.2.200", {"device": connection.device_token})

    def _say(self, name: str, action: str, **fields: Any) -> None:
        self._invoke(name, action, json.dumps({"action": action, **fields}))

    def _last(self, field_name: str, name: str) -> str:
        return str(next(event[field_name] for who, event in reversed(self.outcome.told)
                        if who == name and field_name in event))  # fmt: skip

    def _invoke(
        self, person: str, key: str, body: str | None, address: str = "", query: dict[str, str] | None = None
    ) -> None:
        if BY_KEY[key].module is None:
            self.post(person, json.loads(str(BY_KEY[key].answer)))
            return
        context = {"connectionId": person, "routeKey": key, "identity": {"sourceIp": address}}
        event: dict[str, Any] = {"requestContext": context, "body": body, "isBase64Encoded": False, "headers": {}}
        event["queryStringParameters"] = query
        answer = HANDLERS[key](event, None, backend=self.backend)
        assert answer == {"statusCode": 200}, f"{key} answered {answer}"


def _action_of(body: str) -> object:
    """Return what API Gateway selects a route by."""
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return frame.get("action") if isinstance(frame, dict) else None
