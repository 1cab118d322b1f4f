"""coturn, or any relay with a shared secret: credentials are computed, nobody is asked.

draft-uberti-behave-turn-rest-00: the username is the expiry and a name, the credential its HMAC-SHA1. coturn checks
the expiry when a relay is allocated and not later, so a call outlives its credential and a restart needs a fresh one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import NamedTuple

from functions.chat.ice.provider import Bearer, IceServer

# Long enough for a slow start and a few restarts; a script that copies it out of a page has a relay for this long.
TTL_SECONDS = 600


class Coturn(NamedTuple):
    """A relay that knows the same secret as we."""

    urls: tuple[str, ...]
    secret: Callable[[], str]
    ttl_seconds: int = TTL_SECONDS

    def mint(self, bearer: Bearer, now: float) -> tuple[IceServer, ...]:
        """Return the relay with a username that expires and names the room and the member."""
        username = f"{int(now) + self.ttl_seconds}:{bearer.room_id}-{bearer.seat}"
        digest = hmac.new(self.secret().encode(), username.encode(), hashlib.sha1).digest()
        return (IceServer(self.urls, username, base64.b64encode(digest).decode()),)


class Static(NamedTuple):
    """A relay with one fixed name and password, for a network of one's own: every visitor learns them."""

    urls: tuple[str, ...]
    username: str
    credential: Callable[[], str]

    def mint(self, bearer: Bearer, now: float) -> tuple[IceServer, ...]:  # noqa: ARG002 - the same for everybody
        """Return the same for everybody."""
        return (IceServer(self.urls, self.username, self.credential()),)
