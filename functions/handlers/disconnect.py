"""$disconnect: a socket is closed. Best effort on this platform: Gone on a post does the same."""

from __future__ import annotations

from typing import Any

from functions.chat import departure, telemetry
from functions.chat.edge import DONE, Caller, on_event


@on_event
def handler(caller: Caller) -> dict[str, Any]:
    """Close the connection and end what it was part of."""
    telemetry.count("Disconnected")
    departure.vanish(caller.backend, caller.connection_id)
    return DONE
