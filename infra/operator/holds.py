"""Legal hold: nothing deletes a case that the law wants preserved, or its entries, until the operator lets it go."""

from __future__ import annotations

import argparse

from functions.chat.evidence.keeping import EvidenceItem, evidence_key
from functions.chat.model.case import Case
from functions.chat.storage.cases import expires_at
from functions.chat.storage.holds import HELD_PARTITION, Holds
from infra.operator import audit, casebook
from infra.operator.office import Office, OperatorError
from infra.operator.output import Report, moment

WHY_LENGTH_MAX = 200


def hold(office: Office, options: argparse.Namespace) -> Report:
    case = put(office, options.case, options.why)
    return Report(sentence=f"Case {case.number} is on hold: nothing deletes it until `release {case.number}`.")


def release(office: Office, options: argparse.Namespace) -> Report:
    """Take a case off hold."""
    number = casebook.get(office, options.case).number
    case = Holds(office.table).let_go(number)
    if case is None:
        raise OperatorError(f"Case {number} is not on hold.")
    _keep_evidence(office, case)
    audit.write(office, office.who, "release", number)
    return Report(sentence=f"Case {number} is off hold: it is deleted after {moment(expires_at(case))}.")


def listed(office: Office, _: argparse.Namespace) -> Report:
    rows = [
        {
            "case": case.number,
            "reason": case.reason,
            "since": moment(case.kept_at),
            "by": case.kept_by,
            "why": case.kept_for,
        }
        for case in office.cases.listed([HELD_PARTITION])
    ]
    return Report(rows, sentence=f"{len(rows)} cases are on hold.")


def put(office: Office, number: str, why: str) -> Case:
    """Put a case on hold and return it; a second call is no harm, and takes in evidence that was handed over since."""
    if not why.strip() or len(why) > WHY_LENGTH_MAX or not why.isprintable():
        raise OperatorError(f"Say in a line of up to {WHY_LENGTH_MAX} characters why: who asked, by which letter.")
    case = Holds(office.table).keep(casebook.get(office, number).number, why.strip(), office.who)
    if case is None:
        raise OperatorError(f"Case {number} was deleted just now.")
    _keep_evidence(office, case)
    audit.write(office, office.who, "hold", case.number)
    return case


def _keep_evidence(office: Office, case: Case) -> None:
    """Let the evidence of a case end with it. Condition: there is some."""
    end = EvidenceItem.expires_at.set(expires_at(case))
    office.table.update(evidence_key(case.number), [end], EvidenceItem.pk.exists())
