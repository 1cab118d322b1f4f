"""$disconnect: a socket is closed. Best effort on this platform: Gone on a post comes to the same."""

from __future__ import annotations

from typing import Any

from functions.chat import departure, telemetry
from functions.chat.edge import DONE, Caller, on_event

# RFC 6455, section 7.4.1: a client that closes by itself sends 1000, a browser that leaves the page 1001, and a close
# without a code is seen as 1005. Everything else is a socket that died, or a page that said that it will be back.
CLEAN_CODES = frozenset({1000, 1001, 1005})


@on_event
def handler(caller: Caller) -> dict[str, Any]:
    """Close a connection that its client closed; keep one that was lost, for the time of grace."""
    telemetry.count("Disconnected")
    if caller.event["requestContext"].get("disconnectStatusCode") in CLEAN_CODES:
        departure.vanish(caller.backend, caller.connection_id, lost=False)
    else:
        departure.lose(caller.backend, caller.connection_id)
    return DONE
