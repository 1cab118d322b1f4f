"""Undoing the bans of an organised group of false reporters: one decision for all of its victims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from functions.chat.model.case import Case
from functions.chat.model.networks import tells_people_apart
from functions.chat.model.record import DAY, Charge, Record
from infra.operator.bans import devices_of
from infra.operator.office import Office

DOUBT_SECONDS = 30 * DAY
SHARED_MIN = 3  # a device and its network are two


def doubt(office: Office, key: str) -> None:
    """Let the reports of a device, or of a network's newcomers, weigh nothing for a month."""
    until = office.table.now() + DOUBT_SECONDS
    office.records.change(key, lambda record: replace(record, doubted_until=until))


def undo(office: Office, case: Case, others: Iterable[Case]) -> int:
    """Doubt all reporters of the device of a case, and end the other bans that they led to; return how many.

    Not every victim was reported by the same voices of the group. So where a victim was reported by several voices of
    the group, its other voices belong to the group as well, and so on. One voice in common may be an honest one.
    """
    voices = {voice for record in _records(office, case) for charge in record.charges for voice in _voices(charge)}
    bans = _bans(office, case, others)
    while grown := set().union(*(each for each in bans.values() if len(each & voices) >= SHARED_MIN)) - voices:
        voices |= grown
    for voice in sorted(voices):
        doubt(office, voice)
    victims = [key for key, named in bans.items() if not voices.isdisjoint(named)]
    for key in victims:
        office.records.change(key, Record.pardoned)
    return len(victims)


def _bans(office: Office, case: Case, others: Iterable[Case]) -> dict[str, set[str]]:
    """Return the voices that led to each other ban which holds by one of these cases, by the device banned."""
    bans: dict[str, set[str]] = {}
    for other in others:
        if other.banned_until is None or other.number == case.number:
            continue
        for record in _records(office, other):
            if record.ban is not None and record.ban.case == other.number:
                bans[record.key] = {voice for charge in record.charges for voice in _voices(charge)}
    return bans


def _records(office: Office, case: Case) -> list[Record]:
    return list(office.records.get(devices_of(case)).values())


def _voices(charge: Charge) -> set[str]:
    return {charge.reporter, charge.network} if tells_people_apart(charge.network) else {charge.reporter}
