"""What is held against somebody who is about to search: looked up at most every few seconds, whoever has them search.

Whoever sends nothing but lines is moved on by those whom they meet, and is looked up all the same.
"""

from __future__ import annotations

from dataclasses import replace

from functions.chat.backend import Backend
from functions.chat.model.networks import network_of
from functions.chat.model.people import Ban, Connection
from functions.chat.model.reputation import ban_that_applies

# The `join` that follows a `$connect` relies on what that one read. Another window of a banned device goes on so long.
CHECKED_SECONDS = 10.0


def look_up(backend: Backend, connection: Connection) -> tuple[Connection, Ban | None]:
    """Return a connection with whom it avoids by now and what it is to be warned of, and the ban that keeps it out."""
    now = backend.clock.now()
    if connection.device is None or now - connection.checked_at < CHECKED_SECONDS:
        return connection, active_ban(connection, now)
    records = backend.records.get([connection.device.key, connection.address])
    # Whom this device reported on another connection meanwhile, is avoided on this one too.
    own_network = network_of(connection.address)
    reported = records[connection.device.key].avoids(own_network, now) - connection.avoided
    warning = records[connection.device.key].warning_at(now)
    checked = replace(connection, avoided=connection.avoided | reported, warning=warning)
    # Who finds this person in the queue has to know it, too. After a lost race the next look learns it again.
    if not reported or backend.store.avoid(connection, reported):
        checked = replace(checked, checked_at=now)
    return checked, ban_that_applies(connection.device, records, now)


def active_ban(connection: Connection, now: float) -> Ban | None:
    """Return the ban that is marked on a connection, while it lasts."""
    return connection.ban if connection.ban is not None and connection.ban.until > now else None
