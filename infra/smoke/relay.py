"""Whether a relay for calls is there: it is asked for an address without credentials, and has to ask for them.

STUN (RFC 8489) and TURN (RFC 8656) over TCP or TLS, which one socket of Python's own library carries.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import ssl
import struct
from collections.abc import Iterable
from typing import NamedTuple

COOKIE = 0x2112A442  # of the protocol, for everybody
ALLOCATE, ALLOCATE_REFUSED = 0x0003, 0x0113
REQUESTED_TRANSPORT, UDP = 0x0019, 17
HEAD = struct.Struct("!HHI12s")  # kind, length of what follows, cookie, the question's own number
DEFAULT_PORTS = {"turn": 3478, "turns": 5349}
ADDRESS = re.compile(r"(turns?):([^:?]+)(?::([0-9]+))?\?transport=tcp")
ANSWER_SECONDS_MAX = 5


class RelayError(OSError):
    """The relay is not there, or is none; the sentence says which."""


class Place(NamedTuple):
    """Where a relay listens."""

    host: str
    port: int
    is_secure: bool


def places(urls: Iterable[str]) -> list[Place]:
    """Return where the relays of these addresses listen over TCP; UDP answers nobody whom a network hides."""
    found = [match for match in map(ADDRESS.fullmatch, urls) if match]
    return [Place(each[2], int(each[3] or DEFAULT_PORTS[each[1]]), each[1] == "turns") for each in found]


async def ask(place: Place) -> None:
    """Ask a relay for an address, or raise `RelayError`."""
    number = secrets.token_bytes(12)
    wish = struct.pack("!HHBxxx", REQUESTED_TRANSPORT, 4, UDP)
    context = ssl.create_default_context() if place.is_secure else None
    try:
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            reader, writer = await asyncio.open_connection(place.host, place.port, ssl=context)
            try:
                writer.write(HEAD.pack(ALLOCATE, len(wish), COOKIE, number) + wish)
                kind, _, cookie, answered = HEAD.unpack(await reader.readexactly(HEAD.size))
            finally:
                writer.close()
    except (TimeoutError, OSError, asyncio.IncompleteReadError) as problem:
        raise RelayError(f"{place.host}:{place.port} does not answer ({problem or 'nothing came'})") from problem
    if (kind, cookie, answered) != (ALLOCATE_REFUSED, COOKIE, number):
        raise RelayError(f"what answers at {place.host}:{place.port} is no relay that asks for credentials")
