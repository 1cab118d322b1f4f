"""How many people one person meets: a person that met very many lately waits for the next one of another network.

A search is counted before it finds anybody, in one number for all processes, so that neither many sockets nor many
processes outrun it. Newcomers of an address who meet more than their share may do a little work instead of waiting, up
to the rate at which everybody waits: work is cheap for a server, a turn is not.
"""

from __future__ import annotations

from dataclasses import replace

from functions.chat.backend import Backend
from functions.chat.model.networks import OWN_MACHINE, network_of, tells_people_apart
from functions.chat.model.people import Connection
from functions.chat.model.rates import (
    FIRST_SEARCHES,
    MEETING_WAIT_SECONDS_MAX,
    MEETINGS,
    SEARCHES_PER_WRITE,
    SHARE,
    UNTOLD_SECONDS,
    WATCHED_SECONDS,
)
from functions.chat.protocol.events import Event


def slowed(backend: Backend, seeker: Connection) -> Connection:
    """Return somebody who begins to search, with the time from which on they meet people of other networks."""
    now = backend.clock.now()
    ready_at = seeker.ready_at if seeker.ready_at is not None and seeker.ready_at > now else None
    wait, may_work = _wait(backend, seeker)
    ready_at = max(ready_at or 0.0, now + wait) if wait else ready_at
    return replace(seeker, ready_at=ready_at, may_work=may_work)


def work_for(backend: Backend, waiter: Connection) -> Event:
    """Return what somebody is told who may work instead of waiting: a puzzle for the next meeting; others nothing."""
    now = backend.clock.now()
    if not waiter.may_work or waiter.address is None or waiter.ready_at is None or waiter.ready_at <= now:
        return {}
    from functions.chat.model import puzzle  # noqa: PLC0415 - people who wait for nothing never need it

    chance = backend.random.getrandbits(puzzle.NUMBER_BITS + puzzle.SALT_BITS)
    return {"puzzle": puzzle.make(waiter.address, _next_meeting(waiter), chance, now)}


def has_worked(backend: Backend, seeker: Connection, solution: str | None) -> bool:
    """Tell whether this solves the puzzle of somebody's next meeting.

    It was signed with the pseudonym of their address: a keyed hash, which no client knows.
    """
    if solution is None or seeker.address is None:
        return False
    from functions.chat.model import puzzle  # noqa: PLC0415 - as above

    return puzzle.is_solved(seeker.address, _next_meeting(seeker), solution, backend.clock.now())


def _wait(backend: Backend, seeker: Connection) -> tuple[float, bool]:
    """Count a search; return for how long it waits, and whether work spares that."""
    key, newcomers = _key_of(seeker), _newcomers_of(seeker.address)
    if key is None or not (searches := _to_count(backend, seeker, key)):
        return 0.0, False
    level = backend.shared_pace.pour_to(key, searches, MEETINGS)
    if level > SHARE.burst and backend.meter is not None:
        backend.meter.hold(key, backend.clock.now() + WATCHED_SECONDS)
    if key != newcomers:
        if newcomers is not None:
            backend.shared_pace.give_back(newcomers, searches)
        return min(MEETINGS.seconds_over(level), MEETING_WAIT_SECONDS_MAX), False
    if wait := MEETINGS.seconds_over(level):
        return min(wait, MEETING_WAIT_SECONDS_MAX), False
    wait = SHARE.seconds_over(level)
    return wait, wait > 0


def _to_count(backend: Backend, seeker: Connection, key: str) -> int:
    """Return for how many searches this one is counted: each third for three, where few are made."""
    meter, now = backend.meter, backend.clock.now()
    if meter is None:
        return 0
    if seeker.met >= FIRST_SEARCHES or meter.is_held(key, now):
        return 1
    return SEARCHES_PER_WRITE if meter.batch(key, SEARCHES_PER_WRITE, now, UNTOLD_SECONDS) else 0


def _next_meeting(seeker: Connection) -> str:
    """Return what names somebody's next meeting: the transaction that pairs them counts it."""
    return f"{seeker.person} {seeker.met}"


def _key_of(seeker: Connection) -> str | None:
    """Return for whom meetings are counted: a known device for itself, newcomers for their address.

    On one's own machine everybody has one address and tries the product: nobody is slowed there.
    """
    if seeker.address is not None and seeker.address.startswith(OWN_MACHINE):
        return None
    newcomers = _newcomers_of(seeker.address)
    if seeker.newcomer_since is not None and newcomers is not None:
        return newcomers
    return f"meetings {seeker.device.key}" if seeker.device is not None else None


def _newcomers_of(address: str | None) -> str | None:
    return f"meetings {address}" if tells_people_apart(network_of(address)) else None
