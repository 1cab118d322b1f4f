"""A case as handlers and the operator know it: a report, a complaint, or a ban that no report led to. Pure."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import NamedTuple

from functions.chat.model.complaints import KINDS, ComplaintKind
from functions.chat.model.pseudonyms import Keyring

CASE_BYTES = 7
CASE_LENGTH = 10  # short enough to read out, long enough not to meet twice in a million cases
GRANTED, UPHELD = "granted", "upheld"  # of a decision: the report was wrong, or its consequences stay


@dataclass(frozen=True, slots=True)
class Case:
    """A report, ban or complaint, and its consequences. `subjects` are the keys that it is about.

    A complaint is a case, too: its kind is the reason; `place`, `name` and `contact` are as the complainant gave them.
    `kept_for` is why the case is on hold: nothing deletes it then. A report that `weighs_nothing`, or is one too many
    of its network, waits behind all others (docket.py).

    `proposed_by` is the moderator that proposed `proposed`, which a second one has to confirm. `taken_back` is when its
    reporter asked for their words to be forgotten.
    """

    number: str
    reason: str
    opened_at: float
    subjects: tuple[str, ...] = ()
    room: str | None = None
    reporter: str | None = None
    reporter_device: str | None = None
    reported: str | None = None
    note: str | None = None
    banned_until: float | None = None
    appeal: str | None = None
    appealed_at: float | None = None
    decision: str | None = None
    decided_at: float | None = None
    reporter_network: str | None = None
    verdict: str | None = None
    decided_by: str | None = None
    proposed: str | None = None
    proposed_by: str | None = None
    proposed_at: float | None = None
    taken_back: float | None = None
    banned_at: float | None = None
    is_warned: bool = False
    weighs_nothing: bool = False
    place: str | None = None
    name: str | None = None
    contact: str | None = None
    kept_for: str | None = None
    kept_by: str | None = None
    kept_at: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether it was never decided, or was appealed since."""
        return self.decision is None or (self.decided_at or 0) < (self.appealed_at or 0)

    @property
    def complaint(self) -> ComplaintKind | None:
        """The kind of complaint that it is, if somebody outside complained."""
        return KINDS.get(self.reason)

    @property
    def proposal(self) -> str | None:
        """The proposal of one moderator that none has decided since."""
        return self.proposed if self.is_open and (self.proposed_at or 0) > (self.decided_at or 0) else None


class Ruling(NamedTuple):
    """The decision of a case, its verdict of the operator's table, and the moderator who made it."""

    decision: str
    verdict: str
    by: str
    warns: bool = False


def report_number(keyring: Keyring, room_id: str, seat: int) -> str:
    """Return the number of a report: the same when it is sent again; nobody computes it without the key."""
    return number_from(keyring.keys[0].digest("report", f"{room_id} {seat}".encode()))


def number_from(data: bytes) -> str:
    """Return a number to quote, made of at least CASE_BYTES random bytes."""
    return base64.b32encode(data)[:CASE_LENGTH].decode()
