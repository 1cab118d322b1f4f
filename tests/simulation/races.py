"""`python -m tests.simulation.races`: the same races on a real DynamoDB server, with threads and real HTTP.

Sixteen people join at once, each handler in a thread of its own with the product's own client, round after round; then
all skip at once. DYNAMODB_URL names the server (DynamoDB Local, or AWS with the environment's credentials); without it
a MiniStack is started.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import ClientError

from functions.chat import storage as schema
from functions.chat.aws import clients, delay_queue
from functions.chat.aws.sockets import GONE, Connections
from functions.chat.backend import Backend, SystemClock
from functions.chat.conversation import departure
from functions.chat.model.people import Connection, Room
from functions.chat.runtime.settings import Settings
from functions.chat.storage.models import connection_from
from functions.chat.storage.rooms import room_from
from functions.chat.storage.table import Table
from tests.simulation.quiet import quiet
from tests.simulation.servers import running_dynamodb
from tests.simulation.world import HANDLERS, HEADERS

PEOPLE, ROUNDS = 16, 200
REPEATS_MAX = 20  # of `join` by waiters; each time at least one pair is made


class Sockets:
    """Where events go: each person's inbox, until their socket is closed."""

    def __init__(self) -> None:
        self.inboxes: dict[str, list[dict[str, Any]]] = {}
        self.closed: set[str] = set()

    def post_to_connection(self, ConnectionId: str, Data: bytes) -> None:  # noqa: N803 - boto3's names
        if ConnectionId in self.closed:
            raise ClientError({"Error": {"Code": GONE}}, "PostToConnection")
        self.inboxes.setdefault(ConnectionId, []).append(json.loads(Data))

    def delete_connection(self, ConnectionId: str) -> None:  # noqa: N803
        self.inboxes.pop(ConnectionId, None)

    def count(self, connection: str, kind: str) -> int:
        """Return how many events of a kind somebody was told."""
        return sum(event["type"] == kind for event in self.inboxes.get(connection, ()))


class Timers(delay_queue.Timers):
    """Connections and rooms to be looked at again, at the end of a round. The lists only grow until then."""

    def __init__(self) -> None:
        super().__init__(self._note)
        self.connections: list[str] = []

    def _note(self, work: dict[str, str], _seconds: int) -> None:
        """Note a socket that a post found closed; of a room that is looked at again who ended it told the peer."""
        self.connections += [work[name] for name in ("connection", "lost") if name in work]


@dataclass
class Race:
    """A table on a server, and who is there."""

    client: Any
    name: str
    sockets: Sockets = field(default_factory=Sockets)
    timers: Timers = field(default_factory=Timers)
    violations: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        rows = Table(self.client, self.name, SystemClock())
        self.backend = Backend(
            table=rows,
            connections=Connections(self.sockets),
            clock=SystemClock(),
            random=random.SystemRandom(),
            settings=Settings(table_name=self.name),
            parts={"timers": self.timers},
        )

    def run(self, rounds: int, pool: ThreadPoolExecutor) -> None:
        """Let sixteen new people come, join at once, skip at once and go, so many times."""
        for number in range(rounds):
            names = [f"round{number}person{index}" for index in range(PEOPLE)]
            together(pool, [self.call(name, "$connect") for name in names])
            self.join(pool, names)
            self.check(names, told=1)
            rooms = {name: self.connection(name).room_id for name in names}
            together(pool, [self.call(name, "skip", room=rooms[name]) for name in names])
            self.check_skipped(names)
            self.go(pool, names)
            self.check_empty()
            self.sockets.inboxes.clear()

    def join(self, pool: ThreadPoolExecutor, names: list[str]) -> None:
        """Let everybody join at once; those who are left waiting repeat it, as clients do."""
        waiting = names
        for _ in range(REPEATS_MAX):
            together(pool, [self.call(name, "join", mode="text") for name in waiting])
            waiting = [name for name in names if self.connection(name).ticket_id is not None]
            if not waiting:
                return

    def go(self, pool: ThreadPoolExecutor, names: list[str]) -> None:
        """Let everybody close their socket at once, and what that leaves be ended when its time is over."""
        assert not self.timers.connections, "nobody is lost before they go"
        together(pool, [self.close(name) for name in names])
        while self.timers.connections:
            departure.expire(self.backend, self.timers.connections.pop())

    def close(self, name: str) -> Callable[[], Any]:
        """Return the end of a socket: closed first, as on the platform, and then handled."""
        disconnect = self.call(name, "$disconnect")

        def close_and_handle() -> Any:
            self.sockets.closed.add(name)
            return disconnect()

        return close_and_handle

    def check(self, names: list[str], told: int) -> None:
        """Everybody is in one open room, with one other, and was told of it."""
        rooms = [self.room(self.connection(name)) for name in names]
        members = Counter(room.id for room in rooms if room is not None and room.is_open)
        if sorted(members.values()) != [2] * (len(names) // 2):
            self.violations.append(f"{names[0]}: the rooms have {sorted(members.values())} members")
        for name, room in zip(names, rooms, strict=True):
            if room is None or room.seat(name) is None or self.sockets.count(name, "paired") != told:
                self.violations.append(f"{name} is in {room}, told {self.sockets.count(name, 'paired')} times")

    def check_skipped(self, names: list[str]) -> None:
        """Of two who skip at once one ends the room; both search, and do not meet at once again."""
        for name in names:
            here, told = self.connection(name), self.sockets.count(name, "peer_left")
            room = self.room(here)
            stale = sum(event.get("code") == "stale_room" for event in self.sockets.inboxes[name])
            searching = here.ticket_id is not None or (room is not None and room.is_open)
            if not searching or told > 1 or told != stale:
                self.violations.append(f"{name} skipped: searching {searching}, told {told}, stale {stale}")

    def check_empty(self) -> None:
        """Nothing is left once all have gone but ended rooms, which expire: nobody left the queue while entering it."""
        left = self.client.scan(TableName=self.name, ConsistentRead=True)["Items"]
        kinds = Counter(item["pk"]["S"].partition("#")[0] for item in left)
        if kinds["connection"] or kinds["queue"] or any(schema.TTL_ATTRIBUTE not in item for item in left):
            self.violations.append(f"left behind: {dict(kinds)}")
        for item in left:
            self.client.delete_item(TableName=self.name, Key={"pk": item["pk"], "sk": item["sk"]})

    def call(self, name: str, key: str, **frame: Any) -> Callable[[], Any]:
        """Return the call of a handler as API Gateway makes it."""
        context = {"connectionId": name, "routeKey": key, "requestId": name, "disconnectStatusCode": 1000}
        event = {"requestContext": context, "isBase64Encoded": False, "headers": HEADERS}
        event["body"] = json.dumps({"action": key, **frame})
        return lambda: HANDLERS[key](event, None, self.backend)

    def connection(self, name: str) -> Connection:
        found = self._item(f"connection#{name}", "connection")
        assert found is not None, f"{name} is not in the table"
        return connection_from(found)

    def room(self, connection: Connection) -> Room | None:
        found = self._item(f"room#{connection.room_id}", "room") if connection.room_id else None
        return room_from(found) if found else None

    def _item(self, pk: str, sk: str) -> dict[str, Any] | None:
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        found: dict[str, Any] | None
        found = self.client.get_item(TableName=self.name, Key=key, ConsistentRead=True).get("Item")
        return found


def together(pool: ThreadPoolExecutor, calls: list[Callable[[], Any]]) -> None:
    """Run calls at once; what one of them raises is raised here."""
    for done in [pool.submit(call) for call in calls]:
        done.result()


@contextmanager
def race(endpoint: str) -> Iterator[Race]:
    """Yield a race on a table of its own, which is deleted afterwards."""
    secret = None if "AWS_ACCESS_KEY_ID" in os.environ else "x"
    region = os.environ.get("AWS_REGION", "us-east-1")
    session = boto3.Session(secret, secret, region_name=region)
    client, keys = session.client("dynamodb", endpoint_url=endpoint, config=clients.config()), session.get_credentials()
    assert keys is not None, "there are some that mean nothing"
    name = f"passerby-races-{uuid.uuid4().hex[:8]}"
    names = {schema.PARTITION_KEY: "HASH", schema.SORT_KEY: "RANGE"}
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": each, "KeyType": kind} for each, kind in names.items()],
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in names],
        BillingMode="PAY_PER_REQUEST",
    )
    client.get_waiter("table_exists").wait(TableName=name)
    try:
        yield Race(clients.shortened(client, keys), name)
    finally:
        client.delete_table(TableName=name)
        client.close()


def raced(rounds: int) -> list[str]:
    """Run so many rounds and return what went wrong."""
    with quiet(), running_dynamodb() as endpoint, race(endpoint) as run, ThreadPoolExecutor(PEOPLE) as pool:
        run.run(rounds, pool)
        return run.violations


def main() -> None:
    """Join and skip at once on a real DynamoDB server."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.races", description=main.__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=ROUNDS)
    rounds = parser.parse_args().rounds
    violations = raced(rounds)
    print(f"{rounds} rounds of {PEOPLE} people who join at once and skip at once: {len(violations)} violations")
    print("\n".join(violations[:20]))
    sys.exit(bool(violations))


if __name__ == "__main__":
    main()
