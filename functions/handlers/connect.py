"""$connect: accept a socket, or refuse its upgrade.

The socket cannot be posted to before this returns, so nothing is said here: the client speaks first.
"""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

from functions.chat import telemetry
from functions.chat.dynamodb import Busy
from functions.chat.edge import DONE, Caller, on_event
from functions.chat.settings import EDGE_HEADER

REFUSED = {"statusCode": 403}
TRY_AGAIN = {"statusCode": 503}


@on_event
def handler(caller: Caller) -> dict[str, Any]:
    """Keep the new connection."""
    if not _comes_from_the_site(caller):
        telemetry.count("ConnectionsRefused")
        return REFUSED
    try:
        # The person's key is this connection's own until something that outlives a socket is known of them.
        caller.backend.store.open_connection(caller.connection_id, person=caller.connection_id)
    except Busy:
        return TRY_AGAIN
    telemetry.count("Connected")
    return DONE


def _comes_from_the_site(caller: Caller) -> bool:
    """Check what browsers always send. It stops other sites from using this one's visitors, not scripts."""
    headers = {name.lower(): value for name, value in caller.event.headers.items()}
    settings = caller.backend.settings
    if settings.edge_secret and not _is_same(headers.get(EDGE_HEADER, ""), settings.edge_secret):
        return False
    return not settings.allowed_origins or headers.get("origin") in settings.allowed_origins


def _is_same(shown: str, secret: str) -> bool:
    # In bytes: compare_digest takes no text beyond ASCII, and a header may carry anything.
    return compare_digest(shown.encode(), secret.encode())
