"""A thousand people on one local gateway: all join within a second, all meet, talk, skip once and meet again.

`python -m tests.load.thousand_sockets` starts a gateway of its own and prints a table; `--url` takes a running one,
`--people` another number.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sys
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.conformance.person import ContractError, Person
from tests.conformance.world import World
from tests.gateway import Gateway
from tests.load.relay import Neighbourhood

PEOPLE = 1000
JOIN_SECONDS = 1.0
# Sockets that are opened at a time: a listening socket's backlog is finite, and opening is not what is measured.
OPENING_AT_ONCE = 50
PATIENCE_SECONDS = 180.0
# Both ends of each socket may be in this process's limit and in the gateway's; files and the table need a few more.
SPARE_FILES = 200


@dataclass
class Figures:
    """The measured figures; times are in seconds."""

    people: int
    to_open: float = 0.0
    to_pair: list[float] = field(default_factory=list)
    to_pair_again: list[float] = field(default_factory=list)
    to_deliver: list[float] = field(default_factory=list)
    lines: int = 0
    skips: int = 0
    forestalled_skips: int = 0
    errors: list[str] = field(default_factory=list)

    def table(self) -> str:
        """Return the figures for people to read."""
        rows = [
            ("people", f"{self.people}, all sockets open after {self.to_open:.1f} s"),
            ("join to paired", f"{_spread(self.to_pair)} ({len(self.to_pair)} people)"),
            ("skip to paired again", f"{_spread(self.to_pair_again)} ({len(self.to_pair_again)} people)"),
            ("line to peer", _spread(self.to_deliver)),
            ("lines delivered", f"{self.lines} of {2 * self.people}"),
            ("skips", f"{self.skips} ended a room, {self.forestalled_skips} came after the peer's"),
            ("errors", str(len(self.errors))),
        ]
        return "\n".join(f"{name:22}{value}" for name, value in rows) + "".join(
            f"\n  {each}" for each in self.errors[:10]
        )


def run(url: str, people: int = PEOPLE) -> Figures:
    """Let so many people meet on the server, on which nobody else may be."""
    allow_files(people + SPARE_FILES)
    return asyncio.run(_run(url, people))


async def _run(url: str, people: int) -> Figures:
    figures = Figures(people)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        world = World(url, http, patience_seconds=PATIENCE_SECONDS)
        try:
            await open_all(world, figures)
            figures.to_pair = await join_all(world, figures)
            await _talk(world, figures)
            figures.to_pair_again = await _skip(world, figures)
            await _talk(world, figures)
        except ContractError as error:
            figures.errors.append(str(error).splitlines()[0])
        figures.errors += world.audit()
        await world.close()
    return figures


async def open_all(world: World, figures: Figures, addresses: Neighbourhood | None = None) -> None:
    """Open everybody's socket, from many addresses if some are given."""
    started = time.monotonic()
    free = asyncio.Semaphore(OPENING_AT_ONCE)

    async def open_one(index: int) -> None:
        async with free:
            world.http = world.http if addresses is None else await addresses.next_session()
            await world.person(f"person {index}")

    await asyncio.gather(*(open_one(index) for index in range(figures.people)))
    figures.to_open = time.monotonic() - started


async def join_all(world: World, figures: Figures) -> list[float]:
    """Everybody joins, evenly over a second; return how long each waited for a room."""

    async def join(person: Person, delay_seconds: float) -> float:
        await asyncio.sleep(delay_seconds)
        started = time.monotonic()
        await person.join()
        await person.take_room()
        return time.monotonic() - started

    step = JOIN_SECONDS / len(world.people)
    return await _timed(figures, [join(person, index * step) for index, person in enumerate(world.people)])


async def _timed(figures: Figures, steps: list[Coroutine[Any, Any, float]]) -> list[float]:
    """Let everybody take a step at the same time; return how long it took whom it succeeded."""
    taken = await asyncio.gather(*steps, return_exceptions=True)
    failed = [each for each in taken if isinstance(each, BaseException)]
    figures.errors += [str(each).splitlines()[0] for each in failed]
    return [each for each in taken if not isinstance(each, BaseException)]


async def _talk(world: World, figures: Figures) -> None:
    """Everybody says a line into their room, and everybody hears their peer's."""

    async def say(speaker: Person, listener: Person) -> float:
        started = time.monotonic()
        line = await speaker.say()
        await listener.take("message", **line)
        return time.monotonic() - started

    pairs = _pairs(world.people)
    spoken = [say(*each) for one, other in pairs for each in ((one, other), (other, one))]
    delivered = await _timed(figures, spoken)
    figures.to_deliver += delivered
    figures.lines += len(delivered)


async def _skip(world: World, figures: Figures) -> list[float]:
    """Everybody skips once, evenly over a second; of the two in a room the later is told that it is stale."""

    async def skip(person: Person, delay_seconds: float) -> float:
        await asyncio.sleep(delay_seconds)
        started = time.monotonic()
        person.forget_room(before[person])
        await person.send("skip", room=before[person])
        await person.take_room()
        return time.monotonic() - started

    before = {person: str(person.room) for person in world.people}
    for person in world.people:
        person.tolerated_codes.add("stale_room")
    step = JOIN_SECONDS / len(world.people)
    again = await _timed(figures, [skip(person, index * step) for index, person in enumerate(world.people)])
    figures.forestalled_skips = sum(len(person.untaken("error")) for person in world.people)
    figures.skips = len(world.people) - figures.forestalled_skips
    return again


def _pairs(people: Sequence[Person]) -> list[tuple[Person, Person]]:
    rooms: dict[str, list[Person]] = {}
    for person in people:
        rooms.setdefault(str(person.room), []).append(person)
    wrong = {room: len(members) for room, members in rooms.items() if len(members) != 2}
    if wrong:
        raise ContractError(f"{len(wrong)} of {len(rooms)} rooms have not two members: {list(wrong.items())[:5]}")
    return [(members[0], members[1]) for members in rooms.values()]


def _spread(seconds: list[float]) -> str:
    if not seconds:
        return "nobody"
    ordered = sorted(seconds)
    median, late = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"p50 {median:.3f} s, p99 {late:.3f} s, max {ordered[-1]:.3f} s"


def allow_files(count: int) -> None:
    """Raise the limit of open files, for the gateway that is started later too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


def main() -> int:
    """Run and print; the exit code is 0 when everybody met, talked and met again."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=PEOPLE, help="an even number (default %(default)s)")
    parser.add_argument("--url", help="a WebSocket on which nobody else is (default: a gateway of our own)")
    asked = parser.parse_args()
    allow_files(asked.people + SPARE_FILES)
    gateway = Gateway()
    if not asked.url:
        gateway.start()
    try:
        figures = run(asked.url or gateway.websocket_url, asked.people)
    finally:
        gateway.stop()
    print(figures.table())
    return 1 if figures.errors else 0


if __name__ == "__main__":
    sys.exit(main())
