"""The complaints of people who are no users, in one table: the code of the contract, its clock and its law. Pure.

The form, the desk's clocks and the operator's papers are made of these rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

OPEN, DONE, REFUSED = "open", "done", "refused"  # how a complaint stands


class ComplaintKind(NamedTuple):
    """A kind of complaint: within `hours` the operator acts on it or says why not, as `law` wants it.

    `is_signed`: the law asks for a signature and for a statement in good faith, or for the name of the authority that
    orders.
    """

    code: str
    hours: int
    law: str
    is_signed: bool = False

    @property
    def is_urgent(self) -> bool:
        """Whether it comes before the reports of users."""
        return self.hours < URGENT_HOURS_MAX


URGENT_HOURS_MAX = 72  # reports and appeals are decided within three days at the latest

TABLE: tuple[ComplaintKind, ...] = (
    ComplaintKind(
        "order", 3, "India, IT Rules 2021, rule 3(1)(d), as amended in February 2026; EU, DSA, Articles 9 and 10", True
    ),
    ComplaintKind(
        "child", 3, "UK, Online Safety Act 2023, section 10; US, 18 U.S.C. 2258A: neither names hours, 3 are our goal"
    ),
    ComplaintKind("impostor", 36, "India, IT Rules 2021, rule 3(2)(a), as amended in February 2026"),
    ComplaintKind("intimate", 48, "US, TAKE IT DOWN Act, 47 U.S.C. 223a", True),
    ComplaintKind("illegal", 168, "EU, DSA, Article 16; UK, Online Safety Act 2023, section 20: neither names days"),
    ComplaintKind(
        "complaint",
        168,
        "India, IT Rules 2021, rule 3(2)(a), as amended in February 2026; UK, Online Safety Act 2023, section 21",
    ),
)
KINDS: Mapping[str, ComplaintKind] = {kind.code: kind for kind in TABLE}
