"""`python -m tests.bench.crowd`: a thousand people join the local product within a second, and what that takes.

Everything is real: the gateway of `make run`, its handlers and their clients, its database. Printed is how long people
wait for a room, what the processor worked for it in which process, and what was asked of the database. All promises are
checked: everybody is in exactly one room of two, and both of a room know it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import aiohttp

from tests.conformance.world import World
from tests.gateway import Gateway
from tests.load import thousand_sockets
from tests.load.relay import Neighbourhood, pair
from tests.load.thousand_sockets import Figures

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE_SECONDS = 120.0
WARMING_PAIRS = 5  # modules that load at their first use are loaded then
SETTLED_SECONDS = 0.2  # within which no handler worked
GATEWAY, DATABASE, HANDLERS = "the gateway", "its database", "the handlers' processes"


@dataclass(frozen=True)
class Moment:
    """The processor's time and the requests used so far."""

    processor_seconds: Mapping[str, float]
    requests: Counter[str]
    handler_seconds: float

    def since(self, before: Moment) -> Moment:
        used = {name: each - before.processor_seconds.get(name, 0.0) for name, each in self.processor_seconds.items()}
        return Moment(used, self.requests - before.requests, self.handler_seconds - before.handler_seconds)


def processor_seconds(pid: int) -> dict[str, float]:
    """Return what a gateway and its children have used, by what they are."""
    used = {GATEWAY: _used_by(pid)}
    for child in _children_of(pid):
        name = DATABASE if b"database" in Path(f"/proc/{child}/cmdline").read_bytes() else HANDLERS
        used[name] = used.get(name, 0.0) + _used_by(child)
    return used


def moment(gateway: Gateway) -> Moment:
    """Return what a gateway has used until now."""
    with urlopen(f"{gateway.url}/_local.json", timeout=30) as answer:
        told: dict[str, Any] = json.load(answer)
    return Moment(processor_seconds(pid_of(gateway)), Counter(told["requests"]), told["handler_seconds"])


def pid_of(gateway: Gateway) -> int:
    assert gateway._process is not None, "a gateway that was started has a process"
    return gateway._process.pid


async def measure(gateway: Gateway, people: int) -> tuple[Figures, Moment]:
    """Let so many people join within a second; return how long they waited and what was used."""
    figures = Figures(people)
    async with aiohttp.ClientSession() as http, Neighbourhood(gateway.websocket_url) as addresses:
        await pair(addresses, WARMING_PAIRS)
        world = World(gateway.websocket_url, http, patience_seconds=PATIENCE_SECONDS)
        await thousand_sockets.open_all(world, figures, addresses)
        await _quiet(gateway)
        before = await asyncio.to_thread(moment, gateway)
        figures.to_pair = await thousand_sockets.join_all(world, figures)
        await _quiet(gateway)
        used = (await asyncio.to_thread(moment, gateway)).since(before)
        figures.errors += world.audit()
        await world.close()
    return figures, used


def table(figures: Figures, used: Moment) -> list[tuple[str, str]]:
    """Return the rows for people to read."""
    waited = sorted(figures.to_pair) or [float("nan")]
    per_join = 1000 / figures.people
    rows = [
        ("from join to paired, p50", f"{waited[len(waited) // 2]:.2f} s"),
        ("the last one", f"{waited[-1]:.2f} s"),
        ("paired, promises broken", f"{len(figures.to_pair)} of {figures.people}, {len(figures.errors)}"),
    ]
    rows += [
        (f"processor of {name}", f"{each:.2f} s, {each * per_join:.2f} ms a join")
        for name, each in used.processor_seconds.items()
    ]
    total = sum(used.processor_seconds.values())
    rows.append(("processor, together", f"{total:.2f} s, {total * per_join:.2f} ms a join"))
    calls = ", ".join(f"{name} {count / figures.people:.2f}" for name, count in used.requests.most_common())
    rows.append(("requests a join", f"{sum(used.requests.values()) / figures.people:.2f} ({calls})"))
    return rows


async def _quiet(gateway: Gateway) -> None:
    """Wait until the gateway has nothing to do."""
    pid, last = pid_of(gateway), -1.0
    while (now := sum(processor_seconds(pid).values())) - last > SETTLED_SECONDS / 10:
        last = now
        await asyncio.sleep(SETTLED_SECONDS)


def _used_by(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS  # utime and stime (proc(5))


def _children_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def figures_of(people: int) -> tuple[list[tuple[str, str]], bool]:
    """Start a gateway, measure it, and return the rows and whether all promises were kept."""
    thousand_sockets.allow_files(people + thousand_sockets.SPARE_FILES)
    with Gateway() as gateway:
        figures, used = asyncio.run(measure(gateway, people))
    return table(figures, used), not figures.errors and len(figures.to_pair) == people


def main(arguments: Sequence[str]) -> int:
    """Run and print; the exit code is 0 when all promises were kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.crowd", description=__doc__)
    parser.add_argument("--people", type=int, default=thousand_sockets.PEOPLE, help="an even number (default: 1000)")
    rows, is_whole = figures_of(parser.parse_args(arguments).people)
    print("\n".join(f"{name:42} {figure}" for name, figure in rows))
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
