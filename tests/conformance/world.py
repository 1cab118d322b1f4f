"""Everybody in one case, and what must be true of all of them together when it is over."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.conformance.contract import PRESENCE, RELAYED, Event
from tests.conformance.person import ContractError, Person

# `leave` is not answered, so a case that needs it done gives it this long, or a tenth of its patience.
SETTLE_SECONDS = 1.5
# A person's socket is opened within this, cold start of a Lambda included.
OPEN_SECONDS = 15.0


@dataclass
class World:
    """The people of one case on one server; none of them meets anybody else, their interests being random."""

    url: str
    http: aiohttp.ClientSession
    origin: str | None = None
    insecure: bool = False
    patience_seconds: float = 10.0
    is_busy: bool = False
    people: list[Person] = field(default_factory=list)

    # Making

    def interest(self, word: str = "") -> str:
        """Return an interest that nobody else on the server has."""
        return f"{word}{secrets.token_hex(6)}"

    async def person(self, name: str = "somebody") -> Person:
        """Open a socket."""
        async with asyncio.timeout(OPEN_SECONDS):
            socket = await self.http.ws_connect(self.url, origin=self.origin, max_msg_size=0)
        person = Person(name, socket, self.patience_seconds, is_busy=self.is_busy)
        self.people.append(person)
        return person

    async def waiting(self, name: str, mode: str = "text", **fields: Any) -> Person:
        """Open a socket and wait in the queue."""
        person = await self.person(name)
        await person.join(mode, **fields)
        await person.take("waiting")
        return person

    async def pair(self, mode: str = "text", interest: str | None = None) -> tuple[Person, Person]:
        """Bring two people into a room: the one who waited, and the one who came."""
        interests = [interest or self.interest()]
        waiter = await self.waiting("the waiter", mode, interests=interests)
        comer = await self.person("the comer")
        await comer.join(mode, interests=interests)
        await self.meet(waiter, comer)
        return waiter, comer

    async def meet(self, one: Person, other: Person, within: float | None = None) -> str:
        """Wait until these two are in a room together and return it."""
        rooms = await asyncio.gather(one.take_room(within), other.take_room(within))
        if rooms[0]["room"] != rooms[1]["room"]:
            raise ContractError(f"{one.name} and {other.name} should share a room: {rooms}")
        return str(rooms[0]["room"])

    def members(self, room: str) -> tuple[Person, Person]:
        """Return the two people who are in this room."""
        inside = [person for person in self.people if person.room == room]
        if len(inside) != 2:
            raise ContractError(f"room {room} holds {[person.name for person in inside]} instead of two people")
        return inside[0], inside[1]

    # Checking

    async def talk(self, one: Person, other: Person) -> None:
        """Exchange a line both ways: the room works."""
        for speaker, listener in ((one, other), (other, one)):
            line = await speaker.say()
            await listener.take("message", **line)

    async def settle(self) -> None:
        """Give an unanswered frame its time."""
        await asyncio.sleep(max(SETTLE_SECONDS, self.patience_seconds / 10))

    def audit(self) -> list[str]:
        """Check the promises that hold in every case, over all that everybody received."""
        found = [f"{person.name}: {fault}" for person in self.people for fault in person.faults]
        for person in self.people:
            found += [f"{person.name}: {fault}" for fault in self._wrong_events(person)]
        for room in {room for person in self.people for room in person.rooms}:
            found += self._wrong_room(room)
        return found

    def _wrong_events(self, person: Person) -> list[str]:
        found = [f"an error that nothing asked for: {error}" for error in person.unasked_errors()]
        left: set[str] = set()
        for event in person.received:
            room = event.get("room")
            if self._is_of_others(person, event):
                found.append(f"an event of a room that was never theirs: {event}")
            if event.get("type") == "peer_left":
                if room in left:
                    found.append(f"told twice that the peer left: {event}")
                left.add(str(room))
            if event.get("type") == "message" and not self._was_said_to(person, event):
                found.append(f"a line that their peer did not say: {event}")
        return found

    def _is_of_others(self, person: Person, event: Event) -> bool:
        """Tell whether an event is of a room of other people.

        That somebody left may be said of a room that was never announced: its other side was gone before both met.
        """
        room = event.get("room")
        if event.get("type") in RELAYED:
            return room not in person.rooms
        members = [each for each in self.people if room in each.rooms]
        return event.get("type") in PRESENCE and len(members) == 2 and person not in members

    def _was_said_to(self, listener: Person, event: Event) -> bool:
        line = (event["room"], event["seq"], event["text"].strip() if "text" in event else event["sealed"])
        return any(line in person.sent_lines for person in self.people if person is not listener)

    def _wrong_room(self, room: str) -> list[str]:
        members = [person for person in self.people if room in person.rooms and not person.is_continued]
        paired = [person.rooms[room] for person in members]
        if len(members) == 1 and any(person.is_closed for person in self.people):
            return []  # The other side may have closed its socket before it heard of the room.
        if len(members) != 2:
            return [f"room {room} has {len(members)} people instead of 2: {[person.name for person in members]}"]
        found = []
        if paired[0]["polite"] == paired[1]["polite"]:
            found.append(f"room {room} should have one polite side: {paired}")
        if paired[0]["mode"] != paired[1]["mode"]:
            found.append(f"room {room} should have one mode: {paired}")
        if len(paired[0]["common"]) != len(paired[1]["common"]):
            found.append(f"room {room} should announce what both have to both: {paired}")
        return found

    async def close(self) -> None:
        """Close every socket."""
        await asyncio.gather(*(person.close() for person in self.people), return_exceptions=True)
