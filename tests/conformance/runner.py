"""Plays cases against a server, several at once, each with its own people."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass

import aiohttp

from tests.conformance import cases as _cases  # noqa: F401  (importing registers the cases)
from tests.conformance.registry import CASES, Case
from tests.conformance.world import World

# Cases mostly wait, so a few at once shorten the run; more would only make each other slow.
AT_ONCE = 4
# How long an answer is waited for: patience costs nothing where it comes, and machines are busy.
PATIENCE_SECONDS = 30.0
UNHURRIED_SECONDS = 10.0  # the patience for which the cases' own limits are meant
# The people of the cases before have closed their sockets. A server hears of the two of a room one after the other, and
# puts the second back in the queue meanwhile, where somebody who accepts anybody would meet them.
CLOSED_SECONDS = 2.0
FAULTS_SHOWN_MAX = 10
PEOPLE_SHOWN_MAX = 8  # the last who came to a case that failed


@dataclass(frozen=True, slots=True)
class Options:
    """How to reach the server and what may be asked of it."""

    origin: str | None = None
    insecure: bool = False
    platform: bool = False
    alone: bool = False
    only: str = ""
    at_once: int = AT_ONCE
    patience_seconds: float = PATIENCE_SECONDS
    is_busy: bool = False  # so that handlers may give up, and a client's next frame repairs what they left


@dataclass(frozen=True, slots=True)
class Result:
    """How a case went; `failure` is empty when the guarantee was kept."""

    name: str
    failure: str
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether the guarantee was kept."""
        return not self.failure


def select(options: Options, names: Iterable[str] | None = None) -> list[Case]:
    """Return the cases that these options allow."""
    wanted = CASES if names is None else set(names)
    return [
        case
        for case in CASES.values()
        if case.name in wanted
        and options.only in case.name
        and (options.platform or not case.platform)
        and (options.alone or not case.alone)
    ]


def run_cases(
    url: str,
    options: Options | None = None,
    names: Iterable[str] | None = None,
    report: Callable[[Result], None] = lambda result: None,
) -> list[Result]:
    """Play the cases against a `ws://` or `wss://` URL and return how each went, in the order of the cases.

    It has an event loop of its own, so it may be called from anywhere, a running loop included.
    """
    options = options or Options()
    playing = _play_all(url, select(options, names), options, report)
    if not _is_in_a_loop():
        return asyncio.run(playing)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="conformance") as thread:
        return thread.submit(asyncio.run, playing).result()


def _is_in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def _play_all(url: str, chosen: list[Case], options: Options, report: Callable[[Result], None]) -> list[Result]:
    free = asyncio.Semaphore(options.at_once)
    lobby = asyncio.Lock()
    connector = aiohttp.TCPConnector(limit=0, ssl=not options.insecure)

    @asynccontextmanager
    async def places(case: Case) -> AsyncIterator[None]:
        """Hold one place, or all of them: a person who accepts anybody would meet the people of any other case."""
        async with lobby if case.alone else nullcontext(), AsyncExitStack() as held:
            for _ in range(options.at_once if case.alone else 1):
                await held.enter_async_context(free)
            if case.alone:
                await asyncio.sleep(CLOSED_SECONDS)
            yield

    async def play_in_turn(case: Case) -> Result:
        async with places(case):
            result = await _play(case, url, http, options)
        report(result)
        return result

    # A proxy of the environment is used (WSS_PROXY): many networks have no other way out.
    async with aiohttp.ClientSession(connector=connector, trust_env=True) as http, asyncio.TaskGroup() as playing:
        # The longest first, or the run ends with one case waiting by itself.
        tasks = {case.name: playing.create_task(play_in_turn(case)) for case in sorted(chosen, key=_longest_first)}
    return [tasks[case.name].result() for case in chosen]


def _longest_first(case: Case) -> float:
    return -case.seconds_max


async def _play(case: Case, url: str, http: aiohttp.ClientSession, options: Options) -> Result:
    world = World(url, http, options.origin, options.insecure, options.patience_seconds, options.is_busy)
    seconds_max = case.seconds_max * max(1.0, options.patience_seconds / UNHURRIED_SECONDS)
    started = time.monotonic()
    failure = ""
    try:
        async with asyncio.timeout(seconds_max):
            await case.play(world)
        failure = _listed(world.audit())
    except TimeoutError:
        failure = f"not done within {seconds_max:g} s"
    except aiohttp.WSServerHandshakeError as refusal:
        failure = f"the WebSocket was refused with status {refusal.status} (is the Origin one that the server accepts?)"
    except (AssertionError, aiohttp.ClientError, OSError) as error:
        failure = _listed([str(error) or repr(error), *world.audit()])
    finally:
        if failure:
            failure = "\n  ".join([failure, *(person.story(started) for person in world.people[-PEOPLE_SHOWN_MAX:])])
        await world.close()
    return Result(case.name, failure, time.monotonic() - started)


def _listed(faults: list[str]) -> str:
    more = [f"and {len(faults) - FAULTS_SHOWN_MAX} more"] if len(faults) > FAULTS_SHOWN_MAX else []
    return "\n  ".join([*faults[:FAULTS_SHOWN_MAX], *more])
