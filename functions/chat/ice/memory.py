"""Remembers a room's credentials for the moment in which its second member is told."""

from __future__ import annotations

from collections.abc import Callable

from functions.chat.ice.provider import IceServer

# The two members are told within a second of each other; a member who asks again later needs fresh ones.
REMEMBERED_SECONDS = 5.0
ROOMS_MAX = 32  # as many as one process pairs at once


class RoomMemory:
    """A few rooms' servers, each for a few seconds."""

    def __init__(self) -> None:
        self._rooms: dict[str, tuple[float, tuple[IceServer, ...]]] = {}

    def recall(self, room_id: str, now: float, mint: Callable[[], tuple[IceServer, ...]]) -> tuple[IceServer, ...]:
        """Return what was just minted for the room, or mint it."""
        minted_at, servers = self._rooms.get(room_id, (float("-inf"), ()))
        if now - minted_at < REMEMBERED_SECONDS:
            return servers
        servers = mint()
        self._rooms[room_id] = (now, servers)
        while len(self._rooms) > ROOMS_MAX:
            self._rooms.pop(next(iter(self._rooms)), None)
        return servers
