"""The answers to the desk's page, as plain JSON values. Pure: everything is handed in."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from functions.chat.model.case import Case
from functions.chat.model.complaints import KINDS
from functions.chat.model.reasons import HOURS, REASONS
from functions.chat.model.record import HOUR, Record
from functions.chat.model.reputation import SCORE_MAX
from functions.chat.protocol.fields import MODES
from functions.chat.storage.switches import Plan, Switches
from infra.operator import verdicts
from infra.operator.audit import Entry
from infra.operator.evidence import Handed

APPEAL_GOAL_HOURS = 72  # a person who is locked out by mistake waits at most three days
PLAN_ID_LENGTH = 16  # of at most twenty plans
JPEG = b"\xff\xd8\xff"


def about(who: str, place: str) -> dict[str, Any]:
    """Tell the page who works here, and by which rules."""
    rows = [row._asdict() for row in verdicts.TABLE]
    return {
        "who": who,
        "place": place,
        "verdicts": rows,
        "alone_seconds_max": verdicts.ALONE_SECONDS_MAX,
        "reasons": REASONS,
        "complaints": list(KINDS),
    }


def summary(case: Case) -> dict[str, Any]:
    waits_since = case.appealed_at or case.opened_at
    hours = APPEAL_GOAL_HOURS if case.appealed_at is not None else _hours_of(case)
    return {
        "number": case.number,
        "reason": case.reason,
        "opened_at": case.opened_at,
        "waits_since": waits_since,
        "due_at": waits_since + hours * HOUR,
        "is_open": case.is_open,
        "is_appealed": case.appealed_at is not None,
        "is_warned": case.is_warned,
        "note": case.note or "",
        "kept_for": case.kept_for,
        "law": case.complaint.law if case.complaint is not None else None,
        "banned_until": case.banned_until,
        "decision": case.decision,
        "verdict": case.verdict,
        "decided_by": case.decided_by,
        "decided_at": case.decided_at,
        "proposed": case.proposal,
        "proposed_by": case.proposed_by if case.proposal is not None else None,
    }


def _hours_of(case: Case) -> float:
    """Return within how many hours a case should be decided: by a complaint's law, or by our own goal."""
    return case.complaint.hours if case.complaint is not None else HOURS.get(case.reason, APPEAL_GOAL_HOURS)


def whole(case: Case, records: Mapping[str, Record], handed: Handed | None, now: float) -> dict[str, Any]:
    reporter = records.get(case.reporter_device) if case.reporter_device is not None else None
    return summary(case) | {
        "place": case.place,
        "name": case.name,
        "contact": case.contact,
        "appeal": case.appeal,
        "appealed_at": case.appealed_at,
        "subjects": [standing(records[key], now) for key in case.subjects if key in records],
        "reporter": None if reporter is None else standing(reporter, now),
        "reporter_network": case.reporter_network,
        "evidence": None if handed is None else evidence(handed),
    }


def standing(record: Record, now: float) -> dict[str, Any]:
    ban = record.ban_not_over(now)
    return {
        "key": record.key,
        "ban": None if ban is None else ban._asdict(),
        "score": round(record.score(now), 2),
        "score_max": SCORE_MAX,
        "rung": record.rung_at(now),
        "days": record.days,
        "is_known": record.is_known(now),
        "reported": record.reported,
        "met": record.met,
        "warned_since": None if record.warning is None else record.warning.since,
        "doubted_until": record.doubted_until if record.doubted_until > now else None,
        "charges": [
            {"at": each.at, "reason": each.reason, "weight": round(each.weight_at(now), 2), "reporter": each.reporter}
            for each in record.charges
        ],
    }


def evidence(handed: Handed) -> dict[str, Any]:
    """Tell the evidence of a case; a still is only mentioned, and sent when the moderator asks for it."""
    lines = None if handed.lines is None else [line._asdict() for line in handed.lines]
    return {"sealed_bytes": handed.sealed_bytes, "lines": lines, "has_still": handed.still is not None}


def still(handed: Handed | None) -> dict[str, Any]:
    """Tell the still in a form that a page shows; data that is no JPEG is not shown."""
    picture = handed.still if handed is not None else None
    is_shown = picture is not None and picture.startswith(JPEG)
    return {"still": base64.b64encode(picture).decode() if picture is not None and is_shown else None}


def history(record: Record, cases: Iterable[tuple[Case, str]], now: float) -> dict[str, Any]:
    """Tell how a device stands, and the cases in which it reported or was reported."""
    return {
        "standing": standing(record, now),
        "cases": [{"role": role} | summary(case) for case, role in cases],
    }


def site(switches: Switches) -> dict[str, Any]:
    """Tell what is closed, said and planned."""
    plans = [{"id": plan_id(plan), **plan._asdict(), "words": dict(plan.words)} for plan in switches.plans]
    closed = {mode: mode in switches.closed for mode in MODES}
    return {"closed": closed, "notice": switches.notice, "plans": sorted(plans, key=lambda each: each["since"])}


def plan_id(plan: Plan) -> str:
    """Return a name by which the page takes a plan back."""
    return sha256(json.dumps(plan).encode()).hexdigest()[:PLAN_ID_LENGTH]


def log(entries: Iterable[tuple[Entry, str]], problems: Iterable[str]) -> dict[str, Any]:
    """Tell the log, the newest first, and its errors."""
    rows = [asdict(entry) | {"digest": digest} for entry, digest in entries]
    return {"entries": rows[::-1], "problems": list(problems)}
