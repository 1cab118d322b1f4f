"""The ban, the warning and the avoided of a person about to search: looked up at most every 10 s, whoever begins it.

A person who sends nothing but lines is moved on by the people they meet, and is looked up all the same. So is a person
who has waited for long without a word, by the handler that finds them.
"""

from __future__ import annotations

from dataclasses import replace

from functions.chat.backend import Backend, waiting_since
from functions.chat.model.networks import OWN_MACHINE, network_of
from functions.chat.model.people import Ban, Connection, Ticket
from functions.chat.model.reputation import ban_that_applies

# A `join` soon after `$connect` relies on the records that the latter read. Another window of a banned device goes on
# for as long.
CHECKED_SECONDS = 10.0
# A waiter was looked up when it entered the queue. A page asks again every few seconds, and is looked up then; sockets
# that only wait, or are continued by others, were not, and would meet people for as long as a ban lasts.
TICKET_TRUSTED_SECONDS = 60.0


def look_up(backend: Backend, connection: Connection) -> tuple[Connection, Ban | None]:
    """Return a connection with the names that it avoids and its warning by now, and the ban that keeps it out."""
    now = backend.clock.now()
    if connection.device is None or now - connection.checked_at < CHECKED_SECONDS:
        return connection, active_ban(connection, now)
    records = backend.records.get([connection.device, connection.address])
    # This connection also avoids people whom its device reported on another connection meanwhile.
    own_network = network_of(connection.address)
    reported = records[connection.device].avoids(own_network, now) - connection.avoided
    warning = records[connection.device].warning_at(now)
    checked = replace(connection, avoided=connection.avoided | reported, warning=warning)
    # A seeker that finds this person in the queue has to know that, too. After a lost race the next look learns it
    # again.
    if not reported or backend.store.avoid(connection, reported):
        checked = replace(checked, checked_at=now)
    return checked, ban_that_applies(connection.device, records, now)


def looked_up(backend: Backend, waiter: Ticket) -> Ticket | None:
    """Return a waiter that is about to be met, with the names that it avoids by now.

    Return None for one that was banned while it waited; it is taken out of the queue then.
    """
    now = backend.clock.now()
    if waiter.device is None or now - waiting_since(waiter.id) < TICKET_TRUSTED_SECONDS:
        return waiter
    records = backend.records.get([waiter.device, waiter.address])
    if ban_that_applies(waiter.device, records, now) is not None:
        backend.timers.enforce_later(waiter.connection_id)
        return None
    reported = records[waiter.device].avoids(network_of(waiter.address), now)
    return replace(waiter, avoided=waiter.avoided | reported)


def mark(backend: Backend, connection: Connection, ban: Ban) -> None:
    """Mark a connection with the ban that keeps it out, and note the trouble of its address when that is new to it.

    The address is where the banned person is by now: the one of the conversation that was reported would name it.
    """
    backend.store.mark_banned(connection.id, ban)
    if connection.ban != ban:
        note_trouble(backend, connection.address)


def note_trouble(backend: Backend, address: str | None) -> None:
    """Note trouble from an address; not from this machine itself, which everybody shares."""
    if address is not None and not address.startswith(OWN_MACHINE):
        now = backend.clock.now()
        backend.records.change(address, lambda record: record.troubled(now))


def active_ban(connection: Connection, now: float) -> Ban | None:
    """Return the ban that is marked on a connection, while it lasts."""
    return connection.ban if connection.ban is not None and connection.ban.until > now else None
