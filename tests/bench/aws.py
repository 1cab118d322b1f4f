"""`make bench-aws`: the same figures from a deployed site: cold and warm handlers, pairing, a line's way.

Needs credentials for the site's account; costs well under a cent. Where it was not run, docs/performance.md says "not
measured" and nothing else. Cold starts are made by writing a function's description anew, which ends its processes; no
other setting is touched. `--url` measures only pairing and lines, of any server that speaks the protocol.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

import aiohttp
import boto3

from functions.chat.entry.warm_up import NOBODY
from tests.gateway import REPOSITORY

ROUNDS = 10
LINES = 50
WAIT_SECONDS_MAX = 20.0
PAUSE_SECONDS = 0.1  # between lines: nobody is to run into a limit
TARGET = REPOSITORY / "build" / "bench" / "aws.md"
# A frame that is none, from a socket that nobody has: the handler reads nothing, and its one post finds nobody.
EVENT = {"requestContext": {"routeKey": "$default", "connectionId": NOBODY}, "body": "{}", "isBase64Encoded": False}
Rows = list[tuple[str, str]]


def outputs(stack: str) -> dict[str, str]:
    """Return what the stack says of itself."""
    (found,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}


def function_of(stack: str, route: str) -> str:
    """Return the name of a route's Lambda."""
    pages = boto3.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    names = [
        each["PhysicalResourceId"]
        for page in pages
        for each in page["StackResourceSummaries"]
        if each["ResourceType"] == "AWS::Lambda::Function"
    ]
    client = boto3.client("lambda")
    wanted = f"functions.handlers.{route}.handler"
    return next(name for name in names if client.get_function_configuration(FunctionName=name).get("Handler") == wanted)


def starts(stack: str) -> Rows:
    """Return how long a handler takes that has to start, and one that has not; as a caller in the Region sees it."""
    client, name = boto3.client("lambda"), function_of(stack, "default")
    configuration = client.get_function_configuration(FunctionName=name)
    description = configuration.get("Description", "")
    cold, warm = [], []
    for number in range(ROUNDS):
        client.update_function_configuration(FunctionName=name, Description=f"{description} ({number})")
        client.get_waiter("function_updated_v2").wait(FunctionName=name)
        cold.append(_invoke(client, name))
        warm += [_invoke(client, name) for _ in range(3)]
    client.update_function_configuration(FunctionName=name, Description=description)
    memory = configuration["MemorySize"]
    return [
        (f"an invocation that starts a process ({memory} MB)", _spread(cold)),
        ("an invocation of one that runs", _spread(warm)),
        ("so starting takes", f"{statistics.median(cold) - statistics.median(warm):.0f} ms"),
    ]


def _invoke(client: Any, name: str) -> float:
    begun = time.perf_counter()
    answer = client.invoke(FunctionName=name, Payload=json.dumps(EVENT))
    taken = (time.perf_counter() - begun) * 1000
    assert "FunctionError" not in answer, answer["Payload"].read()
    return taken


async def conversations(url: str) -> Rows:
    """Return how long a pairing and a line take."""
    pairing: list[float] = []
    lines: list[float] = []
    async with aiohttp.ClientSession() as session:
        for _ in range(ROUNDS):
            await _converse(session, url, pairing, lines)
    return [("join to paired, with somebody who waits", _spread(pairing)), ("a line's way", _spread(lines))]


async def _converse(session: aiohttp.ClientSession, url: str, pairing: list[float], lines: list[float]) -> None:
    # An interest that nobody else has keeps visitors out of it.
    wish = {"action": "join", "mode": "text", "interests": [f"bench {time.time_ns()}"[-32:]]}
    async with session.ws_connect(url) as waiter, session.ws_connect(url) as joiner:
        await waiter.send_json(wish)
        await _event(waiter, "waiting")
        begun = time.perf_counter()
        await joiner.send_json(wish)
        room = (await _event(joiner, "paired"))["room"]
        pairing.append((time.perf_counter() - begun) * 1000)
        await _event(waiter, "paired")
        for number in range(1, LINES // ROUNDS + 1):
            begun = time.perf_counter()
            await joiner.send_json({"action": "message", "room": room, "seq": number, "text": "hello"})
            await _event(waiter, "message")
            lines.append((time.perf_counter() - begun) * 1000)
            await asyncio.sleep(PAUSE_SECONDS)


async def _event(socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    while True:
        event: dict[str, Any] = await socket.receive_json(timeout=WAIT_SECONDS_MAX)
        assert event.get("type") not in (None, "error"), f"the server answered {event}"
        if event["type"] == kind:
            return event


def _spread(milliseconds: Sequence[float]) -> str:
    ordered = sorted(milliseconds)
    return f"median {statistics.median(ordered):.0f} ms, slowest of {len(ordered)}: {ordered[-1]:.0f} ms"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.aws", description=__doc__)
    parser.add_argument("--stack", default="Passerby", help="name of the CloudFormation stack (default: Passerby)")
    parser.add_argument("--url", help="a WebSocket instead of a stack: pairing and lines only")
    options = parser.parse_args(arguments)
    rows = [] if options.url else starts(options.stack)
    rows += asyncio.run(conversations(options.url or outputs(options.stack)["WebsocketUrl"]))
    lines = ["| what | figure |", "|---|---|", *(f"| {name} | {figure} |" for name, figure in rows)]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
