"""Lambda's start: all parts of an invocation are there before the first one, and nothing happens anywhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from functions.chat.entry.warm_up import NOBODY
from tests.functions.child import output_of
from tests.functions.endpoint import Endpoint, serving

LOADED = """
import gc, json, sys, time
begun = time.monotonic()
from {module} import handler
seconds = time.monotonic() - begun
print(json.dumps({{"collects": gc.isenabled(), "frozen": gc.get_freeze_count() > 0, "seconds": seconds}}))
"""

MODULES = """
import json, sys
import {module}
print(json.dumps(sorted(name for name in sys.modules if name.partition(".")[0] == "functions")))
"""


def load(route: str, url: str, **environment: str) -> dict[str, Any]:
    """Load a handler in a process of its own, as Lambda does, with AWS at `url`."""
    loaded: dict[str, Any] = started(route, LOADED, url, **environment)
    return loaded


def started(route: str, code: str, url: str, **environment: str) -> Any:
    """Run code about a handler in a process of its own, as Lambda starts it, and return what the code printed."""
    module = f"functions.handlers.{route}"
    variables = {
        "AWS_LAMBDA_FUNCTION_NAME": f"passerby-{route}",
        "_HANDLER": f"{module}.handler",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nobody",
        "AWS_ENDPOINT_URL_DYNAMODB": url,
        "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": url,
        "TABLE_NAME": "passerby",
        "IDENTITY_KEYS": "test:" + "00" * 32,
        **environment,
    }
    named = code.format(module=module)
    return json.loads(output_of(named, **variables).splitlines()[-1])


def asked(endpoint: Endpoint) -> list[tuple[str, str]]:
    return [(method, path) for method, path, _ in endpoint.requests]


TABLE_CALL = ("POST", "/")
SOCKET_CALL = ("DELETE", f"/@connections/{NOBODY}")


def test_both_connections_are_there_before_the_first_line():
    """A read that is of use, and the closing of a socket that nobody has; the collector works again afterwards."""
    with serving() as endpoint:
        endpoint.answer(NOBODY, 410, "GoneException")
        loaded = load("relay", endpoint.url)

    assert asked(endpoint) == [TABLE_CALL, SOCKET_CALL]
    assert (loaded["collects"], loaded["frozen"]) == (True, True)


@pytest.mark.parametrize("route", ["connect", "close"])
def test_a_lambda_that_may_not_speak_to_sockets_does_not(route: str):
    """Nobody can be told anything while they connect, and the budget's handler has nothing to say."""
    with serving() as endpoint:
        load(route, endpoint.url)

    assert asked(endpoint) == [TABLE_CALL]


def test_nothing_is_done_elsewhere():
    """A test, a script or the local gateway that imports a handler has it to itself."""
    with serving() as endpoint:
        loaded = load("relay", endpoint.url, AWS_LAMBDA_FUNCTION_NAME="")

    assert endpoint.requests == []
    assert (loaded["collects"], loaded["frozen"]) == (True, False)


def test_a_start_without_aws_is_a_start():
    """A part that fails then fails again where its client can be told."""
    loaded = load("relay", "http://127.0.0.1:9")

    assert loaded["seconds"] < 9


@pytest.mark.parametrize(("kind", "times"), [("snap-start", 2), ("on-demand", 1)])
def test_connections_are_made_again_after_a_snapshot(tmp_path: Path, kind: str, times: int):
    """None survives it; the runtime's own module says when it was restored."""
    (tmp_path / "snapshot_restore_py.py").write_text("def register_after_restore(hook):\n    hook()\n")
    with serving() as endpoint:
        load("relay", endpoint.url, AWS_LAMBDA_INITIALIZATION_TYPE=kind, PYTHONPATH=str(tmp_path))

    assert asked(endpoint).count(SOCKET_CALL) == times


def test_relaying_a_line_loads_thirty_three_of_our_modules_at_most_and_nothing_that_searches_or_ends():
    """As it starts on Lambda, packages and the start itself counted: these are the most frequent calls by far."""
    with serving() as endpoint:
        endpoint.answer(NOBODY, 410, "GoneException")
        loaded = started("relay", MODULES, endpoint.url)

    assert len(loaded) <= 33
    unused = ("conversation", "moderation", "presence", "ice")
    assert [name for name in loaded if name.startswith(tuple(f"functions.chat.{each}" for each in unused))] == []
