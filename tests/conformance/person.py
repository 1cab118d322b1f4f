"""One person at the other end of a WebSocket, who knows the protocol's document and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.conformance.contract import Event, Frame, faults

# A waiting client sends `join` again every few seconds: that repairs events and hints that were lost on the way.
REPAIR_SECONDS = 4.0
JOINS_MAX = 5
# How many of the last frames of each person a failure shows, and how much of each.
FRAMES_SHOWN_MAX = 12
FRAME_CHARACTERS_SHOWN_MAX = 240


# Events that come anew to each frame that asks for them, with the same words.
ANSWERS = frozenset({"waiting", "paired", "reported", "appealed", "mine", "complained", "pong", "error"})


class ContractError(AssertionError):
    """The server did not keep the contract; the text says where."""


class Person:
    """A client with a memory: everything received is kept, and `take` hands out each event once.

    `heard` is, for each room, the highest line received without a gap, and `acknowledged` what the peer says it heard.
    """

    def __init__(
        self, name: str, socket: aiohttp.ClientWebSocketResponse, patience_seconds: float, *, is_busy: bool
    ) -> None:
        self.name = name
        self.patience_seconds = patience_seconds
        self._is_busy = is_busy
        self.received: list[Event] = []
        self.faults: list[str] = []
        self.rooms: dict[str, Event] = {}
        self.met_at: dict[str, float] = {}
        self.room: str | None = None
        self.sent_lines: set[tuple[str, int, str]] = set()
        self.tolerated_codes: set[str] = set()
        self.is_continued = False
        self.frames: list[tuple[float, str, str]] = []
        self.waits_for: str | None = None
        self.heard: dict[str, int] = {}
        self.acknowledged: dict[str, int] = {}
        self._early: set[tuple[str, int]] = set()
        self._untaken: list[Event] = []
        self._seq: dict[str, int] = {}
        self._passed: list[Event] = []
        self._texts: Counter[str] = Counter()
        self._wanted: Frame = {}
        self._socket = socket
        self._arrived = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    # Sending

    async def send(self, action: str, **fields: Any) -> None:
        """Send one frame."""
        await self.send_raw(json.dumps({"action": action, **fields}, ensure_ascii=False, separators=(",", ":")))

    async def send_raw(self, text: str) -> None:
        """Send a text frame as it stands, valid or not."""
        self._note("sent", text)
        await self._socket.send_str(text)

    async def join(self, mode: str = "text", **fields: Any) -> None:
        """Ask for a stranger; the same is asked for again whenever this person looks for a room."""
        self._wanted = {"action": "join", "mode": mode, **fields}
        await self.join_again()

    async def join_again(self) -> None:
        """Send the last `join` once more, as a waiting client does."""
        await self.send(**self._wanted)

    def wish(self) -> Frame:
        """Return what this person last asked for, so that somebody can be made who fits."""
        return {name: value for name, value in self._wanted.items() if name != "action"}

    async def join_until_answered(self) -> None:
        """Search once more, and again when that is not answered, for it may overlap with the end of the last search."""
        for _ in range(JOINS_MAX):
            for event in self.untaken("waiting"):
                self._untaken.remove(event)
            await self.join_again()
            with contextlib.suppress(ContractError):
                await self.take("waiting", within=REPAIR_SECONDS)
                return
        raise ContractError(f"{self.name} asked {JOINS_MAX} times for a stranger and got no answer")

    async def say(self, text: str | None = None, **fields: Any) -> Frame:
        """Send the next line into the current room and return the frame that was sent."""
        room = fields.pop("room", self.room)
        seq = fields.pop("seq", self._seq.get(room, 0) + 1)
        self._seq[room] = seq
        line = {"room": room, "seq": seq, "text": text if text is not None else secrets.token_hex(8), **fields}
        self.sent_lines.add((room, seq, line["text"].strip()))
        await self.send("message", **line)
        return line

    async def skip(self) -> str:
        """Skip the current room and return it."""
        room = self.room
        assert room is not None, f"{self.name} has no room to skip"
        self.room = None
        await self.send("skip", room=room)
        return room

    def forget_room(self, room: str) -> None:
        """Regard a room as left, unless the next one has come already."""
        if self.room == room:
            self.room = None

    # Receiving

    async def take(self, *types: str, within: float | None = None, **fields: Any) -> Event:
        """Wait for an event of one of these types with these values and hand it out.

        In any order: the platform promises none between two frames.
        """
        deadline = time.monotonic() + (self.patience_seconds if within is None else within)
        while True:
            for event in self._untaken:
                if event.get("type") in types and all(event.get(name) == value for name, value in fields.items()):
                    self._untaken.remove(event)
                    return event
            await self._wait(deadline, f"{' or '.join(types)} {fields or ''}")

    async def take_error(self, *codes: str, within: float | None = None, **fields: Any) -> Event:
        """Wait for the next error, which must have one of these codes and these values.

        From a busy server another one may come first, for the second time.
        """
        deadline = time.monotonic() + (self.patience_seconds if within is None else within)
        while True:
            error = await self.take("error", within=deadline - time.monotonic())
            if error["code"] in codes and all(error.get(name) == value for name, value in fields.items()):
                return error
            self._passed.append(error)
            if not self._is_busy:
                raise ContractError(
                    f"{self.name} expected the error {' or '.join(codes)} {fields or ''} and got {error}"
                )

    async def take_room(self, within: float | None = None) -> Event:
        """Wait to be paired into a room never seen before; return the event."""

        def find() -> Event | None:
            for event in self.untaken("paired"):
                self._untaken.remove(event)
                if event["room"] == self.room:
                    return event
            return None

        return await self._take_searching(find, "to be paired", within)

    async def take_search(self) -> None:
        """Wait to be searching again: `waiting`, or at once `paired`.

        A busy server may have to be asked: it left the search to the next `join` of whom the other skipped.
        """
        if not self._is_busy:
            await self.take("waiting", "paired")
            return

        def find() -> Event | None:
            event = next(iter(self.untaken("waiting", "paired")), None)
            if event is not None:
                self._untaken.remove(event)
            return event

        await self._take_searching(find, "waiting or paired")

    async def _take_searching(self, find: Callable[[], Event | None], what: str, within: float | None = None) -> Event:
        """Return what is found among the events that came, sending `join` again as a client does.

        A `join` that is not answered means that the server is busy, so the next one comes twice as late.
        """
        deadline = time.monotonic() + (self.patience_seconds if within is None else within)
        pause, answers = REPAIR_SECONDS, self._texts.total()
        repair = time.monotonic() + pause
        while True:
            event = find()
            if event is not None:
                return event
            try:
                await self._wait(min(deadline, repair), what)
            except ContractError:
                if time.monotonic() >= deadline:
                    raise
                await self.join_again()
                pause = REPAIR_SECONDS if self._texts.total() > answers else pause * 2
                repair, answers = time.monotonic() + pause, self._texts.total()

    def put_back(self, event: Event) -> None:
        """Let an event be taken once more."""
        self._untaken.append(event)

    def untaken(self, *types: str) -> list[Event]:
        """The events of these types that have arrived and were not asked for."""
        return [event for event in self._untaken if event.get("type") in types]

    def unasked_errors(self) -> list[Event]:
        """The errors that no frame explains, but for as many as a busy server repeated."""
        left = [error for error in self.untaken("error") if error["code"] not in self.tolerated_codes] + self._passed
        repeated = sum(count - 1 for text, count in self._texts.items() if json.loads(text)["type"] == "error")
        return left[repeated:] if self._is_busy else left

    async def pause(self, seconds: float) -> None:
        """Wait for the next event of any type, but no longer than this."""
        self._arrived.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._arrived.wait()

    # Going

    async def close(self) -> None:
        """Close the socket as a closed tab does."""
        self._note("closes", "with code 1000")
        await self._socket.close()
        await self._reader

    async def vanish(self) -> None:
        """Break the connection without a closing handshake, as a crash does."""
        connection = self._socket._response.connection
        assert connection is not None and connection.transport is not None, "the socket is closed already"
        self._note("vanishes", "without a closing handshake")
        connection.transport.abort()
        await self._reader

    @property
    def is_closed(self) -> bool:
        """Whether either end has closed the socket."""
        return self._reader.done()

    # Internal

    async def _read(self) -> None:
        async for frame in self._socket:
            if frame.type is aiohttp.WSMsgType.TEXT:
                self._note("received", frame.data)
                self._remember(frame.data)
            self._arrived.set()
        self._arrived.set()

    def _remember(self, text: str) -> None:
        try:
            event = json.loads(text)
        except ValueError:
            event = text
        wrong = faults(event)
        self.faults += wrong
        if not isinstance(event, dict) or "type" not in event:
            return
        self._texts[text] += 1
        is_new = self._texts[text] == 1 or not self._is_busy  # a busy platform takes an event twice
        if is_new:
            self.received.append(event)
        if is_new or event["type"] in ANSWERS:
            self._untaken.append(event)
        if not wrong:
            self._follow(event)

    def _follow(self, event: Event) -> None:
        if event["type"] == "paired" and event["room"] not in self.rooms:
            self.rooms[event["room"]] = event
            self.met_at[event["room"]] = time.monotonic()
            self.room = event["room"]
        elif event["type"] == "peer_left" and event["room"] == self.room:
            self.room = None
        elif event["type"] == "message":
            self._hear(event["room"], event["seq"])
        if "ack" in event:
            self.acknowledged[event["room"]] = max(event["ack"], self.acknowledged.get(event["room"], 0))

    def _hear(self, room: str, seq: int) -> None:
        """Follow the highest line received without a gap, which is what a client acknowledges."""
        self._early.add((room, seq))
        while (room, self.heard.get(room, 0) + 1) in self._early:
            self.heard[room] = self.heard.get(room, 0) + 1

    async def _wait(self, deadline: float, what: str) -> None:
        if self.is_closed:
            raise ContractError(f"{self.name} expected {what}, and the socket is closed")
        self.waits_for = what
        self._arrived.clear()
        try:
            async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                await self._arrived.wait()
        except TimeoutError:
            raise ContractError(f"{self.name} waited in vain for {what}") from None
        self.waits_for = None

    def _note(self, direction: str, text: str) -> None:
        self.frames.append((time.monotonic(), direction, text[:FRAME_CHARACTERS_SHOWN_MAX]))
        del self.frames[:-FRAMES_SHOWN_MAX]

    def story(self, since: float) -> str:
        """Return the last frames both ways, with the seconds since the case began, and what is still waited for."""
        state = "closed" if self.is_closed else f"waits for {self.waits_for}" if self.waits_for else "open"
        lines = [f"{at - since:8.3f} s {direction:8} {text}" for at, direction, text in self.frames]
        return "\n      ".join([f"{self.name} ({state}):", *(lines or ["no frame"])])
