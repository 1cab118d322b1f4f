"""How many people one person meets: a person that met very many lately waits for the next one of another network.

Counted only where many are met, so that people cost nothing: a process lets some searches pass before it has the others
counted for all processes, which costs a write for each. Newcomers of an address who meet more than their share may do a
little work instead of waiting, up to the rate at which everybody waits.
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
    SHARE_OF_NEWCOMERS,
    SHARE_UNWATCHED,
    Rate,
)
from functions.chat.protocol.events import Event
from functions.chat.runtime.leaky_bucket import Pace


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
    key, is_newcomer = _key_of(seeker), seeker.newcomer_since is not None
    if key is None:
        return 0.0, False
    wait = _seconds_over(backend, key, MEETINGS_UNWATCHED, MEETINGS_OF_NEWCOMERS if is_newcomer else MEETINGS_OF_KNOWN)
    if wait or not is_newcomer or not tells_people_apart(network_of(seeker.address)):
        return wait, False
    wait = _seconds_over(backend, f"share of {key}", SHARE_UNWATCHED, SHARE_OF_NEWCOMERS)
    return wait, wait > 0


def _seconds_over(backend: Backend, key: str, unwatched: Rate, rate: Rate) -> float:
    meter = backend.meter
    if meter is None or meter.take(key, unwatched, backend.clock.now()) is Pace.FINE:
        return 0.0
    return min(backend.shared_pace.pour(key, 1, rate), MEETING_WAIT_SECONDS_MAX)


def _next_meeting(seeker: Connection) -> str:
    """Return what names somebody's next meeting: the transaction that pairs them counts it."""
    return f"{seeker.person} {seeker.met}"


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
