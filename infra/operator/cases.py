"""Reading and deciding cases."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from functions.chat.model.case import Case
from functions.chat.model.record import Record
from functions.chat.model.reputation import FLOOD
from infra.operator import casebook, evidence, verdicts
from infra.operator.office import Office
from infra.operator.output import Report, moment


def list_cases(office: Office, options: argparse.Namespace) -> Report:
    found = [case for case in office.cases.listed(casebook.days(office, options.days)) if _is_wanted(case, options)]
    found.sort(key=_place)
    rows = [
        {
            "case": case.number,
            "opened": moment(case.opened_at),
            "reason": case.reason,
            "banned until": moment(case.banned_until),
            "appeal": case.appeal or "",
            "decision": case.decision or "",
            "note": case.note or "",
        }
        for case in found
    ]
    return Report(rows, sentence=f"{len(rows)} cases of the last {options.days} days.")


def show(office: Office, options: argparse.Namespace) -> Report:
    case = casebook.get(office, options.case)
    facts: dict[str, Any] = {
        name: moment(value) if name.endswith(("_at", "_until")) else value for name, value in asdict(case).items()
    }
    for key, record in office.records.get(case.subjects).items():
        facts[f"now of {key}"] = _standing(record, office.table.now())
    facts |= evidence.of_case(office, case, options.key, options.still)
    return Report(facts=facts)


def decide(office: Office, options: argparse.Namespace) -> Report:
    verdict = verdicts.VERDICTS["dismiss" if options.decision == "grant" else options.decision]
    verdict = verdict._replace(doubts=options.doubt_reporter, is_campaign=options.campaign)
    order = verdicts.Order(verdict, office.who)
    return Report(sentence=verdicts.carry_out(office, options.case, order).sentence)


def relist(office: Office, _options: argparse.Namespace) -> Report:
    """Put on the docket what was reported before there was one."""
    return Report(sentence=f"{casebook.relist(office)} cases are listed again.")


def _place(case: Case) -> tuple[bool, bool, int, float]:
    """Return what cases are listed by: appeals first, but of bans for a flood, then by weight and gravity.

    Of equal ones the newest comes first.
    """
    waits = case.appeal is None or not case.is_open or case.reason == FLOOD
    return waits, case.weighs_nothing, casebook.gravity(case), -case.opened_at


def _is_wanted(case: Case, options: argparse.Namespace) -> bool:
    is_open = case.is_open and (case.reason != FLOOD or case.appeal is not None)
    return (
        (not options.open or is_open)
        and (not options.appealed or case.appeal is not None)
        and options.reason in {None, case.reason}
    )


def _standing(record: Record, now: float) -> str:
    ban = record.ban_not_over(now)
    if ban is None:
        return f"not banned, {len(record.charges)} reports counted, next rung {record.rung}"
    return f"banned until {moment(ban.until)} (case {ban.case})"
