"""Turns that were kept for long: counted anew when the meeting comes, and not before.

Sockets of one address could take their turns over hours in which nobody comes, and meet very many within minutes then.
So a turn lapses. Nobody is asked for another one merely because they wait: the handler that is about to pair two people
of different networks counts the turns of theirs that have lapsed once more. A seeker or waiter that gets none meets its
own network only, until there is one; one that is not paired after all has it given back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from functions.chat.backend import Backend
from functions.chat.conversation import meeting_pace
from functions.chat.model import pairing
from functions.chat.model.people import Connection, Ticket


class Renewed(NamedTuple):
    """Two who are about to meet, with turns that count; of whom they were counted anew, or for whom there was none."""

    seeker: Connection
    candidate: Ticket
    counted: tuple[Ticket, ...] = ()
    refused: Ticket | None = None

    def give_back(self, backend: Backend, *, seeker_too: bool = True) -> None:
        """Give back what was counted anew: the two do not meet; the seeker may keep its own for the next one."""
        for each in self.counted:
            if seeker_too or each.connection_id != self.seeker.id:
                meeting_pace.give_back(backend, account_of(each))


def renew(backend: Backend, seeker: Connection, candidate: Ticket) -> Renewed:
    """Count the turns of two anew that have lapsed, if their meeting takes one."""
    now, own = backend.clock.now(), seeker.as_ticket()
    counted: list[Ticket] = []
    for each in lapsed(candidate, own, now):
        if not meeting_pace.take_anew(backend, each):
            Renewed(seeker, candidate, tuple(counted)).give_back(backend)
            return Renewed(seeker, candidate, refused=each)
        counted.append(each)
    ids = {each.connection_id for each in counted}
    return Renewed(
        replace(seeker, turn_at=int(now)) if seeker.id in ids else seeker,
        replace(candidate, turn_at=int(now)) if candidate.connection_id in ids else candidate,
        tuple(counted),
    )


def lapsed(one: Ticket, other: Ticket, now: float) -> tuple[Ticket, ...]:
    """Return those of two whose turn has lapsed; people of one network need none to meet."""
    if pairing.are_neighbours(one, other):
        return ()
    return tuple(each for each in (one, other) if meeting_pace.has_lapsed(each.turn_at, now))


def account_of(ticket: Ticket) -> str | None:
    """Return for whom the meetings of a ticket's owner are counted."""
    return meeting_pace.account_of(ticket.address, ticket.newcomer_since, ticket.device)
