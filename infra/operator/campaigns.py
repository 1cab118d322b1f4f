"""Undoing what an organised group of false reporters did: one decision for all of its victims."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from functions.chat.model.networks import DEVICE, tells_people_apart
from functions.chat.model.record import DAY, Charge, Record
from functions.chat.storage.cases import Case
from infra.operator.office import Office

DOUBT_SECONDS = 30 * DAY


def doubt(office: Office, key: str) -> None:
    """Let the reports of a device, or of a network's newcomers, weigh nothing for a month."""
    until = time.time() + DOUBT_SECONDS
    office.records.change(key, lambda record: replace(record, doubted_until=until))


def undo(office: Office, case: Case, others: Iterable[Case]) -> int:
    """Doubt all reporters of whom a case is about, and end the other bans that they led to; return how many."""
    voices = {voice for record in _records(office, case) for charge in record.charges for voice in _voices(charge)}
    for voice in voices:
        doubt(office, voice)
    ended = 0
    for other in others:
        if other.banned_until is None or other.number == case.number:
            continue
        for record in _records(office, other):
            named = {voice for charge in record.charges for voice in _voices(charge)}
            is_theirs = record.ban is not None and record.ban.case == other.number and not voices.isdisjoint(named)
            if is_theirs:
                office.records.change(record.key, Record.pardoned)
                ended += 1
    return ended


def _records(office: Office, case: Case) -> list[Record]:
    devices = [key for key in case.subjects if key.startswith(DEVICE)]
    return list(office.records.get(devices).values())


def _voices(charge: Charge) -> set[str]:
    return {charge.reporter, charge.network} if tells_people_apart(charge.network) else {charge.reporter}
