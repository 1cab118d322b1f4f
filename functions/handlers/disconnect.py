"""$disconnect: a socket is closed. Best effort on this platform: Gone on a post comes to the same."""

from __future__ import annotations

from typing import Any

from functions.chat.conversation import departure
from functions.chat.entry.entrypoint import DONE, Caller, on_event
from functions.chat.protocol import frames
from functions.chat.protocol.errors import Refusal
from functions.chat.runtime import telemetry

# RFC 6455, section 7.4.1: a client that closes by itself sends 1000, a browser that leaves the page 1001, and a close
# without a code is seen as 1005. Everything else is a socket that died, or a page that said that it will be back.
CLEAN_CODES = frozenset({1000, 1001, 1005})
# Our page closes with this code when it cannot tell a reload from a closed tab, whose peer should not wait for long
# (frontend/leaving.js says when it can). A reload took 0.2 s on a desktop, 0.5 s on one six times slower, 3.5 s on one
# four times slower over 3G.
PAGE_LEFT_CODE = 4001
PAGE_LEFT_SECONDS = 5


@on_event
def handler(caller: Caller) -> dict[str, Any]:
    """Close a connection that its client closed, also where a post met the closed socket before; keep a lost one."""
    telemetry.count("Disconnected")
    if caller.backend.online is not None:
        caller.backend.online.leave(caller.connection_id)
    code = caller.event["requestContext"].get("disconnectStatusCode")
    telemetry.tell("disconnected", connection=caller.connection_id, code=code)
    if code in CLEAN_CODES:
        departure.vanish(caller.backend, caller.connection_id, last=_last_words(caller))
    else:
        grace_seconds = caller.backend.settings.grace_seconds
        if code == PAGE_LEFT_CODE:
            grace_seconds = min(grace_seconds, PAGE_LEFT_SECONDS)
        departure.lose(caller.backend, caller.connection_id, grace_seconds=grace_seconds)
    return DONE


def _last_words(caller: Caller) -> frames.Ack | None:
    """Return the reason of a close that is the text of an `ack`, as our page closes; any other says nothing."""
    try:
        return frames.parse(frames.Ack, caller.event["requestContext"].get("disconnectReason"))
    except Refusal:
        return None
