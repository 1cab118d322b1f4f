"""Bans: deciding them by a report, telling a banned person of theirs, and cutting off a flood.

A ban that reports led to begins minutes later (reputation.py). From then on each connection of the device is refused at
its next search, whoever begins that. None is told before: of a person with ten windows the one that is told first would
name the conversation.
"""

from __future__ import annotations

from functools import partial

from functions.chat.backend import Backend
from functions.chat.conversation import departure, ending, standing
from functions.chat.model import reputation
from functions.chat.model.case import Case
from functions.chat.model.people import Ban, Connection, Member
from functions.chat.model.record import Charge, Record
from functions.chat.model.reputation import FLOOD
from functions.chat.moderation import admission
from functions.chat.protocol import events
from functions.chat.runtime import telemetry

FOLLOWED_MAX = 8  # connections that one after another continued the first one's; a longer row takes another call


def hold_against(backend: Backend, reported: Member, charge: Charge, number: str) -> None:
    """Charge the reported device; a ban that comes of it is noted, with the moment when it begins."""
    begins = reputation.ban_begins(charge.at, backend.random.random())
    alter = partial(_judged, charge=charge, number=number, begins=begins)
    before, after = backend.records.change(str(reported.device), alter)
    if after.ban is None or after.ban == before.ban:
        return
    telemetry.count("Bans")
    telemetry.logger.info("banned", case=number, reason=after.ban.reason, until=after.ban.until)
    backend.cases.note_ban(number, after.ban.until)


def enforce(backend: Backend, connection_id: str) -> None:
    """Take a banned person out of their room or queue, on the connection that continues this one by now."""
    connection = followed(backend, connection_id)
    if connection is None or connection.device is None:
        return None  # the device's next connection that searches is refused
    if connection.continued_by is not None:
        return backend.timers.enforce_later(connection.id)
    records = backend.records.get([connection.device, connection.address])
    ban = reputation.ban_that_applies(connection.device, records, backend.clock.now())
    if ban is not None:
        standing.mark(backend, connection, ban)
        _eject(backend, connection.id, ban)
    return None


def cut_off(backend: Backend, connection_id: str) -> None:
    """End a connection that floods, lock its device out for a minute or more, and let its address's newcomers wait."""
    closed = departure.vanish(backend, connection_id)
    # Each process that sees the flood asks for this, and goes on asking: it is one flood all the same.
    if closed is not None:
        telemetry.count("FloodsCutOff")
        telemetry.logger.warning("cut off", connection=connection_id)
        _ban_flood(backend, closed)
    backend.connections.close(connection_id)


def followed(backend: Backend, connection_id: str) -> Connection | None:
    """Return the connection that continues this one now, or this one; None when it is closed.

    Of a very long row it is one that another one continues.
    """
    for _ in range(FOLLOWED_MAX):
        found = backend.store.get_connections(connection_id).get(connection_id)
        if found is None or found.continued_by is None:
            return found
        connection_id = found.continued_by
    return found


def _eject(backend: Backend, connection_id: str, ban: Ban) -> None:
    departure.stop(backend, connection_id, None)
    refusal = admission.banned(ban)
    ending.tell(backend, connection_id, events.error(refusal.code, refusal.sentence, refusal.fields))


def _judged(record: Record, *, charge: Charge, number: str, begins: float) -> Record:
    # The next connection of either device learns that the two never meet again, whichever asks first.
    return reputation.judge(record.charged(charge).reported_by(charge.reporter), number, charge.at, begins)


def _ban_flood(backend: Backend, connection: Connection) -> None:
    now = backend.clock.now()
    number = backend.new_case_number()
    keys = tuple(key for key in (connection.device, connection.address) if key is not None)
    backend.cases.open(Case(number, FLOOD, now, subjects=keys))
    if connection.device is not None:
        backend.records.change(connection.device, lambda record: reputation.after_flood(record, number, now))
    standing.note_trouble(backend, connection.address)
