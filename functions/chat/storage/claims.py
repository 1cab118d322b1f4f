"""How a transaction for a pairing ended: why it was cancelled is in DynamoDB's reasons, in the order of its legs."""

from __future__ import annotations

from enum import Enum

from pynamodb.exceptions import TransactWriteError

from functions.chat.storage.errors import LOST_REASON, is_held, is_lost, reasons_of


class Claim(Enum):
    """How a transaction for a pairing ended."""

    WON = "won"
    SEEKER_CHANGED = "the seeker was paired, left or closed meanwhile"
    CANDIDATE_CHANGED = "the hint was stale"
    CONTENDED = "another transaction held one of the two, or the table throttled"


def claim_lost(error: TransactWriteError) -> Claim:
    """Return which of the two, or who else, was in the way; the legs are the room, the seeker and the candidate."""
    if is_held(error):
        return Claim.CONTENDED
    if not is_lost(error):
        raise error
    room, seeker, _candidate = reasons_of(error)
    assert room != LOST_REASON, "a room id is random and was never used"
    return Claim.SEEKER_CHANGED if seeker == LOST_REASON else Claim.CANDIDATE_CHANGED
