"""How many people one person meets: a person that met very many lately waits for the next one of another network.

Counted only where many are met, so that people cost nothing: a process lets some searches pass before it has the others
counted for all processes, which costs a write for each.
"""

from __future__ import annotations

from dataclasses import replace

from functions.chat.backend import Backend
from functions.chat.model.networks import OWN_MACHINE, network_of, tells_people_apart
from functions.chat.model.people import Connection
from functions.chat.model.rates import (
    MEETING_WAIT_SECONDS_MAX,
    MEETINGS_OF_KNOWN,
    MEETINGS_OF_NEWCOMERS,
    MEETINGS_UNWATCHED,
)
from functions.chat.runtime.leaky_bucket import Pace


def slowed(backend: Backend, seeker: Connection) -> Connection:
    """Return somebody who begins to search, with the time from which on they meet people of other networks."""
    now, meter = backend.clock.now(), backend.meter
    ready_at = seeker.ready_at if seeker.ready_at is not None and seeker.ready_at > now else None
    key = _key_of(seeker)
    if meter is not None and key is not None and meter.take(key, MEETINGS_UNWATCHED, now) is not Pace.FINE:
        rate = MEETINGS_OF_NEWCOMERS if seeker.newcomer_since is not None else MEETINGS_OF_KNOWN
        wait = min(backend.shared_pace.pour(key, 1, rate), MEETING_WAIT_SECONDS_MAX)
        ready_at = max(ready_at or 0.0, now + wait) if wait else ready_at
    return replace(seeker, ready_at=ready_at)


def _key_of(seeker: Connection) -> str | None:
    """Return for whom meetings are counted: a known device for itself, newcomers for their address.

    On one's own machine everybody has one address and tries the product: nobody is slowed there.
    """
    if seeker.address is not None and seeker.address.startswith(OWN_MACHINE):
        return None
    is_newcomer = seeker.newcomer_since is not None
    if is_newcomer and tells_people_apart(network_of(seeker.address)):
        return f"meetings {seeker.address}"
    return f"meetings {seeker.device.key}" if seeker.device is not None else None
