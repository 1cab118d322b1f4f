"""Warning a person instead of banning them, and taking a warning back."""

from __future__ import annotations

import argparse
import secrets

from functions.chat.model.case import GRANTED, Case, Ruling
from functions.chat.model.people import GivenWarning
from functions.chat.model.reasons import REASONS
from functions.chat.model.record import DAY
from functions.chat.model.reputation import ban_begins
from infra.operator import audit
from infra.operator.bans import devices_of
from infra.operator.casebook import get
from infra.operator.office import Office, OperatorError
from infra.operator.output import Report

KEPT_SECONDS = 90 * DAY  # as the case: a person who has not come back by then reads it no more
WITHDRAWN = "warning_withdrawn"
CHANCE = secrets.SystemRandom()


def warn(office: Office, case: Case) -> GivenWarning:
    """Have the person a case is about read a warning before their next search; return it.

    It begins as bans do, some minutes later, at a full five minutes. So even a moderator who decides at once does not
    tell by the time which conversation it was.
    """
    if not devices_of(case) or case.reason not in REASONS:
        raise OperatorError(f"Case {case.number} names no browser, or no rule to warn of.")
    now = office.table.now()
    given = GivenWarning(case.number, case.reason, ban_begins(now, CHANCE.random()), now + KEPT_SECONDS)
    for key in devices_of(case):
        office.records.change(key, lambda record: record.warned(given))
    return given


def withdraw(office: Office, number: str) -> str:
    """Take back the warning that a case led to, once; return the outcome in a sentence."""
    case = get(office, number)
    if not case.is_warned:
        raise _nothing(case)
    leg = office.cases.withdrawal_leg(case.number, Ruling(GRANTED, WITHDRAWN, office.who))
    unread = [key for key in devices_of(case) if _forget(office, key, case.number)]
    if not audit.write(office, office.who, WITHDRAWN, case.number, leg):
        raise _nothing(get(office, number))
    return f"The warning of case {case.number} is taken back{'' if unread else '; they have read it already'}."


def unwarn(office: Office, options: argparse.Namespace) -> Report:
    return Report(sentence=withdraw(office, options.case))


def _nothing(case: Case) -> OperatorError:
    told = f": {case.verdict}, {case.decided_by}" if case.verdict else ""
    return OperatorError(f"There is no warning of case {case.number} to take back{told}.")


def _forget(office: Office, key: str, number: str) -> bool:
    before, after = office.records.change(key, lambda record: record.without_warning(number))
    return before != after
