"""Cloudflare's relay: one HTTPS call a room.

https://developers.cloudflare.com/realtime/turn/generate-credentials/
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from functions.chat.aws.signed_request import CallFailedError, Http, Request, post
from functions.chat.ice.memory import RoomMemory
from functions.chat.ice.provider import Bearer, IceServer

ADDRESS = "https://rtc.live.cloudflare.com/v1/turn/keys/{key_id}/credentials/generate-ice-servers"

# As long as a connection of API Gateway lives: Cloudflare may end a relayed call when its credential ends.
TTL_SECONDS = 7200

# UDP, TCP where UDP is blocked, TLS on 443 where all else is. Each further address is one more allocation for each
# person and more candidates to send; browsers refuse port 53.
URLS = (
    "turn:turn.cloudflare.com:3478?transport=udp",
    "turn:turn.cloudflare.com:3478?transport=tcp",
    "turns:turn.cloudflare.com:443?transport=tcp",
)


@dataclass(frozen=True)
class Cloudflare:
    """A key of Cloudflare's relay and its API token."""

    key_id: str
    token: Callable[[], str]
    http: Http = post
    memory: RoomMemory = field(default_factory=RoomMemory)

    def mint(self, bearer: Bearer, now: float) -> tuple[IceServer, ...]:
        """Return the room's relay; both members use one credential, so that a pairing makes one call."""
        return self.memory.recall(bearer.room_id, now, lambda: self._generate(bearer.room_id))

    def _generate(self, room_id: str) -> tuple[IceServer, ...]:
        answer = self.http(
            Request(
                ADDRESS.format(key_id=self.key_id),
                {"ttl": TTL_SECONDS, "customIdentifier": room_id},
                {"authorization": f"Bearer {self.token()}"},
            )
        )
        return tuple(_usable(entry) for entry in _entries(answer.get("iceServers")) if entry.get("username"))


def _entries(found: Any) -> list[dict[str, Any]]:
    entries = [found] if isinstance(found, dict) else found
    if not isinstance(entries, list) or not any(isinstance(entry, dict) and entry.get("username") for entry in entries):
        raise CallFailedError("no_relay_in_answer")
    return [entry for entry in entries if isinstance(entry, dict)]


def _usable(entry: dict[str, Any]) -> IceServer:
    offered = [entry["urls"]] if isinstance(entry.get("urls"), str) else entry.get("urls", [])
    urls = tuple(url for url in URLS if url in offered) or tuple(url for url in offered if str(url).startswith("turn"))
    return IceServer(urls, str(entry["username"]), str(entry.get("credential", "")))
