"""The other mode: whether it has a waiter whom a person who waits here in vain could meet."""

from __future__ import annotations

from dataclasses import replace

from functions.chat.backend import Backend
from functions.chat.model import pairing
from functions.chat.model.people import Connection
from functions.chat.protocol.fields import TEXT, VIDEO

OTHER_MODES = {TEXT: VIDEO, VIDEO: TEXT}


def other_mode_with_people(backend: Backend, waiter: Connection) -> str | None:
    """Return the other mode, if it is open and has a waiter who would meet this person.

    It is an offer and no promise: a few of the oldest tickets are read, half a read unit's worth, of one shard alone.
    """
    ticket = waiter.as_ticket()
    mode = OTHER_MODES[ticket.wish.mode]
    if mode in backend.switches().closed:
        return None
    there = replace(ticket, wish=replace(ticket.wish, mode=mode))
    ranking = pairing.rank(there, backend.queue.glance(waiter, mode), backend.clock.now(), backend.random)
    return mode if ranking.strangers else None
