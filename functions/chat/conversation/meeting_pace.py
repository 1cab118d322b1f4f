"""The pace of meetings: a person who met very many people lately waits for the next one of another network.

A seeker takes a turn before it looks for anybody. All processes count turns in one number, so neither many sockets nor
many processes outrun it. The connection holds the turn until it meets somebody: a search that is left and begun anew
takes no second turn, and a turn kept for more than 450 s is counted anew when the meeting comes (kept_turns.py). A
seeker that gets no turn asks again with each `join`. A refused request takes nothing, so nobody waits for turns that
others only asked for. Newcomers of an address who meet more than their share solve a puzzle for each turn, until the
address has no turn left: an attacker's server solves puzzles cheaply, so puzzles alone would not stop it.
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
    """A seeker that asks: its account, the account of its address's newcomers, and the turns that it took."""

    account: str | None
    newcomers: str | None
    turns: int

    @property
    def is_newcomer(self) -> bool:
        return self.account == self.newcomers


def with_turn(backend: Backend, seeker: Connection, *, has_worked: bool = False) -> Connection:
    """Return the seeker with a turn, or as one that waits for a turn and asks again with its next `join`."""
    now = backend.clock.now()
    ready_at = None if seeker.waits_for_turn else seeker.ready_at
    if seeker.has_turn and not has_lapsed(seeker.turn_at, now):
        return replace(seeker, ready_at=ready_at, may_work=False)
    asking = _Asking(account_of(seeker.as_ticket()), _newcomers_of(seeker.address), seeker.turns)
    answer = _ask(backend, asking, has_worked=has_worked)
    if answer is Answer.TAKEN:
        taken = replace(seeker, turn_of=seeker.met, turn_at=int(now), turns=seeker.turns + 1)
        return replace(taken, ready_at=ready_at, may_work=False)
    return replace(seeker, ready_at=NO_TIME, may_work=answer is Answer.WORK, turn_of=None)


def has_lapsed(turn_at: float | None, now: float) -> bool:
    """Tell whether a turn was taken so long ago that its meeting is counted anew."""
    return turn_at is None or now - turn_at > TURN_KEPT_SECONDS


def take_anew(backend: Backend, waiter: Ticket) -> bool:
    """Count a turn that has lapsed once more; False where there is none now.

    It is counted as one, so that one can be given back. A waiter of so long may take one of its address's last turns,
    and is asked for no work, which it could not do in time. A known device gives its address's newcomers no turn back
    for it.
    """
    account, newcomers = account_of(waiter), _newcomers_of(waiter.address)
    asking = _Asking(account, newcomers if account == newcomers else None, 0)
    return _take(backend, asking, 1, has_worked=True) is Answer.TAKEN


def give_back(backend: Backend, account: str | None) -> None:
    """Give an account the turn back that led to no meeting and that no connection holds."""
    if account is not None and backend.meter is not None:
        backend.shared_pace.give_back(account, 1)


def account_of(ticket: Ticket) -> str | None:
    """Return the account of an owner's meetings: a known device's own, or the one of its address's newcomers.

    On a developer's own machine all people have one address and try the product: nobody is slowed there.
    """
    if ticket.address is not None and ticket.address.startswith(OWN_MACHINE):
        return None
    newcomers = _newcomers_of(ticket.address)
    if ticket.newcomer_since is not None and newcomers is not None:
        return newcomers
    return f"meetings {ticket.device}" if ticket.device is not None else None


def work_for(backend: Backend, waiter: Connection) -> Event:
    """Return the puzzle for the next meeting of a waiter that may work instead of waiting; else an empty event."""
    if not waiter.may_work or waiter.address is None:
        return {}
    from functions.chat.model import puzzle  # noqa: PLC0415 - a waiter that holds a turn never needs it

    chance = backend.random.getrandbits(puzzle.NUMBER_BITS + puzzle.SALT_BITS)
    return {"puzzle": puzzle.make(waiter.address, _next_meeting(waiter), chance, backend.clock.now())}


def has_worked(backend: Backend, seeker: Connection, solution: str | None) -> bool:
    """Tell whether `solution` solves the puzzle of the seeker's next meeting.

    The puzzle was signed with the pseudonym of the seeker's address: a keyed hash, which no client knows.
    """
    if solution is None or seeker.address is None:
        return False
    from functions.chat.model import puzzle  # noqa: PLC0415 - as above

    return puzzle.is_solved(seeker.address, _next_meeting(seeker), solution, backend.clock.now())


def _ask(backend: Backend, asking: _Asking, *, has_worked: bool) -> Answer:
    """Take a turn, if there is one; where few are taken, each third turn is counted for three."""
    account = asking.account
    turns = _to_count(backend, account, asking.turns) if account is not None else 0
    return _take(backend, asking, turns, has_worked=has_worked) if turns else Answer.TAKEN


def _take(backend: Backend, asking: _Asking, turns: int, *, has_worked: bool) -> Answer:
    """Count so many turns, if there are as many; of a watched account the level is read before a turn is counted."""
    account = asking.account
    if backend.meter is None or account is None:
        return Answer.TAKEN
    pace, owes_work = backend.shared_pace, asking.is_newcomer and not has_worked
    burst = MEETINGS.burst - (min(asking.turns, RESERVED) if asking.is_newcomer else 0)
    if backend.meter.is_held(account, backend.clock.now()):
        answer = _answer(backend, account, pace.level(account, MEETINGS) + turns, burst, owes_work=owes_work)
        if answer is not Answer.TAKEN:
            return answer
    level = pace.pour_to(account, turns, MEETINGS)
    answer = _answer(backend, account, level, burst, owes_work=owes_work)
    if answer is not Answer.TAKEN:
        pace.give_back(account, 1)
    elif not asking.is_newcomer and asking.newcomers is not None and level <= SHARE.burst:
        pace.give_back(asking.newcomers, turns)  # not for one that meets everybody: it would pay for its own newcomers
    return answer


def _answer(backend: Backend, account: str, level: float, burst: float, *, owes_work: bool) -> Answer:
    """Return the answer at this level of the account; above the share the account is watched, and each turn counted."""
    if level > SHARE.burst and backend.meter is not None:
        backend.meter.hold(account, backend.clock.now() + WATCHED_SECONDS)
    if level > burst:
        return Answer.LATER
    return Answer.WORK if owes_work and level > SHARE.burst else Answer.TAKEN


def _to_count(backend: Backend, account: str, turns: int) -> int:
    """Return how many turns are counted now: 0 while this process still collects three of them."""
    meter, now = backend.meter, backend.clock.now()
    if meter is None:
        return 0
    if turns >= FIRST_SEARCHES or meter.is_held(account, now):
        return 1
    return SEARCHES_PER_WRITE if meter.batch(account, SEARCHES_PER_WRITE, now, UNTOLD_SECONDS) else 0


def _next_meeting(seeker: Connection) -> str:
    """Return the name of the seeker's next meeting: its person, and a number that each pairing counts up."""
    return f"{seeker.person} {seeker.met}"


def _newcomers_of(address: str | None) -> str | None:
    return f"meetings {address}" if tells_people_apart(network_of(address)) else None
