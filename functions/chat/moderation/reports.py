"""What a report does, and what a flood: blocks, charges, bans, and taking somebody out at once.

Each step may be the last one, and each may be repeated: a block that is there stays, a reporter counts once.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from functions.chat.aws.identity_keys import KeyUnavailableError
from functions.chat.backend import Backend
from functions.chat.conversation import departure, ending
from functions.chat.model.people import Ban, Connection, Member, Room
from functions.chat.model.reputation import (
    EVASION_WEIGHT,
    FLOOD,
    Charge,
    Record,
    after_flood,
    judge,
    judge_address,
)
from functions.chat.moderation import admission
from functions.chat.protocol import events
from functions.chat.runtime import telemetry
from functions.chat.storage import cases
from functions.chat.storage.cases import Case
from functions.chat.storage.table import Busy

AVOIDS_MAX = 4  # each lost race means that another report of the same person was kept just now


def report(backend: Backend, connection: Connection, room: Room, reason: str, note: str) -> tuple[str, Ban | None]:
    """Keep the two apart, keep the report, and return its number and the ban that it leads to, if any."""
    position = room.place(connection.person)
    reporter, reported = room.members[position], room.peer(position)
    weight = _keep_apart(backend, connection, room, reason)
    try:
        number = cases.report_number(backend.keyring(), room.id, position)
    except KeyUnavailableError:
        raise Busy from None
    about = tuple(key for key in (reported.device, reported.address) if key is not None)
    case = Case(number, reason, backend.clock.now(), about, room.id, reporter.person, reporter.device, reported.person)
    if backend.cases.open(replace(case, note=note)):
        telemetry.count("Reports")
        telemetry.logger.info("reported", room=room.id, case=number, reason=reason)
    if not weight:
        return number, None
    charge = Charge(str(reporter.device), reporter.address or "", weight, backend.clock.now())
    return number, _hold_against(backend, reported, charge, number, reason)


def eject(backend: Backend, connection_id: str, ban: Ban) -> None:
    """Take somebody who was banned out of whatever they are in by now, and tell them."""
    departure.stop(backend, connection_id, None)
    refusal = admission.banned(ban)
    ending.tell(backend, connection_id, events.error(refusal.code, refusal.sentence, refusal.fields))


def cut_off(backend: Backend, connection_id: str) -> None:
    """End a connection that floods, and lock its device and its address's newcomers out for a minute or more."""
    connection = backend.store.get_connection(connection_id)
    telemetry.count("FloodsCutOff")
    telemetry.logger.warning("cut off", connection=connection_id)
    if connection is not None:
        _ban_flood(backend, connection)
        departure.vanish(backend, connection_id)
    backend.connections.close(connection_id)


def _keep_apart(backend: Backend, connection: Connection, room: Room, reason: str) -> float:
    """Never pair the two again, on any connection of their devices; return what the report weighs."""
    position = room.place(connection.person)
    reporter, reported = room.members[position], room.peer(position)
    is_own = reported.device == reporter.device
    _avoid(backend, connection.id, connection, _names_of(reported, with_device=not is_own))
    _avoid_back(backend, room, reported, _names_of(reporter, with_device=not is_own))
    if reporter.device is None or reported.device is None or is_own:
        return 0.0
    now = backend.clock.now()
    before, _ = backend.records.change(reporter.device, lambda own: own.having_reported((str(reported.device),), now))
    return before.weight_of_report(reason, now)


def _avoid_back(backend: Backend, room: Room, reported: Member, names: frozenset[str]) -> None:
    """Have the reported one's connection avoid the reporter: another one of the reporter's may be open already."""
    if _avoid(backend, reported.connection_id, None, names):
        return
    again = backend.rooms.get(room.id)
    speaker = again.members[again.place(reported.person)].connection_id if again is not None else None
    if speaker is not None and speaker != reported.connection_id:
        _avoid(backend, speaker, None, names)


def _avoid(backend: Backend, connection_id: str, seen: Connection | None, names: frozenset[str]) -> bool:
    """Have a connection avoid these names; False when it is closed, or continued by another."""
    for _ in range(AVOIDS_MAX):
        seen = seen or backend.store.get_connection(connection_id)
        if seen is None:
            return False
        if backend.store.avoid(seen, names):
            return True
        seen = None
    raise Busy


def _names_of(member: Member, *, with_device: bool) -> frozenset[str]:
    return frozenset({member.person, member.device} if with_device and member.device is not None else {member.person})


def _hold_against(backend: Backend, reported: Member, charge: Charge, number: str, reason: str) -> Ban | None:
    """Charge the reported device; a ban that comes of it is noted wherever it matters."""
    alter = partial(_judged, charge=charge, number=number, reason=reason)
    before, after = backend.records.change(str(reported.device), alter)
    if after.ban is None or after.ban == before.ban:
        return None
    telemetry.count("Bans")
    telemetry.logger.info("banned", case=number, reason=reason, until=after.ban.until)
    backend.cases.note_ban(number, after.ban.until)
    backend.store.mark_banned(reported.connection_id, after.ban)
    if reported.address is not None:
        _charge_address(backend, number, reported, reported.address)
    return after.ban


def _judged(record: Record, *, charge: Charge, number: str, reason: str) -> Record:
    # Either side's next connection learns who is not to be met, whichever of them asks first.
    return judge(record.charged(charge).reported_by(charge.reporter), number, reason, charge.at)


def _charge_address(backend: Backend, number: str, reported: Member, address: str) -> None:
    """Note that a device of this address was banned: whoever clears their browser comes back as another one."""
    now = backend.clock.now()
    charge = Charge(str(reported.device), "", EVASION_WEIGHT, now)
    backend.records.change(address, lambda record: judge_address(record.charged(charge), number, now))


def _ban_flood(backend: Backend, connection: Connection) -> None:
    now = backend.clock.now()
    number = backend.new_case_number()
    keys = [key for key in (connection.device and connection.device.key, connection.address) if key]
    backend.cases.open(Case(number, FLOOD, now, subjects=tuple(keys)))
    for key in keys:
        backend.records.change(key, lambda record: after_flood(record, number, now))
