"""Locking people out by hand, and letting them in again."""

from __future__ import annotations

import argparse
import secrets
import time

from functions.chat.model.networks import ADDRESS, DEVICE, OWN_MACHINE
from functions.chat.model.people import Ban
from functions.chat.model.record import Record
from functions.chat.model.reputation import OPERATOR
from functions.chat.storage.cases import CASE_BYTES, Case, number_from
from infra.operator import cases
from infra.operator.office import Office, OperatorError
from infra.operator.output import Report, moment

KEYS = (DEVICE, ADDRESS, OWN_MACHINE)


def ban(office: Office, options: argparse.Namespace) -> Report:
    """Lock out a device, and its address's newcomers where that is asked for."""
    now = time.time()
    case = _case(office, options.subject, now)
    chosen = [key for key in case.subjects if key.startswith(DEVICE) or options.address or key == options.subject]
    if not chosen:
        raise OperatorError(f"Case {case.number} names no device; --address bans the address.")
    new = Ban(case.number, OPERATOR if case.reason == OPERATOR else case.reason, now, now + options.length)
    for key in chosen:
        office.records.change(key, lambda record: _banned(record, new))
    office.cases.note_ban(case.number, new.until)
    if case.reported is not None:
        # Their connection, if it is still that one: its next frame that searches is refused at once.
        office.store.mark_banned(case.reported, new)
    return Report(sentence=f"{', '.join(chosen)} locked out until {moment(new.until)}, case {case.number}.")


def unban(office: Office, options: argparse.Namespace) -> Report:
    """End the bans of a key, or those that a case led to."""
    if options.subject.startswith(KEYS):
        done = [options.subject] if cases.pardon(office, options.subject) else []
    else:
        case = cases.get(office, options.subject)
        done = [key for key in case.subjects if cases.pardon(office, key, case.number)]
    if not done:
        raise OperatorError(f"{options.subject} is not locked out.")
    return Report(sentence=f"{', '.join(done)} may come back, within ten seconds.")


def _case(office: Office, subject: str, now: float) -> Case:
    """Return the case of a number, or a new one for a key: whoever is locked out has a number to quote."""
    if not subject.startswith(KEYS):
        return cases.get(office, subject)
    case = Case(number_from(secrets.token_bytes(CASE_BYTES)), OPERATOR, now, (subject,))
    office.cases.open(case)
    return case


def _banned(record: Record, new: Ban) -> Record:
    """Return the record with the operator's ban, also where a longer one stood: the operator decides."""
    return Record.banned(record.pardoned(), new, record.rung)
