"""How many people one person meets: a person that met very many lately waits for the next one of another network.

Whoever searches takes a turn before anybody is found, in one number for all processes, so that neither many sockets nor
many processes outrun it. It is held until it was used: a search that is left and begun anew takes no second one. Who
gets none asks again with each `join`, and what is refused takes nothing, so that nobody waits for what others only
asked for. Newcomers of an address who meet more than their share do a little work for each turn, up to the rate at
which there is none for anybody: work is cheap for a server, a turn is not.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from functions.chat.backend import Backend
from functions.chat.model.networks import OWN_MACHINE, network_of, tells_people_apart
from functions.chat.model.people import NO_TIME, Connection
from functions.chat.model.rates import (
    FIRST_SEARCHES,
    MEETINGS,
    RESERVED,
    SEARCHES_PER_WRITE,
    SHARE,
    UNTOLD_SECONDS,
    WATCHED_SECONDS,
)
from functions.chat.protocol.events import Event


class Answer(Enum):
    """The answer to a connection that asks for a turn."""

    TAKEN = "a turn"
    WORK = "one as soon as they have worked, or later without"
    LATER = "none for now"


def with_turn(backend: Backend, seeker: Connection, *, has_worked: bool = False) -> Connection:
    """Return somebody who searches, with a turn or as one who waits for it and asks again."""
    now = backend.clock.now()
    ready_at = seeker.ready_at if seeker.ready_at is not None and now < seeker.ready_at < NO_TIME else None
    if seeker.has_turn:
        return replace(seeker, ready_at=ready_at, may_work=False)
    answer = _ask(backend, seeker, has_worked=has_worked)
    if answer is Answer.TAKEN:
        return replace(seeker, ready_at=ready_at, may_work=False, turn_of=seeker.met, turns=seeker.turns + 1)
    return replace(seeker, ready_at=NO_TIME, may_work=answer is Answer.WORK)


def give_back(backend: Backend, seeker: Connection) -> None:
    """Take back the turn of a newcomer that found nobody and may not wait: nothing of it is written down."""
    key = _key_of(seeker)
    if seeker.has_turn and key is not None:
        backend.shared_pace.give_back(key, 1)


def work_for(backend: Backend, waiter: Connection) -> Event:
    """Return what somebody is told who may work instead of waiting: a puzzle for the next meeting; others nothing."""
    if not waiter.may_work or waiter.address is None:
        return {}
    from functions.chat.model import puzzle  # noqa: PLC0415 - people who wait for nothing never need it

    chance = backend.random.getrandbits(puzzle.NUMBER_BITS + puzzle.SALT_BITS)
    return {"puzzle": puzzle.make(waiter.address, _next_meeting(waiter), chance, backend.clock.now())}


def has_worked(backend: Backend, seeker: Connection, solution: str | None) -> bool:
    """Tell whether this solves the puzzle of somebody's next meeting.

    It was signed with the pseudonym of their address: a keyed hash, which no client knows.
    """
    if solution is None or seeker.address is None:
        return False
    from functions.chat.model import puzzle  # noqa: PLC0415 - as above

    return puzzle.is_solved(seeker.address, _next_meeting(seeker), solution, backend.clock.now())


def _ask(backend: Backend, seeker: Connection, *, has_worked: bool) -> Answer:
    """Take a turn, if there is one; who is watched is not counted before it is known that there is."""
    key, newcomers = _key_of(seeker), _newcomers_of(seeker.address)
    if backend.meter is None or key is None or not (turns := _to_count(backend, seeker, key)):
        return Answer.TAKEN
    pace, owes_work = backend.shared_pace, key == newcomers and not has_worked
    burst = MEETINGS.burst - (min(seeker.turns, RESERVED) if key == newcomers else 0)
    if backend.meter.is_held(key, backend.clock.now()):
        answer = _answer(backend, key, pace.level(key, MEETINGS) + turns, burst, owes_work=owes_work)
        if answer is not Answer.TAKEN:
            return answer
    answer = _answer(backend, key, pace.pour_to(key, turns, MEETINGS), burst, owes_work=owes_work)
    if answer is not Answer.TAKEN:
        pace.give_back(key, 1)
    elif key != newcomers and newcomers is not None:
        pace.give_back(newcomers, turns)
    return answer


def _answer(backend: Backend, key: str, level: float, burst: float, *, owes_work: bool) -> Answer:
    """Return what somebody gets where so many turns are taken then; count each from now on where that is many."""
    if level > SHARE.burst and backend.meter is not None:
        backend.meter.hold(key, backend.clock.now() + WATCHED_SECONDS)
    if level > burst:
        return Answer.LATER
    return Answer.WORK if owes_work and level > SHARE.burst else Answer.TAKEN


def _to_count(backend: Backend, seeker: Connection, key: str) -> int:
    """Return for how many turns this one is counted: each third for three, where few are taken."""
    meter, now = backend.meter, backend.clock.now()
    if meter is None:
        return 0
    if seeker.turns >= FIRST_SEARCHES or meter.is_held(key, now):
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
