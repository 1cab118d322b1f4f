"""A tiny signalling server that pairs everybody who joins, with the faults that a test wants."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

ROOT = Path(__file__).resolve().parents[3]
Relays = Callable[[str, int], dict[str, Any]]


def no_relays(room: str, member: int) -> dict[str, Any]:
    return {"iceServers": [], "relayOnly": False}


@dataclass
class Room:
    id: str
    members: tuple[str, str]

    def peer_of(self, person: str) -> str:
        return self.members[1 - self.members.index(person)]


def as_sent(person: str, data: dict[str, Any]) -> list[dict[str, Any]]:
    return [data]


def with_routes_apart(person: str, data: dict[str, Any]) -> list[dict[str, Any]]:
    """Send each description without its candidates and these after it, as pages do that never wait for any."""
    if "description" not in data:
        return [data]
    sdp = data["description"]["sdp"]
    fragment = re.findall(r"a=ice-ufrag:(\S+)", sdp)[0]
    routes = [
        {"candidate": line, "sdpMid": "0", "sdpMLineIndex": 0, "usernameFragment": fragment}
        for line in re.findall(r"a=(candidate:.*?)\r?\n", sdp)
    ]
    bare = {**data["description"], "sdp": re.sub(r"a=(candidate:.*|end-of-candidates)\r?\n", "", sdp)}
    return [{**data, "description": bare}, {"generation": data["generation"], "candidates": routes}]


@dataclass
class Faults:
    """The faults on the way of each signal: sent in other frames, lost, or late (and so overtaken by the next)."""

    rewrite: Callable[[str, dict[str, Any]], list[dict[str, Any]]] = as_sent
    drop: Callable[[str, dict[str, Any]], bool] = lambda person, data: False
    delay_seconds: Callable[[str, dict[str, Any]], float] = lambda person, data: 0.0


def addresses(signalling: Signalling) -> set[str]:
    """Every address in anything that either page said to the other."""
    text = str(signalling.heard)
    found = re.findall(r"candidate:\S+ \d \S+ \d+ (\S+) \d+ typ (\w+)(?: raddr (\S+))?", text)
    related = {f"related {address}" for *_, address in found if address}
    preferred = {f"preferred {address}" for address in re.findall(r"(?:c=|a=rtcp:\d+ )IN IP\d (\S+?)\\r", text)}
    return related | {f"{kind} {address}" for address, kind, _ in found} | (preferred - {"preferred 0.0.0.0"})


@dataclass
class Signalling:
    """Pairs people by name; the one who waited makes the first offer. Runs in its own thread."""

    port: int
    relays: Relays = no_relays
    faults: Faults = field(default_factory=Faults)
    rooms: dict[str, Room] = field(default_factory=dict)
    signals: Counter[tuple[str, str]] = field(default_factory=Counter)
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sockets: dict[str, web.WebSocketResponse] = {}
        self._waiting: list[str] = []
        self._current: dict[str, Room] = {}
        self._numbers = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def page(self, person: str, **options: str) -> str:
        query = "".join(f"&{name}={value}" for name, value in options.items())
        return f"{self.origin}/tests/call/harness/index.html?person={person}{query}"

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10), "the signalling server did not start"

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def reset(self) -> None:
        """Forget everybody: the next test starts in an empty place."""
        self.relays, self.faults = no_relays, Faults()
        self._run(self._reset())

    def cut(self, person: str) -> None:
        """End a person's socket without a closing handshake, as a lost network does."""
        self._run(self._cut(person))

    def frames(self, room: str, person: str) -> int:
        return self.signals[room, person]

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _reset(self) -> None:
        for person in list(self._sockets):
            await self._cut(person)
        self._waiting.clear()
        self._current.clear()
        self.rooms.clear()
        self.signals.clear()
        self.heard.clear()

    async def _cut(self, person: str) -> None:
        socket = self._sockets.pop(person, None)
        if socket is not None and socket._req is not None and socket._req.transport is not None:
            socket._req.transport.abort()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        application = web.Application()
        application.router.add_get("/ws", self._accept)
        application.router.add_static("/tests/call/harness", ROOT / "tests/call/harness")
        application.router.add_static("/frontend", ROOT / "frontend")
        runner = web.AppRunner(application)
        self._loop.run_until_complete(runner.setup())
        self._loop.run_until_complete(web.TCPSite(runner, "0.0.0.0", self.port, reuse_address=True).start())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())

    async def _accept(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=32 * 1024)
        await socket.prepare(request)
        person = request.query["person"]
        self._sockets[person] = socket
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._hear(person, json.loads(message.data))
        if self._sockets.get(person) is socket:
            del self._sockets[person]
        if person in self._waiting:
            self._waiting.remove(person)
        return socket

    async def _hear(self, person: str, frame: dict[str, Any]) -> None:
        match frame["action"]:
            case "join":
                await self._join(person)
            case "signal":
                await self._relay(person, frame)
            case "skip":
                await self._skip(person, frame)
            case "ping":
                await self._post(person, {"type": "pong"})

    async def _join(self, person: str) -> None:
        room = self._current.get(person)
        if room is not None:
            await self._post(person, self._paired(room, person, again=True))
            await self._post(room.peer_of(person), {"type": "peer_back", "room": room.id})
            return
        if person in self._waiting:
            return
        if not self._waiting:
            self._waiting.append(person)
            await self._post(person, {"type": "waiting"})
            return
        room = Room(f"room-{next(self._numbers)}", (self._waiting.pop(0), person))
        self.rooms[room.id] = room
        for member in room.members:
            self._current[member] = room
        for member in room.members:
            await self._post(member, self._paired(room, member, again=False))

    def _paired(self, room: Room, person: str, *, again: bool) -> dict[str, Any]:
        member = room.members.index(person)
        return {
            "type": "paired",
            "room": room.id,
            "polite": member == 1,
            "again": again,
            **self.relays(room.id, member),
        }

    async def _relay(self, person: str, frame: dict[str, Any]) -> None:
        room = self.rooms.get(frame["room"])
        if room is None or self._current.get(person) is not room:
            return
        self.signals[room.id, person] += 1
        self.heard.append((person, frame["data"]))
        for data in self.faults.rewrite(person, frame["data"]):
            if not self.faults.drop(person, data):
                await self._pass_on(room, person, data)

    async def _pass_on(self, room: Room, person: str, data: dict[str, Any]) -> None:
        event = {"type": "signal", "room": room.id, "data": data}
        delay = self.faults.delay_seconds(person, data)
        if delay:
            self._loop.call_later(delay, lambda: self._loop.create_task(self._post(room.peer_of(person), event)))
        else:
            await self._post(room.peer_of(person), event)

    async def _skip(self, person: str, frame: dict[str, Any]) -> None:
        room = self._current.get(person)
        if room is None or room.id != frame["room"]:
            return
        peer = room.peer_of(person)
        for member in room.members:
            self._current.pop(member, None)
        await self._post(peer, {"type": "peer_left", "room": room.id})
        await self._join(person)
        await self._join(peer)

    async def _post(self, person: str, event: dict[str, Any]) -> None:
        socket = self._sockets.get(person)
        if socket is not None and not socket.closed:
            with contextlib.suppress(ConnectionError):
                await socket.send_str(json.dumps(event))
