"""One visitor of a simulated day: a small client that follows the protocol, and keeps a diary.

It does what the page does for the server: `join` again while nobody comes, acknowledgements with what is sent anyway,
a new connection and `resume` when a socket dies. It shows nothing and sends nothing twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.conformance.contract import PRESENCE, RELAYED, faults
from tests.load.day_history import Diary, Search, Stay
from tests.load.day_plan import LINE_SECONDS, Plan

JOIN_AGAIN_SECONDS = 4.0
OPEN_SECONDS_MAX = 20.0
CANARY = "xqday"  # in every line: it may be found nowhere but at the peer's
AWAY_SECONDS = (0.5, 6.0)  # how long a bad network is gone
RELOADS_MAX = 5
FLOOD_FRAMES_MAX, FLOOD_PER_SECOND, FLOOD_AT_ONCE = 5000, 600, 20
FAILED_FRAME_SECONDS = 5.0  # around a frame that failed nothing is held against the server
SIGNALS = 6  # of a call's beginning, from each side

HOUSEHOLD = 3  # visitors behind one address

Clock = Callable[[], float]


def address_of(number: int, url: str) -> tuple[str, int] | None:
    """Return where a visitor comes from: on this machine from one of its addresses, which Linux has 16 million of."""
    house = number // HOUSEHOLD
    is_here = urlsplit(url).hostname == "127.0.0.1"
    return (f"127.{1 + house // 62_500}.{house // 250 % 250}.{1 + house % 250}", 0) if is_here else None


class Visitor:
    """Lives through one visit."""

    def __init__(self, plan: Plan, url: str, clock: Clock, seed: int) -> None:
        self.diary = Diary(f"v{plan.number}", plan.mode, plan.interests, plan.network)
        self.arrives_at = plan.arrives_at
        self._plan, self._url, self._clock = plan, url, clock
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(local_addr=address_of(plan.number, url)))
        self._chance = random.Random(f"{seed} {plan.number}")
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._token: str | None = None
        self._ticket: str | None = None
        self._lines = 0
        self._highest = 0
        self._asked_at: float | None = None
        self._again: asyncio.Task[None] | None = None

    @property
    def room(self) -> Stay | None:
        """The open room."""
        last = self.diary.stays[-1] if self.diary.stays else None
        return last if last is not None and last.ended is None else None

    @property
    def search(self) -> Search | None:
        """The search that goes on."""
        last = self.diary.searches[-1] if self.diary.searches else None
        return last if last is not None and last.ended is None else None

    async def live(self) -> None:
        """Come, meet people as planned, and go."""
        self.diary.arrived = self._clock()
        async with self._http:
            if not await self._connect():
                self.diary.gone = self._clock()
                return
            if self._plan.network == "flooding":
                await self._flood()
            else:
                await self._meet_people()
            await self._go()

    async def _meet_people(self) -> None:
        self._begin_search()
        await self._join()
        last = len(self._plan.talks) - 1
        for number, seconds in enumerate(self._plan.talks):
            if not await self._find():
                return
            await self._talk(seconds)
            if number == last:
                return
            if self.room is not None:
                await self._end_room()
        return

    async def _find(self) -> bool:
        """Wait for a room, as a patient client does; False when patience or the connection ended."""
        ends = self._clock() + self._plan.patience_seconds
        while self.room is None:
            if self._socket is None and not await self._come_back():
                return False
            if self._clock() > ends:
                return False
            if not await self._wait(min(JOIN_AGAIN_SECONDS, ends - self._clock() + 0.01)) and self.room is None:
                await self._join()
        return True

    async def _talk(self, seconds: float) -> None:
        """Say lines until the time is over, or the room; a bad network goes away in the middle."""
        room, ends = self.room, self._clock() + seconds
        breaks_at = self._clock() + seconds / 2 if self._plan.network in ("bad", "vanishing") else None
        if self._plan.mode == "video" and room is not None:
            for number in range(SIGNALS):
                await self._send("signal", room=room.room, data={"candidates": [{"number": number}]})
        while room is not None and room.ended is None and self._clock() < ends:
            if breaks_at is not None and self._clock() >= breaks_at:
                breaks_at = None
                self._abort()
                if self._plan.network == "vanishing" or not await self._come_back():
                    return
            if not await self._wait(min(self._chance.uniform(*LINE_SECONDS), max(ends - self._clock(), 0.01))):
                await self._say(room)

    async def _say(self, room: Stay) -> None:
        if room.ended is not None:
            return
        self._lines += 1
        text = f"{CANARY} {self.diary.name} {self._lines}"
        acknowledged = {"ack": self._highest} if self._highest else {}
        await self._send("typing", room=room.room, on=True)
        self.diary.said.append((self._clock(), room.room, self._lines, text))
        await self._send("message", room=room.room, seq=self._lines, text=text, **acknowledged)

    async def _end_room(self) -> None:
        room = self.room
        if room is None:
            return
        if self._plan.reports:
            self._leave_room("report")
            await self._send("report", room=room.room, reason="other")
            self._begin_search()
            await asyncio.sleep(1.0)
            await self._join()
        else:
            self._leave_room("skip")
            self._begin_search()
            await self._send("skip", room=room.room)

    async def _go(self) -> None:
        room = self.room
        if room is not None:
            self._leave_room("lost" if self._plan.network == "vanishing" else "leave")
        self._end_search(found=False)
        if self._socket is not None and not self._plan.closes:
            await self._send("leave")
            await asyncio.sleep(0.2)
        self.diary.gone = self._clock()
        if self._socket is not None:
            with contextlib.suppress(aiohttp.ClientError, ConnectionError):
                await self._socket.close()
        if self._reader is not None:
            self._reader.cancel()

    async def _flood(self) -> None:
        for number in range(FLOOD_FRAMES_MAX):
            if self._socket is None:
                return
            await self._send("typing", room="nowhere", on=bool(number % 2))
            if number % FLOOD_AT_ONCE == 0:
                await asyncio.sleep(FLOOD_AT_ONCE / FLOOD_PER_SECOND)

    # The connection

    async def _connect(self) -> bool:
        try:
            async with asyncio.timeout(OPEN_SECONDS_MAX):
                self._socket = await self._http.ws_connect(self._url)
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as problem:
            self.diary.refused.append((self._clock(), f"connect: {type(problem).__name__}"))
            return False
        self.diary.opened += 1
        self._reader = asyncio.create_task(self._read(self._socket))
        return True

    async def _come_back(self) -> bool:
        """Open another socket after a while, and continue what there was."""
        if self._plan.network == "flooding" or self.diary.opened > RELOADS_MAX:
            return False
        lost = next((number for number, (_, until) in enumerate(self.diary.troubles) if until == float("inf")), None)
        await asyncio.sleep(self._chance.uniform(*AWAY_SECONDS))
        if not await self._connect():
            return False
        if self._token is not None:
            await self._send("resume", token=self._token)
        else:
            await self._join()
        await self._wait(JOIN_AGAIN_SECONDS)
        if lost is not None:
            self.diary.troubles[lost] = (self.diary.troubles[lost][0], self._clock())
        return True

    def _abort(self) -> None:
        """Lose the socket as a dead network does: without a word."""
        if self._socket is None:
            return
        connection = self._socket._response.connection
        if connection is not None and connection.transport is not None:
            connection.transport.abort()
        self._lose()

    def _lose(self) -> None:
        if self._socket is not None:
            self._socket = None
            self.diary.troubles.append((self._clock(), float("inf")))
            self._changed.set()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is aiohttp.WSMsgType.TEXT:
                self.diary.frames_received += 1
                self.hear(json.loads(frame.data))
        if socket is self._socket:
            self._lose()

    async def _send(self, action: str, **fields: Any) -> None:
        if self._socket is None:
            return
        self.diary.frames_sent += 1
        try:
            await self._socket.send_str(json.dumps({"action": action, **fields}))
        except (aiohttp.ClientError, ConnectionError):
            self._lose()

    async def _join(self) -> None:
        interests = {"interests": list(self._plan.interests)} if self._plan.interests else {}
        if self._asked_at is None:
            self._asked_at = time.monotonic()
        widen = {"widen": True} if self.search is not None and self._clock() - self.search.began > 8 else {}
        await self._send("join", mode=self._plan.mode, **interests, **(widen if interests else {}))

    async def _wait(self, seconds: float) -> bool:
        """Wait for a change, but no longer; tell whether one came."""
        self._changed.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True

    # The events from the server

    def hear(self, event: dict[str, Any]) -> None:
        """Take one event of the server."""
        if "type" not in event:
            # The platform's own, of a frame that it did not deliver: the client's affair, as the contract says.
            self.diary.refused.append((self._clock(), f"platform: {event.get('message')}"))
            self.diary.troubles.append((self._clock() - FAILED_FRAME_SECONDS, self._clock() + FAILED_FRAME_SECONDS))
            return
        self.diary.strange += faults(event)
        kind, room = event.get("type"), event.get("room")
        if kind in RELAYED:
            self.diary.relayed.append((self._clock(), str(room)))
        self._token = event.get("resume", self._token)
        if kind in ("waiting", "paired") and self._asked_at is not None:
            self.diary.delays.append(time.monotonic() - self._asked_at)
            self._asked_at = None
        if kind == "paired":
            self._enter(event)
        elif kind == "waiting" and (self.room is None or event.get("ticket") != self._ticket):
            self._leave_room("peer_left")
            self._begin_search()
        elif kind == "message":
            self._highest = max(self._highest, event["seq"])
            self.diary.heard.append((self._clock(), event["room"], event["seq"], event["text"]))
        elif kind == "error":
            self._hear_error(event)
        elif kind in PRESENCE:
            self._hear_presence(event)

    def _enter(self, event: dict[str, Any]) -> None:
        if self.room is not None and self.room.room == event["room"]:
            self.diary.resumed += 1
            return
        if any(room == event["room"] for _, room in self.diary.told_left):
            return  # late: its peer left before it was sent
        if any(stay.room == event["room"] for stay in self.diary.stays):
            # Our skip was lost, and the room is open there: as the page does.
            self._again = asyncio.create_task(self._send("skip", room=event["room"]))
            return
        self._ticket = event.get("ticket")
        self._end_search(found=True)
        self._lines = self._highest = 0
        self.diary.stays.append(Stay(event["room"], self._clock()))
        self._changed.set()

    def _hear_presence(self, event: dict[str, Any]) -> None:
        if event["type"] == "peer_left":
            self.diary.told_left.append((self._clock(), event["room"]))
            if self.room is not None and self.room.room == event["room"]:
                self._leave_room("peer_left")
                self._begin_search()

    def _hear_error(self, event: dict[str, Any]) -> None:
        self.diary.refused.append((self._clock(), event["code"]))
        if event["code"] == "resume_failed":
            self._token = None
            if self.room is not None:
                self._leave_room("lost")
            self._begin_search()
            self._changed.set()

    def _begin_search(self) -> None:
        if self.search is None:
            self.diary.searches.append(Search(self._clock()))

    def _end_search(self, *, found: bool) -> None:
        search = self.search
        if search is not None:
            search.ended, search.found = self._clock(), found

    def _leave_room(self, by: str) -> None:
        room = self.room
        if room is not None:
            room.ended, room.ended_by = self._clock(), by
            self._changed.set()
