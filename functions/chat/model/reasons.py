"""Why people report, in one table: the code of the contract, and what it weighs. The gravest comes first. Pure.

The page's dialog, the operator's list, the contract and its description are checked against these rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Reason(NamedTuple):
    """A reason of the contract; `weight` is that of a report by a device that has talked here on an earlier day."""

    code: str
    weight: float


TABLE: tuple[Reason, ...] = (
    Reason("underage", 1.0),  # no more than others: a heavier word would be the one that every liar says
    Reason("sexual", 1.0),
    Reason("harassment", 1.0),
    Reason("hate", 1.0),
    Reason("spam", 1.0),
    Reason("other", 0.5),
)
REASONS: tuple[str, ...] = tuple(reason.code for reason in TABLE)
WEIGHTS: Mapping[str, float] = {reason.code: reason.weight for reason in TABLE}
