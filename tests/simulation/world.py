"""The world around the handlers: a table, sockets, timers, a clock, and people with clients.

A world is plain data (what running handlers will do stands in the shared `Program`), so it can be forked at any moment.
A person is called "alice"; so is her first connection, and "alice~2" the one that continues it.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from functions.chat.aws.sockets import Connections
from functions.chat.backend import Backend
from functions.chat.model.people import Ban
from functions.chat.runtime.concurrency import Work, in_turn
from functions.chat.runtime.settings import Settings
from functions.chat.storage.table import Table as ProductTable
from functions.routes import BY_KEY, EXPIRY, ROUTES, Permissions, Route
from infra.local.dynamodb.operations import Database
from infra.local.dynamodb.values import Item
from tests.functions.entry_points import entry_point
from tests.simulation import sight
from tests.simulation.endpoints import ANY_ROUTE, Clock, DynamoDBClient, ManagementClient, Timers, close_socket
from tests.simulation.people import Person
from tests.simulation.platform import Change, Platform
from tests.simulation.program import Program, Refusal
from tests.simulation.schedule import EVERYTHING, NOTHING, Fault, Footprint, Move, Operation, intern
from tests.simulation.strands import Answered, side_by_side

TABLE = "passerby"
EPOCH = 1_800_000_000.0
ROUND_SECONDS = 10.0  # the page re-sends `join` at least that often while it searches
BAN_SECONDS = 86_400.0
PROBE_ROUNDS = 2  # and probes a room in which it has heard nothing for 20 s
SETTLING_ROUNDS_MAX = 20
QUIET_ROUNDS = 5  # longer than the grace of a lost connection with a probe after it, and than a rematch takes
HANDLERS = {route.key: entry_point(route) for route in (*ROUTES, EXPIRY) if route.module is not None}
REPEATABLE = frozenset({"join", "skip", "leave", "report", "resume"})
HEADERS = {"Host": "example.com", "Origin": "https://example.com"}
# The page was closed; the network died; a page was left that does not know whether it will be back.
CLEAN, UNCLEAN, PAGE_LEFT = 1001, 1006, 4001

ENDINGS = {CLEAN: "hangs up", UNCLEAN: "is cut off", PAGE_LEFT: "leaves its page"}

# Handlers draw and tell the time through these; what they see belongs to the invocation that runs.
CLOCK = Clock()
PROGRAM = Program()


def backend_for(
    queue_shards: int,
    chance: random.Random,
    meanwhile: Callable[[Work], AbstractContextManager[None]] = side_by_side,
    permissions: Permissions = ANY_ROUTE,
) -> Backend:
    """Return a backend whose every call is an operation, of a Lambda with these permissions."""
    table = ProductTable(DynamoDBClient(permissions), TABLE, CLOCK)
    settings = Settings(table_name=TABLE, queue_shards=queue_shards)
    return Backend(
        table=table,
        connections=Connections(ManagementClient(permissions)),
        clock=CLOCK,
        random=chance,
        settings=settings,
        parts={"timers": Timers(permissions), "meanwhile": meanwhile, **_keys(permissions)},
    )


def _keys(permissions: Permissions) -> dict[str, Any]:
    """Return the part that fails where a Lambda asks for the keys of pseudonyms and is not told where they are."""

    def refuse() -> None:
        raise AssertionError("the route's row in functions/routes.py does not let it know people")

    return {} if permissions.knows_people else {"keyring": refuse}


@dataclass
class World:
    """Everything there is. `seed` decides what handlers draw.

    Handlers do two things at once or, which has fewer states, one after the other.
    """

    seed: int = 0
    queue_shards: int = 1
    at_once: bool = True
    faults_left: int = 0
    allowed: frozenset[Fault] = frozenset(Fault)
    platform: Platform = field(default_factory=lambda: Platform(Database().create_table(TABLE), EPOCH))
    people: dict[str, Person] = field(default_factory=dict)
    running: dict[str, int] = field(default_factory=dict)
    repeatable: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = field(default_factory=dict)
    # The close codes that the platform has told, or will tell; and the connections that asked to continue a place.
    close_codes: dict[str, int] = field(default_factory=dict)
    resuming: frozenset[str] = frozenset()
    failures: list[tuple[str, BaseException]] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    moves_made: list[Move] = field(default_factory=list)
    faults_made: frozenset[Fault] = frozenset()
    started: int = 0
    # The memory of the checks.
    posts_checked: int = 0
    changes_checked: int = -1
    deleted: frozenset[str] = frozenset()
    reported: dict[str, tuple[frozenset[tuple[str, str]], frozenset[str]]] = field(default_factory=dict)
    connections_checked: dict[str, Item] = field(default_factory=dict)
    sights: dict[str, sight.Sight] = field(default_factory=dict)
    written_over: tuple[str, ...] = ()
    rooms_open: frozenset[str] = frozenset()

    def fork(
        self, change: Change | None = None, faults: int | None = None, allowed: frozenset[Fault] | None = None
    ) -> World:
        """Return a copy that lives on by itself."""
        return World(
            self.seed,
            self.queue_shards,
            self.at_once,
            self.faults_left if faults is None else faults,
            self.allowed if allowed is None else allowed,
            self.platform.fork(change),
            {name: person.fork() for name, person in self.people.items()},
            dict(self.running),
            dict(self.repeatable),
            dict(self.close_codes),
            self.resuming,
            list(self.failures),
            list(self.story),
            list(self.moves_made),
            self.faults_made,
            self.started,
            self.posts_checked,
            self.changes_checked,
            self.deleted,
            dict(self.reported),
            self.connections_checked,
            dict(self.sights),
            self.written_over,
            self.rooms_open,
        )

    # The actions of people and the platform

    def arrive(self, name: str) -> None:
        """Let somebody connect."""
        self.people[name] = Person(name, name)
        self.connect(name)

    def connect(self, connection: str) -> None:
        """Open a socket; the handler of `$connect` runs to its end."""
        self.platform.connect(connection)
        device = self.people[owner_of(connection)].device
        event = {"headers": HEADERS, "queryStringParameters": {"device": device} if device else {}}
        self.run(self.invoke(connection, "$connect", event, f"{connection} connects"))

    def send(self, name: str, frame: dict[str, Any]) -> str:
        """Let somebody's client send a frame; its handler starts, and stops before its first operation."""
        person = self.people[name]
        person.sent(frame)
        return self.invoke(
            person.connection, frame["action"], {"body": json.dumps(frame)}, f"{person.connection} {frame['action']}"
        )

    def hang_up(self, name: str, code: int = CLEAN) -> str:
        """Let a socket close at some moment from now on, and `$disconnect` run at some moment after that."""
        connection = self.people[name].connection
        label = self.label(f"{connection} {ENDINGS[code]}")
        handler = self.closing(connection, code, label)

        def close_and_notify() -> None:
            close_socket(connection)
            handler()

        return self.start(label, close_and_notify)

    def die(self, name: str) -> None:
        """Let a socket close of which the platform says nothing yet."""
        self.platform.open -= {self.people[name].connection}

    def notify(self, connection: str, code: int) -> str:
        """Let `$disconnect` run for a socket that is closed already, by either side."""
        label = self.label(f"{connection} is said to have closed with {code}")
        return self.start(label, self.closing(connection, code, label))

    def closing(self, connection: str, code: int, label: str) -> Callable[[], Any]:
        """Return the call of `$disconnect`, which may be repeated."""
        self.close_codes[connection] = code
        self.repeatable[label] = connection, "$disconnect", {}, {"disconnectStatusCode": code}
        return self.caller(connection, "$disconnect", {}, label, disconnectStatusCode=code)

    def come_back(self, name: str) -> str:
        """Let a client that lost its socket open another one and continue with its token."""
        self.reconnect(name)
        self.resuming |= {self.people[name].connection}
        return self.send(name, {"action": "resume", "token": self.people[name].token})

    def reconnect(self, name: str) -> None:
        """Let somebody open another socket."""
        person = self.people[name]
        person.connection = f"{name}~{len(self.platform.inboxes)}"
        person.heard = 0
        self.connect(person.connection)

    def lock_out(self, connection: str) -> str:
        """Let the ban of a connection's device begin, which was decided before: it is enforced now."""
        now = self.platform.now
        label, backend = self.label(f"a ban of {connection} is kept"), self.backend(f"a ban of {connection}", EXPIRY)
        ban = Ban("CASE", "spam", now, now + BAN_SECONDS)

        def keep() -> None:
            seen = backend().store.get_connection(connection)
            if seen is not None and seen.device is not None:
                backend().records.change(seen.device, lambda record: record.banned(ban, 1))

        self.run(self.start(label, keep, now))
        return self.fire(json.dumps({"ban": connection}))

    def fire(self, body: str) -> str:
        """Let the delay queue deliver a message; it keeps the message until the handler has ended well."""
        event = {"Records": [{"messageId": "1", "body": body}]}
        label = self.label(f"timer of {' '.join(word for each in json.loads(body).items() for word in each)}")
        backend, handler = self.backend(label, EXPIRY), HANDLERS[EXPIRY.key]
        self.platform.fired[label] = body
        return self.start(label, lambda: handler(event, None, backend()))

    def invoke(self, connection: str, key: str, event: dict[str, Any], label: str) -> str:
        """Let API Gateway call a route's handler."""
        label = self.label(label)
        self.start(label, self.caller(connection, key, event, label), event)
        if key in REPEATABLE:
            self.repeatable[label] = (connection, key, event, {})
        return label

    def start(self, label: str, call: Callable[[], Any], identity: object = None) -> str:
        """Start an invocation and let it run to its first operation."""
        key = (self.seed, self.queue_shards, self.at_once, label, json.dumps(identity))
        self.go_on(label, PROGRAM.begin(key, call, self.platform.now))
        return label

    def label(self, label: str) -> str:
        self.started += 1
        return f"{label} #{self.started}" if label in self.running or self.started > 1 else label

    def caller(self, connection: str, key: str, event: dict[str, Any], label: str, **more: Any) -> Callable[[], Any]:
        """Return the call of a handler with API Gateway's event and chance of its own."""
        assert BY_KEY[key].module is not None, f"{key} has no handler"
        context = {
            "connectionId": connection,
            "routeKey": key,
            "eventType": "MESSAGE",
            "requestId": label,
            "identity": {"sourceIp": address_of(owner_of(connection)), "userAgent": "simulation"},
            "domainName": "example.com",
            "stage": "ws",
            "apiId": "simulation",
            "requestTimeEpoch": 0,
            "connectedAt": 0,
            **more,
        }
        full = {"requestContext": context, "isBase64Encoded": False, **event}
        backend = self.backend(label, BY_KEY[key])
        return lambda: HANDLERS[key](full, None, backend())

    def backend(self, label: str, route: Route) -> Callable[[], Backend]:
        """Return what makes the backend of a route's invocation, each time with the same chance."""
        seed, shards, meanwhile = f"{self.seed} {label}", self.queue_shards, side_by_side if self.at_once else in_turn
        return lambda: backend_for(shards, random.Random(seed), meanwhile, route.permissions)

    # Moves

    def moves(self) -> list[Move]:
        """Return what may happen next, always in the same order."""
        strands = [(label, strand) for label in self.running for strand in range(len(self.waiting(label)))]
        moves = [Move(label, strand=strand) for label, strand in strands]
        if self.faults_left > 0:
            moves += [
                Move(label, fault, strand) for label, strand in strands for fault in self.faults_of(label, strand)
            ]
        return moves

    def faults_of(self, label: str, strand: int = 0) -> list[Fault]:
        """Return what can go wrong at an invocation's next operation."""
        faults = [fault for fault in self.pending(label, strand).faults if fault in self.allowed]
        if label in self.repeatable and Fault.TWICE in self.allowed and self.pending(label).kind != "close":
            faults.append(Fault.TWICE)
        # The whole handler dies, and is delivered twice.
        return [fault for fault in faults if strand == 0 or fault not in (Fault.DIES, Fault.TWICE)]

    def waiting(self, label: str) -> tuple[Operation, ...]:
        """Return the operations that an invocation waits for: one, or as many as it does at once."""
        operation = PROGRAM.next(self.running[label])
        assert isinstance(operation, Operation), f"{label} has ended"
        return operation.each

    def pending(self, label: str, strand: int = 0) -> Operation:
        """Return the operation that an invocation waits for."""
        return self.waiting(label)[strand]

    def footprint(self, move: Move) -> Footprint:
        """Return what a move touches."""
        if move.fault in (Fault.DIES, Fault.THROTTLED, Fault.CONFLICT, Fault.BUSY):
            return NOTHING
        return EVERYTHING if move.fault is Fault.TWICE else self.pending(move.actor, move.strand).footprint

    def make(self, move: Move) -> None:
        """Make one move, and keep it in the story."""
        self.moves_made.append(move)
        label, fault = move.actor, move.fault
        operation = self.pending(label, move.strand)
        is_one_of_several = operation is not PROGRAM.next(self.running[label])
        # A close is said once the socket is closed, and then perhaps twice.
        repeat = self.repeatable.get(label) if operation.kind == "close" else self.repeatable.pop(label, None)
        if fault is not None:
            self.faults_left -= 1
            self.faults_made |= {fault}
        if fault is Fault.DIES:
            del self.running[label]
            self.platform.end_timer(label, finished=False)
            self.story.append(f"{label}: dies before it {operation.sentence}")
            return
        if fault is Fault.TWICE:
            assert repeat is not None, f"{label} cannot be repeated"
            connection, key, event, more = repeat
            again = f"{label} again"
            self.start(again, self.caller(connection, key, event, again, **more), event)
            self.story.append(f"{label}: is delivered twice")
            return
        answer = self.perform(label, operation, fault)
        ending = f"  ({fault.value})" if fault else ""
        refused = f"  REFUSED: {answer.code}" if isinstance(answer, Refusal) else ""
        self.story.append(f"{label}: {operation.sentence}{ending}{refused}")
        told = Answered(move.strand, answer) if is_one_of_several else answer
        self.go_on(label, PROGRAM.answer(self.running[label], told, self.platform.now))

    def perform(self, label: str, operation: Operation, fault: Fault | None) -> Any:
        """Return the answer, and keep what the handler has seen of connections and what it wrote over unseen."""
        if operation.kind != "dynamodb" or operation.name in ("Query", "BatchWriteItem"):
            return self.platform.perform(operation, fault)
        before = self.sights.get(label, {})
        unseen = list(sight.unseen_changes(before, operation, self.platform.table))
        answer = self.platform.perform(operation, fault)
        if not isinstance(answer, Refusal):
            self.written_over += tuple(unseen)
            self.sights[label] = sight.own_writes(sight.read(before, operation, answer), operation, self.platform.table)
        return answer

    def go_on(self, label: str, history: int) -> None:
        """Keep where an invocation stands, or that it has ended."""
        following = PROGRAM.next(history)
        if isinstance(following, Operation):
            self.running[label] = history
            return
        self.running.pop(label, None)
        self.sights.pop(label, None)
        self.platform.end_timer(label, finished=following.failure is None)
        if following.failure is not None:
            self.failures.append((label, following.failure))

    def run(self, label: str) -> None:
        """Run one invocation to its end while all others stand still."""
        while label in self.running:
            self.make(Move(label))

    def run_all(self) -> None:
        """Run everybody to the end, one after another."""
        while self.running:
            self.run(next(iter(self.running)))

    # Settling

    def listen(self) -> None:
        """Let every client read what has arrived."""
        for person in self.people.values():
            person.listen(self.platform.inboxes[person.connection])

    def settle(self, check: Callable[[], None]) -> None:
        """Let faults stop and time pass; clients repeat `join` while they search and probe a room that is silent."""

        def check_situation() -> None:
            # Whole handlers ran since the last time: nothing can be said of single writes.
            self.connections_checked, self.rooms_open = {}, frozenset()
            check()

        self.faults_left = 0
        self.run_all()
        check_situation()
        self.let_time_pass(check_situation)
        # A `leave` has no answer. In case it was lost, a client that has stopped closes its socket after a minute.
        lingering = [person for person in self.present() if person.has_stopped] if self.faults_made else []
        for person in lingering:
            self.run(self.hang_up(person.name))
        if lingering:
            self.let_time_pass(check_situation)

    def let_time_pass(self, check: Callable[[], None]) -> None:
        """Go on in rounds until nothing changes any more."""
        quiet_rounds, before = 0, None
        for number in range(SETTLING_ROUNDS_MAX):
            self.platform.now += ROUND_SECONDS
            for body in self.platform.due():
                self.run(self.fire(body))
            self.listen()
            for person in self.people.values():
                for frame in (
                    person.repairs(number % PROBE_ROUNDS == 0) if person.connection in self.platform.open else ()
                ):
                    self.run(self.send(person.name, frame))
                    self.listen()
            check()
            after = self.situation()
            quiet_rounds = quiet_rounds + 1 if after == before else 0
            before = after
            if quiet_rounds == QUIET_ROUNDS:
                return

    def situation(self) -> Hashable:
        """Return where everybody is, without the time and the tokens."""
        names = ("ticket_id", "room_id", "closed_at", "lost_at")
        items = [(key, *(repr(item.get(name)) for name in names)) for key, item in self.platform.table.items.items()]
        return tuple(sorted(items)), tuple((person.phase, person.room) for person in self.people.values())

    # The state of the world

    def items(self, prefix: str) -> list[Item]:
        """Return the items whose partition key begins with `prefix`."""
        return [item for item in self.platform.table.items.values() if item["pk"]["S"].startswith(prefix)]

    def present(self) -> list[Person]:
        """Return the people whose socket is open."""
        return [person for person in self.people.values() if person.connection in self.platform.open]

    def state(self) -> int:
        """Return all that decides what can happen from here: equal states have equal futures."""
        return intern(
            (
                self.platform.state(),
                tuple(sorted(self.running.items())),
                self.faults_left,
                self.faults_made,
                tuple(sorted(self.repeatable)),
                tuple(sorted(self.close_codes.items())),
            )
        )


def address_of(name: str) -> str:
    """Return the address that somebody comes from, each of a network of its own (RFC 2544 keeps these for tests)."""
    return f"198.18.{zlib.crc32(name.encode()) % 250}.1"


def owner_of(connection: str) -> str:
    """Return the person behind a connection."""
    return connection.partition("~")[0]
