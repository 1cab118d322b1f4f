"""Warm: the processor time of a relayed line through the real handler, beside boto3's two calls for the same.

`make bench ARGS=warm` runs both in turn in one process against an AWS that answers at once (aws_stub.py), and
prints medians over rounds with the ratio taken inside each.
"""

from __future__ import annotations

import io
import json
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from typing import Any

import boto3

from functions.chat import backend as backends
from functions.chat.backend import SystemClock
from functions.handlers import relay
from infra.local.environment import applied
from tests.bench import aws_stub
from tests.bench.cold import environment_for

CALLS = 100  # in a round
NAIVE = "boto3: one GetItem, one post"
LINE = "a line, through the handler"
Act = Callable[[], object]


class Patience(SystemClock):
    """A clock by which nobody says two lines within a second, so that the guard counts and has nothing to object."""

    def __init__(self) -> None:
        self._seconds = time.time()

    def now(self) -> float:
        self._seconds += 1
        return self._seconds


def acts() -> dict[str, Act]:
    """Return what is compared."""
    table, sockets = boto3.client("dynamodb"), boto3.client("apigatewaymanagementapi")
    key = {"pk": {"S": f"room#{aws_stub.ROOM_ID}"}, "sk": {"S": "room"}}
    text = "hello there, how are you doing today?"
    data = json.dumps({"type": "message", "room": aws_stub.ROOM_ID, "seq": 1, "text": text}).encode()
    event = line_event(text)
    backend = replace(backends.default(), clock=Patience())

    def two_calls() -> None:
        table.get_item(TableName="passerby", Key=key, ConsistentRead=True)
        sockets.post_to_connection(ConnectionId=aws_stub.PEER, Data=data)

    return {NAIVE: two_calls, LINE: lambda: relay.handler(event, None, backend=backend)}


def line_event(text: str) -> dict[str, Any]:
    """Return a line as API Gateway hands it over."""
    body = json.dumps({"action": "message", "room": aws_stub.ROOM_ID, "seq": 1, "text": text})
    context = {"routeKey": "message", "connectionId": aws_stub.SENDER}
    return {"requestContext": context, "body": body, "isBase64Encoded": False}


def milliseconds(act: Act) -> float:
    begun = time.process_time()
    for _ in range(CALLS):
        act()
    return (time.process_time() - begun) / CALLS * 1000


def measure(rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of each round; a first one only fills caches."""
    taken: dict[str, list[float]] = {}
    with aws_stub.serving() as url, applied(environment_for(url)), redirect_stdout(io.StringIO()):
        chosen = acts()
        for number in range(rounds + 1):
            for name, act in chosen.items():
                each = milliseconds(act)
                if number:
                    taken.setdefault(name, []).append(each)
    return taken


def ratio(taken: Mapping[str, list[float]]) -> float:
    """Return the median over rounds of the line's time beside the two calls'."""
    return statistics.median(line / naive for line, naive in zip(taken[LINE], taken[NAIVE], strict=True))


def table(taken: Mapping[str, list[float]]) -> list[str]:
    """Return the lines of the table in Markdown."""
    rows = [f"| {name} | {statistics.median(each):.2f} |" for name, each in taken.items()]
    return ["| processor | ms |", "|---|---:|", *rows, f"| **ratio** | **{ratio(taken):.2f}** |"]
