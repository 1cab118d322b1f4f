"""The reasons of reports, in one table: the code of the contract and its weight, the gravest first. Pure.

The page's dialog, the operator's list, the contract and its description are checked against these rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Reason(NamedTuple):
    """A reason of the contract.

    `weight` is that of a report by a device that has talked here on an earlier day. Within `hours` the operator should
    decide: that is our own goal, not a law's.
    """

    code: str
    weight: float
    hours: int


TABLE: tuple[Reason, ...] = (
    # It weighs no more than other reasons: every liar would choose the heaviest one. A child in danger waits three
    # hours at most, which is what one shift of a small site can do.
    Reason("underage", 1.0, 3),
    Reason("sexual", 1.0, 24),
    Reason("harassment", 1.0, 24),
    Reason("hate", 1.0, 24),
    Reason("spam", 1.0, 72),
    Reason("other", 0.5, 72),
)
REASONS: tuple[str, ...] = tuple(reason.code for reason in TABLE)
WEIGHTS: Mapping[str, float] = {reason.code: reason.weight for reason in TABLE}
HOURS: Mapping[str, int] = {reason.code: reason.hours for reason in TABLE}
