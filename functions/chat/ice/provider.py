"""The ice servers of a video room: minted at the match, short-lived, bound to the room.

A relay hides the addresses of two strangers from each other and connects through any network. Its credentials are made
for one member of one room and never ship with the page. If the provider fails, the pairing goes on without the relay:
the members are told the servers that are left, with `relay_only` false, and the page asks its person before it shows an
address.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple, Protocol

from functions.chat.aws.signed_request import CallFailedError

# A provider that did not answer is left alone for so long: every pairing would otherwise wait for its timeout.
REST_SECONDS = 10.0


class Hiding(Enum):
    """Whether addresses are hidden behind the relay."""

    WHEN_THERE = "when_there"  # the default: relay only as long as the relay works
    ALWAYS = "always"  # rather no video than an address
    NEVER = "never"  # the relay only helps where there is no direct way


class IceServer(NamedTuple):
    """One entry of RTCConfiguration.iceServers."""

    urls: tuple[str, ...]
    username: str = ""
    credential: str = ""

    def as_field(self) -> dict[str, Any]:
        """Return the entry as a browser takes it."""
        field: dict[str, Any] = {"urls": list(self.urls)}
        return {**field, "username": self.username, "credential": self.credential} if self.username else field


class IceServers(NamedTuple):
    """The servers with which one member of a room connects."""

    servers: tuple[IceServer, ...] = ()
    relay_only: bool = False

    def as_fields(self) -> dict[str, Any]:
        """Return the fields of a `paired` event."""
        return {"iceServers": [server.as_field() for server in self.servers], "relayOnly": self.relay_only}


class Bearer(NamedTuple):
    """One member of a room: whom a credential is for."""

    room_id: str
    seat: int


class Provider(Protocol):
    """Where relay credentials come from."""

    def mint(self, bearer: Bearer, now: float) -> tuple[IceServer, ...]:
        """Return servers for one member of a room, or raise `CallFailedError`."""


def uncounted(_name: str) -> None:
    """Count nothing."""


class Relays:
    """The configured provider, and the servers that are left when it fails."""

    def __init__(
        self,
        provider: Provider | None = None,
        stun: tuple[str, ...] = (),
        hiding: Hiding = Hiding.WHEN_THERE,
        count: Callable[[str], None] = uncounted,
    ) -> None:
        self._provider = provider
        self._direct = (IceServer(stun),) if stun else ()
        self._hiding = hiding
        self._count = count
        self._rests_until = 0.0

    def mint(self, room_id: str, seat: int, now: float) -> IceServers:
        """Return the servers with which a member of a room connects; `now` is in epoch seconds."""
        if self._provider is None:
            return IceServers(self._direct)
        relays = self._ask(self._provider, Bearer(room_id, seat), now)
        if relays is None:
            hidden = self._hiding is Hiding.ALWAYS
            return IceServers(() if hidden else self._direct, relay_only=hidden)
        if self._hiding is Hiding.NEVER:
            return IceServers((*self._direct, *relays), relay_only=False)
        return IceServers(relays, relay_only=True)

    def _ask(self, provider: Provider, bearer: Bearer, now: float) -> tuple[IceServer, ...] | None:
        if now < self._rests_until:
            self._count("RelayRested")
            return None
        try:
            relays = provider.mint(bearer, now)
        except CallFailedError as unavailable:
            self._rests_until = now + REST_SECONDS
            self._count(f"RelayFailed_{unavailable}")
            return None
        self._count("RelayMinted")
        return relays
