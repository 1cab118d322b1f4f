"""The outcome of a report, as the reporter may hear it.

It says nothing else of the other person, and comes late, at full hours: else whoever has two browsers could report one
of them from the other and see in what minute something was decided, and a reporter could tell it to others.
"""

from __future__ import annotations

import math

from functions.chat.model.record import HOUR
from functions.chat.storage.cases import GRANTED, Case

OPEN, NOTHING, WARNED, STOPPED = "open", "nothing", "warned", "stopped"


def outcome_of(case: Case, now: float) -> str:
    """Return what came of a report: what was decided, or that enough others said the same, as far as it is told yet."""
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
    """Tell whether what was decided then may be told: from the first full hour on that is an hour later at least."""
    return now >= math.ceil((at + HOUR) / HOUR) * HOUR
