"""The effects of a report: the two never meet again, it is kept, and it weighs what its reporter's word weighs.

A handler may die after each step, and each step may be repeated: a block that is there stays, a reporter counts once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from functions.chat.aws.identity_keys import KeyUnavailableError
from functions.chat.backend import Backend
from functions.chat.conversation import departure, history, search
from functions.chat.model import reputation
from functions.chat.model.case import Case, report_number
from functions.chat.model.networks import front_of, known_of, network_of, shunned_name, tells_people_apart
from functions.chat.model.people import Connection, Member, Room
from functions.chat.model.rates import (
    FULL_WORDS_OF_DEVICE,
    REPORTS_IN_FRONT,
    REPORTS_OF_DEVICE,
    REPORTS_OF_KNOWN,
    REPORTS_OF_NEWCOMERS,
    Rate,
)
from functions.chat.model.record import Charge, Record
from functions.chat.model.reputation import Contact
from functions.chat.moderation import bans
from functions.chat.runtime import telemetry
from functions.chat.storage.table import Busy

AVOIDS_MAX = 4  # each lost race means that another report of the same person was kept just now


class Filing(NamedTuple):
    """A report as it came: its case, the contact of the two, and how many of the peer's lines the reporter had."""

    case: Case
    contact: Contact
    ack: int | None = None


def report(backend: Backend, connection: Connection, room: Room, filing: Filing) -> bool:
    """Keep the two apart, keep the report, end the room, and charge the reported device with the report's weight.

    Return whether the report is new; one that is sent again is weighed once all the same.
    """
    seat = room.seat_of_member(connection.person)
    reporter, reported = room.members[seat], room.peer(seat)
    own = _keep_apart(backend, connection, room)
    if connection.ticket_id is not None:
        search.show_again(backend, connection.id)
    keep = partial(_keep, backend, filing.case)
    # The peer learns that the conversation is over, not why.
    ended = None
    if room.is_open:
        is_new, ended = departure.part(backend, room, connection, keep, filing.ack)
    else:
        is_new = keep()
    if not is_new and (own is None or _is_weighed(backend, filing.case, reported)):
        return False
    weight = _weigh(backend, own, (reporter, reported), filing) if own is not None else 0.0
    if not weight:
        backend.cases.put_last(filing.case.number)
    if ended is not None and not weight:
        history.note_member(backend, reported, ended)  # a liar takes nobody's day of talking
    return is_new


def case_of(backend: Backend, room: Room, seat: int, reason: str, note: str) -> Case:
    """Return the case of a report: the same number when it is sent again."""
    reporter, reported = room.members[seat], room.peer(seat)
    try:
        number = report_number(backend.keyring(), room.id, seat)
    except KeyUnavailableError:
        raise Busy from None
    about = tuple(key for key in (reported.device, reported.address) if key is not None)
    now = backend.clock.now()
    kept = Case(number, reason, now, about, room.id, reporter.person, reporter.device, reported.person, note)
    return replace(kept, reporter_network=network_of(reporter.address) or None)


def _keep(backend: Backend, case: Case) -> bool:
    """Keep a report; return whether it was not kept before."""
    is_new = backend.cases.open(case)
    if is_new:
        telemetry.count("Reports")
        telemetry.logger.info("reported", room=case.room, case=case.number, reason=case.reason)
    return is_new


def _is_weighed(backend: Backend, case: Case, reported: Member) -> bool:
    """Tell whether a report that is sent again was weighed before: it is charged, or known to weigh nothing.

    Else its handler died, or was told that the table is busy: it is weighed now, and counts in all rates. A report that
    could come again with a proof, or after a refusal, and count in none would make these rates worth nothing.
    """
    kept = backend.cases.get(case.number)
    charges = backend.records.get([reported.device])[str(reported.device)].charges
    return (kept is not None and kept.weighs_nothing) or any(each.reporter == case.reporter_device for each in charges)


def _weigh(backend: Backend, own: Record, pair: tuple[Member, Member], filing: Filing) -> float:
    """Charge the reported device with a report, and return its weight, or 0; `own` is the reporter's record."""
    reporter, reported = pair
    case = filing.case
    now, network = backend.clock.now(), network_of(reporter.address)
    weight = reputation.weight_of_report(own, case.reason, filing.contact, now)
    may = partial(_may, backend)
    speaker = str(reporter.device) if own.is_known(now) else None
    stands_alone = False
    if weight and speaker and network == network_of(reported.address):
        stands_alone = may(known_of(speaker), FULL_WORDS_OF_DEVICE)
        weight = weight if stands_alone else reputation.newcomers_weight(weight)
        if tells_people_apart(network) and not may(front_of(network), REPORTS_IN_FRONT):
            backend.cases.put_last(case.number)
    elif weight and network:
        weight = _weight_of_network(may, network, weight, speaker)
    elif not speaker:
        weight = 0.0  # an unknown address stands for no network
    charge = Charge(str(reporter.device), network, weight, now, case.reason, stands_alone)
    bans.hold_against(backend, reported, charge, case.number)
    return weight


def _weight_of_network(may: Callable[[str, Rate], bool], network: str, weight: float, speaker: str | None) -> float:
    """Count a report among those of its network; `speaker` is the device where it is known.

    A known device's report weighs as a newcomer's once its own share, or its network's full words, are used up.
    """
    if speaker and may(known_of(speaker), FULL_WORDS_OF_DEVICE) and may(known_of(network), REPORTS_OF_KNOWN):
        return weight
    return reputation.newcomers_weight(weight) if may(network, REPORTS_OF_NEWCOMERS) else 0.0


def _may(backend: Backend, key: str, rate: Rate) -> bool:
    """Count a report of these devices; False when they used up their rate, or are doubted after a lie.

    A refused one takes nothing: a bucket that each of them filled again would never let another one pass.
    """
    now = backend.clock.now()

    def spend(record: Record) -> Record:
        spent = record.having_spent(rate, now)
        return record if spent.overflows(rate, now) else spent

    before, after = backend.records.change(key, spend)
    return after != before and now >= after.doubted_until


def _keep_apart(backend: Backend, connection: Connection, room: Room) -> Record | None:
    """Never pair the two again, on any connection of their devices; return the reporting device's record, if any."""
    seat = room.seat_of_member(connection.person)
    reporter, reported = room.members[seat], room.peer(seat)
    is_own = reported.device == reporter.device
    network = network_of(reported.address)
    is_shunned = not is_own and tells_people_apart(network)
    now = backend.clock.now()
    names = _names_of(reported, with_device=not is_own)
    shunned = {shunned_name(network, now, network_of(reporter.address))} if is_shunned else set()
    seen = _avoid(backend, connection.id, connection, names | shunned, counts=connection.met > 0)
    _avoid_back(backend, reported.connection_id, _names_of(reporter, with_device=not is_own))
    if reporter.device is None or reported.device is None or is_own:
        return None
    device = reported.device
    met = seen.met - seen.met_counted if seen is not None and connection.met else 0

    def alter(own: Record) -> Record:
        told = own.having_reported(device, met, REPORTS_OF_DEVICE, now)
        return told.shunning(network, now) if is_shunned and told != own else told

    _, after = backend.records.change(reporter.device, alter)
    return after


def _avoid_back(backend: Backend, connection_id: str, names: frozenset[str]) -> None:
    """Have the reported person's connection, or the one that continues it, avoid the reporter.

    The reporter's other window may have looked its device up seconds ago, and the room may have ended long before.
    """
    if _avoid(backend, connection_id, None, names) is None:
        now = bans.followed(backend, connection_id)
        if now is not None:
            _avoid(backend, now.id, None, names)


def _avoid(
    backend: Backend, connection_id: str, seen: Connection | None, names: frozenset[str], *, counts: bool = False
) -> Connection | None:
    """Have a connection avoid these names, and return it as it was; None when it is closed, or continued by another.

    With `counts` all of its rooms are noted as counted: of several reports at once each one counts other rooms.
    """
    for _ in range(AVOIDS_MAX):
        seen = seen or backend.store.get_connection(connection_id)
        if seen is None:
            return None
        if backend.store.avoid(seen, names, seen.met if counts else None):
            return seen
        seen = None
    raise Busy


def _names_of(member: Member, *, with_device: bool) -> frozenset[str]:
    return frozenset({member.person, member.device} if with_device and member.device is not None else {member.person})
