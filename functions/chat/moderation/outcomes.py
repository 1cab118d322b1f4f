"""The outcome of a report, as the reporter may hear it.

It says nothing else of the reported person, and comes late, at full hours. Else a person with two browsers could report
one from the other and see the minute of a decision, and a reporter could tell that minute to others.
"""

from __future__ import annotations

import math

from functions.chat.model.case import GRANTED, Case
from functions.chat.model.record import HOUR

OPEN, NOTHING, WARNED, STOPPED = "open", "nothing", "warned", "stopped"


def outcome_of(case: Case, now: float) -> str:
    """Return the outcome of a report, as far as it is told yet: a decision, or a ban because enough others reported."""
    is_decided = case.decision is not None and _is_told(case.decided_at or case.opened_at, now)
    is_banned = case.banned_until is not None and _is_told(case.banned_at or case.opened_at, now)
    if is_decided and case.decision == GRANTED:
        return NOTHING
    if is_banned:
        return STOPPED
    if is_decided:
        return WARNED if case.is_warned else NOTHING
    return OPEN


def _is_told(at: float, now: float) -> bool:
    """Tell whether a decision of that time may be told: from the first full hour on that is at least an hour later."""
    return now >= math.ceil((at + HOUR) / HOUR) * HOUR
