"""How many newcomers may wait behind one address. They are counted only where many enter, so people cost nothing.

Where all places are held the newest gets one: the waiter who has been alone for the longest gives way, and is told to
try again. So sockets that only wait keep out no person who has just come or has just talked.
"""

from __future__ import annotations

from functions.chat.backend import Backend, waiting_since
from functions.chat.conversation import ending
from functions.chat.model.people import Connection
from functions.chat.model.rates import ENTRIES_UNWATCHED
from functions.chat.protocol import errors, events
from functions.chat.runtime.leaky_bucket import Pace
from functions.chat.storage.places import connection_id_of, holder_of, since_of

# Holders that are looked at where all places are held: the 8 that have been alone for the longest, of which one may
# give way, and 8 others by chance. Where people are paired most of these wait no more.
LOOKED_AT = 8
FULL_SECONDS = 10.0  # for so long a process reads first: a refused write costs as much as a done one
RACES_MAX = 4  # for a place that another handler was quicker to take: people who skip fast enter side by side
SETTLED_SECONDS = 2.0  # a waiter gives way only after so long: a thousand who come at once would only chase each other

CROWDED = events.error(
    errors.RATE_LIMITED, "Too many people of your network are waiting already. Please try again.", {"action": "join"}
)


def may_wait(backend: Backend, seeker: Connection) -> bool:
    """Tell whether a seeker may wait in the queue; a device that talked on an earlier day always may.

    A seeker that may not wait has looked for a waiter before, and looks again with each `join`.
    """
    return _has_place(backend, seeker, None)


def keeps_waiting(backend: Backend, waiter: Connection, continued: Connection) -> bool:
    """Tell whether a person who came back waits on: with the place that the lost connection held, or another one.

    Without a place the connection is out of the queue. Call it once the lost connection waits no more: of the sockets
    that show its token, only one gets so far.
    """
    has_place = False
    try:
        has_place = _has_place(backend, waiter, continued)
    finally:
        if not has_place:
            backend.store.make_idle(waiter)
    return has_place


def _has_place(backend: Backend, seeker: Connection, continued: Connection | None) -> bool:
    meter, address, now = backend.meter, seeker.address, backend.clock.now()
    if meter is None or address is None or seeker.newcomer_since is None:
        return True
    if meter.take(f"entries {address}", ENTRIES_UNWATCHED, now) is Pace.FINE:
        return True
    full, most, own = f"places {address}", backend.settings.places_of_address, holder_of(seeker)
    if continued is not None:
        is_given = backend.places.hand_on(address, holder_of(continued), own, most)
    else:
        is_given = not meter.is_held(full, now) and backend.places.take(address, own, most)
    if is_given:
        return True
    meter.hold(full, now + FULL_SECONDS)
    return _takes_over(backend, address, seeker)


def _takes_over(backend: Backend, address: str, seeker: Connection) -> bool:
    """Take the place of a holder that waits no more, or else of the one that has been alone for the longest."""
    own, most = holder_of(seeker), backend.settings.places_of_address
    for _ in range(RACES_MAX):
        holders = backend.places.holders(address)
        if len(holders) < most or own in holders:
            is_given = backend.places.take(address, own, most)
        else:
            former = _those_who_go(backend, holders, own)
            if not former:
                return False
            is_given = backend.places.take_over(address, own, former, most)
        if is_given:
            return True
    return False


def _those_who_go(backend: Backend, holders: list[str], own: str) -> set[str]:
    """Return holders whose places may be taken: those that wait no more, or else the one that gave way."""
    oldest, others = holders[:LOOKED_AT], holders[LOOKED_AT:]
    looked_at = [*oldest, *backend.random.sample(others, min(LOOKED_AT, len(others)))]
    waiting = _those_who_wait(backend, looked_at)
    gone = {each for each in looked_at if each not in waiting}
    if gone:
        return gone
    giving = next((each for each in oldest if _gives_way(backend, waiting[each], each, own)), None)
    if giving is None:
        return set()
    _take_out(backend, waiting[giving])
    return {giving}


def _those_who_wait(backend: Backend, holders: list[str]) -> dict[str, Connection]:
    """Return the connections of the holders that wait as when they took their places, or did a moment ago."""
    ids = dict.fromkeys(map(connection_id_of, holders))  # a connection that has talked since is two holders
    found = backend.store.get_connections(*ids, consistent=False)
    waiting = {holder_of(each): each for each in found.values() if each.ticket_id is not None}
    return {each: waiting[each] for each in holders if each in waiting}


def _gives_way(backend: Backend, waiter: Connection, holder: str, seeker: str) -> bool:
    assert waiter.ticket_id is not None, "a waiter has a ticket"
    waits = backend.clock.now() - waiting_since(waiter.ticket_id)
    return since_of(holder) < since_of(seeker) and waits > SETTLED_SECONDS


def _take_out(backend: Backend, waiter: Connection) -> None:
    """Take a waiter out of the queue and tell it, unless another handler moved it on, so that its place is free."""
    if backend.store.make_idle(waiter):
        backend.queue.remove([waiter.as_ticket()])
        ending.tell(backend, waiter.id, CROWDED)
