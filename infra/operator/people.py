"""Locking people out by hand, and letting them in again."""

from __future__ import annotations

import argparse
import secrets

from functions.chat.model.case import CASE_BYTES, Case, number_from
from functions.chat.model.networks import ADDRESS, DEVICE, OWN_MACHINE
from functions.chat.model.reputation import OPERATOR
from infra.operator import audit, bans, casebook
from infra.operator.office import Office, OperatorError
from infra.operator.output import Report, moment

KEYS = (DEVICE, ADDRESS, OWN_MACHINE)


def ban(office: Office, options: argparse.Namespace) -> Report:
    """Lock out a device, and its address's newcomers if the operator asks for that."""
    case = _case(office, options.subject)
    chosen = [key for key in case.subjects if key.startswith(DEVICE) or options.address or key == options.subject]
    new = bans.lock_out(office, case, options.length, chosen)
    audit.write(office, office.who, f"ban by hand {options.length}", case.number)
    return Report(sentence=f"{', '.join(chosen)} locked out until {moment(new.until)}, case {case.number}.")


def unban(office: Office, options: argparse.Namespace) -> Report:
    """End the bans of a key, or those that a case led to."""
    number = ""
    if options.subject.startswith(KEYS):
        done = [options.subject] if bans.pardon(office, options.subject) else []
    else:
        case = casebook.get(office, options.subject)
        number = case.number
        done = [key for key in case.subjects if bans.pardon(office, key, case.number)]
    if not done:
        raise OperatorError(f"{options.subject} is not locked out.")
    audit.write(office, office.who, "unban", number)
    return Report(sentence=f"{', '.join(done)} may come back, within ten seconds.")


def _case(office: Office, subject: str) -> Case:
    """Return the case of a number, or a new one for a key: so every banned person has a number to quote."""
    if not subject.startswith(KEYS):
        return casebook.get(office, subject)
    case = Case(number_from(secrets.token_bytes(CASE_BYTES)), OPERATOR, office.table.now(), (subject,))
    office.cases.open(case)
    return case
