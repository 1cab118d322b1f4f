"""The local gateway keeps the protocol: each case is a test."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.conformance import CASES, Options, Result, run_cases
from tests.gateway import REPOSITORY, Gateway

# The cases mostly wait for timers, so they are played together, once, when the first of them is asked for.
AT_ONCE = 6
# Patience costs nothing where an answer comes, and other suites keep the machine busy.
OPTIONS = Options(platform=True, alone=True, at_once=AT_ONCE, patience_seconds=40)
SECONDS_MAX = 400

pytestmark = pytest.mark.timeout(SECONDS_MAX)


@pytest.fixture(scope="module")
def results(gateway: Gateway, request: pytest.FixtureRequest) -> dict[str, Result]:
    """How every case went that this run has selected."""
    chosen = [
        str(item.callspec.params["name"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.module is request.module and "results" in item.fixturenames
    ]
    return {result.name: result for result in run_cases(gateway.websocket_url, OPTIONS, names=chosen)}


@pytest.mark.parametrize("name", CASES)
def test_the_local_gateway_keeps(name: str, results: dict[str, Result]) -> None:
    """The promise in the case's own docstring."""
    assert results[name].passed, f"{CASES[name].guarantee}\n  {results[name].failure}"


# A pair, errors that name their frame, errors that do not, an end, a report, and a search that goes on.
TWICE = (
    "the room of others is stale",
    "frames that name no route are refused",
    "leave ends the room and makes idle",
    "nobody reports a room that was not theirs",
)


def test_an_event_that_a_busy_platform_takes_twice_is_no_fault() -> None:
    """Its answer to each post is lost once, so the server posts everything again; the contract allows for that."""
    busy = replace(OPTIONS, is_busy=True)
    with Gateway(arguments=["--fault", "lose_post_answer=1"]) as gateway:
        results = run_cases(gateway.websocket_url, busy, names=TWICE)
        strict = run_cases(gateway.websocket_url, OPTIONS, names=TWICE[:1])

    assert {result.name: result.failure for result in results} == dict.fromkeys(TWICE, "")
    assert not strict[0].passed, "elsewhere an event that nothing explains is a fault"


def test_the_command_reports_each_case_and_exits_with_zero(gateway: Gateway) -> None:
    """An operator reads a line for each case and a summary, and a script the exit code."""
    done = _run(gateway.websocket_url, "--only", "ping is answered", "--origin", gateway.url)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "kept" in done.stdout.splitlines()[0]
    assert "1 of 1 kept" in done.stdout


def test_the_command_compares_the_page_with_its_list(gateway: Gateway) -> None:
    """Every file of it is the one whose hash stands there, and the start page names no other."""
    done = _run(gateway.websocket_url, "--only", "ping is answered", "--page", gateway.url)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "kept" in done.stdout.splitlines()[-1]


async def _play_before_a_mute_server() -> Result:
    """Play a case before a server that takes every frame and says nothing."""

    async def listen(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for _ in socket:
            pass
        return socket

    application = web.Application()
    application.router.add_get("/ws", listen)
    async with TestServer(application) as server:
        url = str(server.make_url("/ws")).replace("http", "ws", 1)
        options = Options(patience_seconds=0.3, only="skip ends the room for both")
        (result,) = await asyncio.to_thread(run_cases, url, options)
        return result


def test_a_case_that_fails_says_what_it_waited_for_with_the_frames_of_everybody() -> None:
    """So that a failure on a machine far away can be understood."""
    failure = asyncio.run(_play_before_a_mute_server()).failure

    assert "the waiter waited in vain for waiting" in failure
    assert "the waiter (waits for waiting" in failure
    assert 'sent     {"action":"join"' in failure


def test_the_command_exits_with_one_when_nothing_answers() -> None:
    """A server that is not there keeps nothing, and the command says so in a line."""
    done = _run("ws://127.0.0.1:9/ws", "--only", "ping")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [[], ["https://example.org"], ["ws://127.0.0.1:9/ws", "--only", "no such case"]])
def test_wrong_arguments_get_a_sentence(arguments: list[str]) -> None:
    """The sentence names the wrong argument, with exit code 2."""
    done = _run(*arguments)

    assert done.returncode == 2
    assert "error:" in done.stderr


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.conformance", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
