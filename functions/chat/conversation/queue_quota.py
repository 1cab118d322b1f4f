"""How many may wait behind one address. Counted only where many enter the queue, so that people cost nothing."""

from __future__ import annotations

from functions.chat.backend import Backend
from functions.chat.model.people import Connection
from functions.chat.model.rates import ENTRIES_UNWATCHED
from functions.chat.protocol import errors, events
from functions.chat.runtime.leaky_bucket import Pace

CROWDED = events.error(
    errors.RATE_LIMITED, "Too many people of your network are waiting already. Please try again.", {"action": "join"}
)


def may_wait(backend: Backend, seeker: Connection) -> bool:
    """Tell whether one more of an address may wait in the queue; a device that talked on an earlier day always may.

    A seeker that may not has looked for a waiter before, and looks again with each `join`.
    """
    meter, address = backend.meter, seeker.address
    if meter is None or address is None or seeker.newcomer_since is None:
        return True
    if meter.take(f"entries {address}", ENTRIES_UNWATCHED, backend.clock.now()) is Pace.FINE:
        return True
    return backend.shared_pace.hold_place(address, seeker.id, backend.settings.places_of_address)
