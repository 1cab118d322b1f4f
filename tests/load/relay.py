"""How fast the local gateway relays lines through the real handlers and clients, and what an idle socket costs.

`make bench ARGS=gateway` prints the table. CPU is the gateway's alone (its database and this script run beside it);
where the machine is busy with other things, believe the CPU and not the clock.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.gateway import Gateway

TEXT = "x" * 40
WAIT_SECONDS_MAX = 30.0
SOCKETS_OF_ADDRESS = 10
KILOBYTE = 1024


@dataclass
class Talker:
    """One half of a room that is open."""

    socket: aiohttp.ClientWebSocketResponse
    room: str
    sequence: int = 0

    async def say(self) -> None:
        self.sequence += 1
        frame = {"action": "message", "room": self.room, "seq": self.sequence, "text": TEXT}
        await self.socket.send_str(json.dumps(frame))

    async def hear(self) -> int:
        """Return the number of the peer's next line."""
        while (line := await event(self.socket))["type"] != "message":
            pass
        return int(str(line["seq"]))


@dataclass(frozen=True)
class Cost:
    """The processor's time and the memory that the gateway's process uses by now."""

    cpu_seconds: float
    resident_kilobytes: int


def cost_of(pid: int) -> Cost:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])  # utime and stime (proc(5))
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return Cost(ticks / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGESIZE") // KILOBYTE)


def pin(pid: int, core: int) -> None:
    """Keep a process, and the threads that it will start, on one core."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), {core})


async def event(socket: aiohttp.ClientWebSocketResponse) -> dict[str, object]:
    received: dict[str, object] = await socket.receive_json(timeout=WAIT_SECONDS_MAX)
    assert received.get("type") not in (None, "error"), f"the gateway answered {received}"
    return received


class Neighbourhood(AsyncExitStack):
    """Opens sockets from many addresses of this machine, so that no rate of one address is crossed."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._opened = 0
        self._session: aiohttp.ClientSession | None = None

    async def connect(self) -> aiohttp.ClientWebSocketResponse:
        """Open a socket from the next flat."""
        return await (await self.next_session()).ws_connect(self._url)

    async def next_session(self) -> aiohttp.ClientSession:
        """Return the session of the next person's address."""
        house, flat = divmod(self._opened, SOCKETS_OF_ADDRESS)
        if flat == 0 or self._session is None:
            # Linux owns all of 127.0.0.0/8.
            connector = aiohttp.TCPConnector(limit=0, local_addr=(f"127.0.{1 + house // 250}.{1 + house % 250}", 0))
            self._session = await self.enter_async_context(aiohttp.ClientSession(connector=connector))
        self._opened += 1
        return self._session


async def pair(neighbourhood: Neighbourhood, count: int) -> list[tuple[Talker, Talker]]:
    """Open `count` rooms."""
    pairs = []
    for _ in range(count):
        sockets = [await neighbourhood.connect() for _ in range(2)]
        talkers = []
        for socket in sockets:
            await socket.send_str('{"action":"join","mode":"text"}')
        for socket in sockets:
            while (found := await event(socket))["type"] != "paired":
                pass
            talkers.append(Talker(socket, str(found["room"])))
        pairs.append((talkers[0], talkers[1]))
    return pairs


async def closed_loop(pairs: list[tuple[Talker, Talker]], seconds: float) -> int:
    """Keep one line in flight for each pair, back and forth; return how many arrived."""
    ends = time.perf_counter() + seconds
    lines = 0

    async def talk(one: Talker, two: Talker) -> None:
        nonlocal lines
        while time.perf_counter() < ends:
            await one.say()
            await two.hear()
            lines += 1
            one, two = two, one

    await asyncio.gather(*(talk(one, two) for one, two in pairs))
    return lines


async def open_loop(pairs: list[tuple[Talker, Talker]], seconds: float, rate: float) -> list[float]:
    """Say `rate` lines a second in turn, even if the answers are slow; return how long each took, in milliseconds."""
    rounds = int(seconds * rate / len(pairs))
    begun: dict[tuple[str, int], float] = {}
    taken: list[float] = []

    async def hear_all(listener: Talker) -> None:
        for _ in range(rounds):
            line = await listener.hear()
            taken.append((time.perf_counter() - begun[listener.room, line]) * 1000)

    listening = asyncio.gather(*(hear_all(two) for _, two in pairs))
    start = time.perf_counter()
    for number in range(rounds * len(pairs)):
        await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
        one = pairs[number % len(pairs)][0]
        begun[one.room, one.sequence + 1] = time.perf_counter()
        await one.say()
    await listening
    return taken


async def measure(gateway: Gateway, pid: int, options: argparse.Namespace) -> list[tuple[str, str]]:
    """Return the table's rows."""
    if options.core is not None:
        pin(pid, options.core)
    async with Neighbourhood(gateway.websocket_url) as neighbourhood:
        pairs = await pair(neighbourhood, options.pairs)
        await closed_loop(pairs, 1.0)  # connections of the clients, caches
        before, begun = cost_of(pid), time.perf_counter()
        lines = await closed_loop(pairs, options.seconds)
        elapsed, after = time.perf_counter() - begun, cost_of(pid)
        cpu_milliseconds = (after.cpu_seconds - before.cpu_seconds) * 1000 / lines
        taken = sorted(await open_loop(pairs, options.seconds, options.rate))
        base = cost_of(pid)
        idle = [await neighbourhood.connect() for _ in range(options.sockets)]
        full = cost_of(pid)
        per_socket = (full.resident_kilobytes - base.resident_kilobytes) / len(idle)
        await asyncio.gather(*(socket.close() for socket in idle))
    return [
        (f"closed loop, {options.pairs} pairs", f"{lines / elapsed:.0f} lines/s"),
        ("CPU of the gateway", f"{cpu_milliseconds:.2f} ms a line, so {1000 / cpu_milliseconds:.0f} lines/s a core"),
        (
            f"at {options.rate:.0f} lines/s",
            f"p50 {statistics.median(taken):.2f} ms, p99 {taken[len(taken) * 99 // 100]:.2f} ms",
        ),
        (f"memory of {len(idle)} idle sockets", f"{per_socket:.1f} KB each"),
    ]
