"""`python -m tests.bench.joins`: what 1,000 joins within a second cost Lambda, in processor time.

Handlers, storage, pynamodb, botocore, its signature, HTTP and its parsing are the deployed ones; each process has its
own memory of crowds and of paces. Time is virtual (tests/simulation/traffic.py), so as many handlers are under way at
once as on AWS, whatever this machine does meanwhile. Each request waits for its virtual answer and then really goes to
a server of this process, which has that answer ready. Counted is the time of the handlers' thread between its switches,
without what the simulation itself does in it; TLS is not in it.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import socket
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import greenlet

from functions.chat.aws import clients
from functions.chat.aws.sockets import Connections
from functions.chat.backend import Backend
from functions.chat.model.people import Connection
from functions.chat.runtime import telemetry
from functions.chat.runtime.leaky_bucket import Meter
from functions.chat.storage import models
from functions.chat.storage.table import Table
from infra.local.dynamodb.values import Item
from tests.simulation.program import Refusal
from tests.simulation.rates import percentile, waits
from tests.simulation.schedule import NOTHING, Operation
from tests.simulation.strands import perform
from tests.simulation.traffic import KEPT_SECONDS, Run, Traffic, Visitor
from tests.simulation.world import CLOCK, EPOCH, TABLE

PEOPLE, ADDRESSES = 1000, 100  # as tests/bench/crowd.py has them
JOINING_SECONDS = 1.0
SETTLING_SECONDS = 30.0
LOOKS = "looks"
HINTS = "hints read"
API = "com.amazonaws.dynamodb.v20120810#"
HEAD_END = b"\r\n\r\n"
NUMBER = "X-Number"  # of a request, which its answer is kept under


class Stopwatch:
    """The processor time of greenlets below the first one, without what is left out."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._main, self._since = greenlet.getcurrent(), 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count from now on."""
        greenlet.settrace(self._note)
        try:
            yield
        finally:
            greenlet.settrace(None)

    @contextmanager
    def left_out(self) -> Iterator[None]:
        """Do not count what a block does, which switches nowhere."""
        begun = time.thread_time()
        try:
            yield
        finally:
            self.seconds -= time.thread_time() - begun

    def _note(self, _event: str, places: tuple[Any, Any]) -> None:
        origin, target = places
        if origin is self._main:
            self._since = time.thread_time()
        elif target is self._main:
            self.seconds += time.thread_time() - self._since


class Answers:
    """A server that answers each request with what was laid ready under its invocation's id."""

    def __init__(self) -> None:
        self._ready: dict[bytes, bytes] = {}
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def lay_ready(self, number: bytes, status: HTTPStatus, body: bytes) -> None:
        head = (
            f"HTTP/1.1 {int(status)} {status.phrase}\r\nServer: Server\r\nContent-Type: application/x-amz-json-1.0\r\n"
            f"x-amzn-RequestId: {'A' * 52}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._ready[number] = head.encode() + body

    def _accept(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        begun = b""
        while received := connection.recv(65536):
            begun += received
            while (end := begun.find(HEAD_END)) >= 0:
                head = dict(line.lower().split(b": ", 1) for line in begun[:end].split(b"\r\n")[1:])
                whole = end + len(HEAD_END) + int(head.get(b"content-length", b"0"))
                if len(begun) < whole:
                    break
                begun = begun[whole:]
                connection.sendall(self._ready.pop(head[NUMBER.lower().encode()]))


class Lambdas(Traffic):
    """Traffic whose handlers have the deployed clients."""

    def __init__(self, answers: Answers, watch: Stopwatch, **choices: Any) -> None:
        super().__init__(**choices)
        self._answers, self._watch, self._numbers = answers, watch, count()
        self._dynamodb, self._management = clients.dynamodb(), clients.management()
        self._dynamodb.meta.events.register_first("before-send.dynamodb", self._ask_table, "simulated")
        self._management.meta.events.register_first("before-send.apigatewaymanagementapi", self._post, "simulated")

    def close(self) -> None:
        self._dynamodb.meta.events.unregister("before-send.dynamodb", unique_id="simulated")
        self._management.meta.events.unregister("before-send.apigatewaymanagementapi", unique_id="simulated")

    def connected(self, visitor: Visitor) -> Item:
        """Return what `$connect` writes of a newcomer, as large as that is."""
        number = int(visitor.name.removeprefix("visitor"))
        connection = Connection(
            visitor.name,
            visitor.name,
            device=f"d.{number:016}",
            device_token=f"{number:044}.k",
            address=f"a.k.{number % ADDRESSES:016}.{number % ADDRESSES:08}",
            checked_at=EPOCH,
            newcomer_since=EPOCH,
        )
        item: Item = models.connection_item(connection, int(EPOCH) + KEPT_SECONDS).serialize()
        return item

    def _new_process(self) -> Backend:
        process = super()._new_process()
        return replace(
            process,
            table=Table(self._dynamodb, TABLE, CLOCK),
            connections=Connections(self._management),
            meter=Meter(),
            has_switches=True,
        )

    def _answer(self, run: Run, operation: Operation, answer: Any) -> None:
        super()._answer(run, operation, (answer,))

    def _ask_table(self, request: Any, **_: object) -> None:
        with self._watch.left_out():
            operation = _text(request.headers["X-Amz-Target"]).partition(".")[2]
            asked = Operation("dynamodb", operation, json.loads(request.body), operation, NOTHING)
        (answer,) = perform(asked)
        with self._watch.left_out():
            if operation == "Query":
                self.calls[LOOKS] += 1
                self.calls[HINTS] += answer.get("Count", 0) if isinstance(answer, dict) else 0
            refused = isinstance(answer, Refusal)
            body = json.dumps(_words_of(answer) if isinstance(answer, Refusal) else answer).encode()
            self._lay_ready(request, HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK, body)

    def _post(self, request: Any, **_: object) -> None:
        with self._watch.left_out():
            connection = unquote(request.url.rpartition("/")[2])
            asked = Operation("post", connection, json.loads(request.body), "post", NOTHING)
        perform(asked)
        with self._watch.left_out():
            self._lay_ready(request, HTTPStatus.OK, b"")

    def _lay_ready(self, request: Any, status: HTTPStatus, body: bytes) -> None:
        number = str(next(self._numbers))
        request.headers[NUMBER] = number
        self._answers.lay_ready(number.encode(), status, body)


@dataclass(frozen=True)
class Figures:
    """The cost of a crowd."""

    people: int
    seconds: float
    calls: Counter[str]
    told: list[float]
    is_whole: bool


def measure(answers: Answers, people: int, **choices: Any) -> Figures:
    """Let so many people join within a second."""
    chance = random.Random("joins")
    joins = sorted(chance.uniform(0, JOINING_SECONDS) for _ in range(people))
    watch = Stopwatch()
    traffic = Lambdas(answers, watch, **choices)
    gc.collect()
    gc.freeze()
    try:
        with watch.running():
            traffic.run(joins, JOINING_SECONDS + SETTLING_SECONDS)
    finally:
        traffic.close()
        gc.unfreeze()
    rooms = Counter(room for each in traffic.visitors.values() for room in set(each.rooms))
    is_whole = len(rooms) * 2 == people and set(rooms.values()) == {2}
    told = waits(list(traffic.visitors.values()), lambda each: each.told_at)
    return Figures(people, watch.seconds, traffic.calls, told, is_whole)


def table(taken: Sequence[Figures]) -> list[str]:
    """Return the rows for people to read; calls are those of the last run, which is like all others."""
    last, each = taken[-1], [1000 * run.seconds / run.people for run in taken]
    calls = ", ".join(f"{name} {number / last.people:.2f}" for name, number in last.calls.most_common())
    return [
        f"processor of a join      {statistics.median(each):.2f} ms ({min(each):.2f} to {max(each):.2f})",
        f"each join has            {calls}",
        f"told, p50, p99, last     {', '.join(f'{percentile(last.told, at):.0f}' for at in (50, 99, 100))} ms",
        f"all in one room of two   {'yes' if last.is_whole else 'NO'}",
    ]


@contextmanager
def deployed() -> Iterator[Answers]:
    """Run the server, with the environment of a Lambda that reaches AWS there; what handlers print goes nowhere."""
    answers = Answers()
    environment = {
        "AWS_ENDPOINT_URL_DYNAMODB": answers.url,
        "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": f"{answers.url}/ws",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nobody",
        "AWS_SESSION_TOKEN": "t" * 800,
    }
    os.environ |= environment
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        telemetry.logger.registered_handler.stream = nowhere  # type: ignore[attr-defined]
        yield answers


def _words_of(refusal: Refusal) -> Mapping[str, Any]:
    reasons = {} if refusal.reasons is None else {"CancellationReasons": refusal.reasons}
    return {"__type": API + refusal.code, "message": refusal.message, "Message": refusal.message, **reasons}


def _text(header: str | bytes) -> str:
    return header.decode() if isinstance(header, bytes) else header


def main(arguments: Sequence[str]) -> int:
    """Run and print; the exit code is 0 when everybody was paired."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.joins", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=PEOPLE, help="an even number (default: %(default)s)")
    parser.add_argument("--shards", type=int, default=4, help="of the queue (default: %(default)s, as the stack has)")
    parser.add_argument("--rounds", type=int, default=3, help="(default: %(default)s)")
    options = parser.parse_args(arguments)
    with deployed() as answers:
        once: Callable[[int], Figures] = partial(measure, answers, queue_shards=options.shards, limits=False)
        once(options.people // 10)
        taken = [once(options.people) for _ in range(options.rounds)]
    print("\n".join(table(taken)))
    return 0 if all(each.is_whole for each in taken) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
