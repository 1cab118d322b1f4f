"""A chat in which everything that people say, or are, carries a canary: a word that can be found wherever it flies."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from functions.chat.runtime.settings import EDGE_HEADER

SECONDS_MAX = 20.0


def canary(place: str) -> str:
    return f"canary{place}{secrets.token_hex(8)}"


@dataclass
class Canaries:
    """What is said where. Interests may stand in the table while their owner is here; notes and appeals are kept."""

    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    interests: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=lambda: ["203.0.113.77", "198.51.100.88"])

    def new(self, kind: str) -> str:
        word = canary(kind)
        getattr(self, kind).append(word)
        return word

    def all(self) -> list[str]:
        return [*self.lines, *self.notes, *self.interests, *self.headers, *self.addresses]


class Talker:
    """A client that remembers all that it received, as text."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.heard: list[str] = []

    async def send(self, action: str, **fields: Any) -> None:
        await self.socket.send_str(json.dumps({"action": action, **fields}))

    async def hear(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(SECONDS_MAX):
            while True:
                text = (await self.socket.receive()).data
                self.heard.append(text)
                event: dict[str, Any] = json.loads(text)
                if event.get("type") == kind:
                    return event


async def chat(url: str, secret: str, canaries: Canaries, lock_out: Callable[[str], object]) -> list[Talker]:
    """Let two people say everything that can be said, well and badly, and report and appeal; then both leave.

    `lock_out` is the operator, who bans whom a case is about.
    """
    async with aiohttp.ClientSession() as http:
        people = [await _come(http, url, secret, canaries, address) for address in canaries.addresses]
        ada, eve = people
        shared = canaries.new("interests")
        for person in people:
            await person.send("join", mode="video", interests=[shared, canaries.new("interests")], languages=["en"])
        room = (await ada.hear("paired"))["room"]
        await eve.hear("paired")
        await _talk(ada, eve, room, canaries)
        await _misbehave(ada, room, canaries)
        await ada.send("report", room=room, reason="underage", note=canaries.new("notes"))
        number = (await ada.hear("reported"))["case"]
        await asyncio.to_thread(lock_out, number)
        await eve.send("join", mode="text")
        case = (await eve.hear("error"))["case"]
        await eve.send("appeal", case=case, text=canaries.new("notes"))
        await eve.hear("appealed")
        signed = {name: canaries.new("notes") for name in ("text", "place", "name", "contact")}
        await eve.send("complain", kind="illegal", **signed, honest=True)
        await eve.hear("complained")
        await ada.send("mine", do="show")
        await ada.hear("mine")
        for person in people:
            await person.socket.close()
    return people


async def _come(http: aiohttp.ClientSession, url: str, secret: str, canaries: Canaries, address: str) -> Talker:
    headers = {
        EDGE_HEADER: secret,
        "CloudFront-Viewer-Address": f"{address}:4711",
        "User-Agent": canaries.new("headers"),
        "X-Forwarded-For": address,
        "X-Canary": canaries.new("headers"),
        "Cookie": f"session={canaries.new('headers')}",
    }
    return Talker(await http.ws_connect(f"{url}?device=none&other={canaries.new('headers')}", headers=headers))


async def _talk(ada: Talker, eve: Talker, room: str, canaries: Canaries) -> None:
    for seq in range(1, 6):
        line = canaries.new("lines")
        await ada.send("message", room=room, seq=seq, text=line)
        assert (await eve.hear("message"))["text"] == line
    await ada.send("typing", room=room, on=True, more=canaries.new("lines"))
    await eve.hear("typing")
    await ada.send("signal", room=room, data={"description": {"type": "offer", "sdp": canaries.new("lines")}})
    await eve.hear("signal")
    await ada.send("ack", room=room, ack=0, more=canaries.new("lines"))
    await eve.hear("ack")


async def _misbehave(ada: Talker, room: str, canaries: Canaries) -> None:
    """Send frames that are refused, crash parsers elsewhere, or reach nobody: they must leave no trace either."""
    word = canaries.new("lines")
    bad = [
        word,
        f'{{"action":"message","text":"{word}"',
        json.dumps({"action": word}),
        json.dumps({"action": "message", "room": word, "seq": 1, "text": word}),
        json.dumps({"action": "message", "room": room, "seq": word, "text": word}),
        json.dumps({"action": "message", "room": room, "seq": 1, "text": word * 200}),
        json.dumps({"action": "join", "mode": word}),
        json.dumps({"action": "join", "mode": "text", "interests": [word * 3]}),
        json.dumps({"action": "report", "room": room, "reason": word, "note": word}),
        json.dumps({"action": "resume", "token": word}),
        json.dumps({"action": "appeal", "case": word, "text": word}),
        json.dumps({"action": "signal", "room": room, "data": [word]}),
    ]
    for text in bad:
        await ada.socket.send_str(text)
        await ada.hear("error")
