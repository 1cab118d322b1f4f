"""How many people one person meets: a person that met very many lately waits for the next one of another network.

A seeker takes a turn before anybody is found, in one number for all processes, so that neither many sockets nor
many processes outrun it. It is held until it was used: a search that is left and begun anew takes no second one, and
one that was kept for long is counted anew when the meeting comes (kept_turns.py). A seeker that gets none asks again
with each `join`, and what is refused takes nothing, so that nobody waits for what others only asked for. Newcomers of
an address who meet more than their share do a little work for each turn, up to the rate at which there is none for
anybody: work is cheap for a server, a turn is not.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import NamedTuple

from functions.chat.backend import Backend
from functions.chat.model.networks import OWN_MACHINE, network_of, tells_people_apart
from functions.chat.model.people import NO_TIME, Connection, Ticket
from functions.chat.model.rates import (
    FIRST_SEARCHES,
    MEETINGS,
    RESERVED,
    SEARCHES_PER_WRITE,
    SHARE,
    TURN_KEPT_SECONDS,
    UNTOLD_SECONDS,
    WATCHED_SECONDS,
)
from functions.chat.protocol.events import Event


class Answer(Enum):
    """The answer to a connection that asks for a turn."""

    TAKEN = "a turn"
    WORK = "one as soon as they have worked, or later without"
    LATER = "none for now"


class _Asking(NamedTuple):
    """A seeker that asks: the account in which its meetings are counted, its address's, and the turns that it took."""

    account: str | None
    newcomers: str | None
    turns: int

    @property
    def is_newcomer(self) -> bool:
        return self.account == self.newcomers


def with_turn(backend: Backend, seeker: Connection, *, has_worked: bool = False) -> Connection:
    """Return somebody who searches, with a turn or as one who waits for it and asks again."""
    now = backend.clock.now()
    ready_at = seeker.ready_at if seeker.ready_at is not None and now < seeker.ready_at < NO_TIME else None
    if seeker.has_turn and not has_lapsed(seeker.turn_at, now):
        return replace(seeker, ready_at=ready_at, may_work=False)
    device = seeker.device.key if seeker.device is not None else None
    account = account_of(seeker.address, seeker.newcomer_since, device)
    answer = _ask(backend, _Asking(account, _newcomers_of(seeker.address), seeker.turns), has_worked=has_worked)
    if answer is Answer.TAKEN:
        taken = replace(seeker, turn_of=seeker.met, turn_at=int(now), turns=seeker.turns + 1)
        return replace(taken, ready_at=ready_at, may_work=False)
    return replace(seeker, ready_at=NO_TIME, may_work=answer is Answer.WORK, turn_of=None)


def has_lapsed(turn_at: float | None, now: float) -> bool:
    """Tell whether a turn was taken so long ago that its meeting is counted anew."""
    return turn_at is None or now - turn_at > TURN_KEPT_SECONDS


def take_anew(backend: Backend, waiter: Ticket) -> bool:
    """Count a turn that has lapsed once more; False where there is none now.

    It is counted by itself, so that as much can be given back. A waiter of so long may have one of the last ones,
    and is asked for no work, which could not be done in time. A known device gives nothing for it.
    """
    account = account_of(waiter.address, waiter.newcomer_since, waiter.device)
    newcomers = _newcomers_of(waiter.address)
    asking = _Asking(account, newcomers if account == newcomers else None, 0)
    return _take(backend, asking, 1, has_worked=True) is Answer.TAKEN


def give_back(backend: Backend, account: str | None) -> None:
    """Take back a turn that came to nothing, and of which nothing stays written down."""
    if account is not None and backend.meter is not None:
        backend.shared_pace.give_back(account, 1)


def account_of(address: str | None, newcomer_since: float | None, device: str | None) -> str | None:
    """Return for whom meetings are counted: a known device for itself, newcomers for their address.

    On one's own machine everybody has one address and tries the product: nobody is slowed there.
    """
    if address is not None and address.startswith(OWN_MACHINE):
        return None
    newcomers = _newcomers_of(address)
    if newcomer_since is not None and newcomers is not None:
        return newcomers
    return f"meetings {device}" if device is not None else None


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


def _ask(backend: Backend, asking: _Asking, *, has_worked: bool) -> Answer:
    """Take a turn, if there is one: each third for three, where few are taken."""
    account = asking.account
    turns = _to_count(backend, account, asking.turns) if account is not None else 0
    return _take(backend, asking, turns, has_worked=has_worked) if turns else Answer.TAKEN


def _take(backend: Backend, asking: _Asking, turns: int, *, has_worked: bool) -> Answer:
    """Count so many turns, if there are; who is watched is not counted before it is known that there are."""
    account = asking.account
    if backend.meter is None or account is None:
        return Answer.TAKEN
    pace, owes_work = backend.shared_pace, asking.is_newcomer and not has_worked
    burst = MEETINGS.burst - (min(asking.turns, RESERVED) if asking.is_newcomer else 0)
    if backend.meter.is_held(account, backend.clock.now()):
        answer = _answer(backend, account, pace.level(account, MEETINGS) + turns, burst, owes_work=owes_work)
        if answer is not Answer.TAKEN:
            return answer
    answer = _answer(backend, account, pace.pour_to(account, turns, MEETINGS), burst, owes_work=owes_work)
    if answer is not Answer.TAKEN:
        pace.give_back(account, 1)
    elif not asking.is_newcomer and asking.newcomers is not None:
        pace.give_back(asking.newcomers, turns)
    return answer


def _answer(backend: Backend, account: str, level: float, burst: float, *, owes_work: bool) -> Answer:
    """Return what somebody gets where so many turns are taken then; count each from now on where that is many."""
    if level > SHARE.burst and backend.meter is not None:
        backend.meter.hold(account, backend.clock.now() + WATCHED_SECONDS)
    if level > burst:
        return Answer.LATER
    return Answer.WORK if owes_work and level > SHARE.burst else Answer.TAKEN


def _to_count(backend: Backend, account: str, turns: int) -> int:
    """Return for how many turns this one is counted, beside those that this process keeps to itself."""
    meter, now = backend.meter, backend.clock.now()
    if meter is None:
        return 0
    if turns >= FIRST_SEARCHES or meter.is_held(account, now):
        return 1
    return SEARCHES_PER_WRITE if meter.batch(account, SEARCHES_PER_WRITE, now, UNTOLD_SECONDS) else 0


def _next_meeting(seeker: Connection) -> str:
    """Return what names somebody's next meeting: the transaction that pairs them counts it."""
    return f"{seeker.person} {seeker.met}"


def _newcomers_of(address: str | None) -> str | None:
    return f"meetings {address}" if tells_people_apart(network_of(address)) else None
