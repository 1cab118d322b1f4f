"""Turns that were kept for more than 450 s: they are counted anew when the meeting comes, and not before.

Else the sockets of one address could take turns for hours while nobody comes, and then meet very many people within
minutes. A person who only waits takes no second turn: the handler that is about to pair two people of different
networks counts their lapsed turns once more. A seeker or waiter that gets no turn then meets only its own network until
there is one. If the two are not paired after all, the counted turns are given back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from functions.chat.backend import Backend
from functions.chat.conversation import meeting_pace
from functions.chat.model import pairing
from functions.chat.model.people import Connection, Ticket


class Renewed(NamedTuple):
    """Two people about to meet: `counted` are those whose turn was counted anew, `refused` is one who got none."""

    seeker: Connection
    candidate: Ticket
    counted: tuple[Ticket, ...] = ()
    refused: Ticket | None = None

    def give_back(self, backend: Backend, *, seeker_too: bool = True) -> None:
        """Give back the turns that were counted anew, as the two do not meet; the seeker may keep its own."""
        for each in self.counted:
            if seeker_too or each.connection_id != self.seeker.id:
                meeting_pace.give_back(backend, meeting_pace.account_of(each))


def renew(backend: Backend, seeker: Connection, candidate: Ticket) -> Renewed:
    """Count the lapsed turns of the two anew, if their meeting takes turns."""
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
    """Return the tickets of the two whose turn has lapsed; people of one network need no turn to meet."""
    if pairing.are_neighbours(one, other):
        return ()
    return tuple(each for each in (one, other) if meeting_pace.has_lapsed(each.turn_at, now))
