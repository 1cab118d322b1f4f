"""Bans by hand, and their end: of a device, and of an address's newcomers if the operator asks for that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from functions.chat.model.case import Case
from functions.chat.model.networks import DEVICE
from functions.chat.model.people import Ban
from functions.chat.model.record import Record
from infra.operator.office import Office, OperatorError


def lock_out(office: Office, case: Case, seconds: float, keys: Iterable[str] | None = None) -> Ban:
    """Ban the person a case is about, by their devices or these keys, from now on; return the ban."""
    now = office.table.now()
    chosen = list(devices_of(case) if keys is None else keys)
    if not chosen:
        raise OperatorError(f"Case {case.number} names no device; --address bans the address.")
    new = Ban(case.number, case.reason, now, now + seconds, by_person=True)
    for key in chosen:
        office.records.change(key, lambda record: _banned(record, new))
    office.cases.note_ban(case.number, new.until)
    if case.reported is not None:
        # Their connection, if it is still that one: its next frame that searches is refused at once.
        office.store.mark_banned(case.reported, new)
    return new


def devices_of(case: Case) -> list[str]:
    return [key for key in case.subjects if key.startswith(DEVICE)]


def pardon(office: Office, key: str, number: str | None = None) -> bool:
    """End the ban of a key, of any case or of this one only; False when there is none."""

    def alter(record: Record) -> Record:
        if record.flood_ban is not None and number in {None, record.flood_ban.case}:
            record = replace(record, flood_ban=None)
        concerns = record.ban is not None and number in {None, record.ban.case}
        return record.pardoned() if concerns else record

    before, after = office.records.change(key, alter)
    return before != after


def _banned(record: Record, new: Ban) -> Record:
    """Return the record with the operator's ban, also where a longer one stood: the operator decides."""
    return Record.banned(record.pardoned(), new, record.rung)
