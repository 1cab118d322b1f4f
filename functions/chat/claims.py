"""How a transaction for a pairing ended: why it was cancelled is in DynamoDB's reasons, in the order of its legs."""

from __future__ import annotations

from enum import Enum

from pynamodb.exceptions import TransactWriteError

from functions.chat.dynamodb import CONTENDED


class Claim(Enum):
    """How a transaction for a pairing ended."""

    WON = "won"
    SEEKER_CHANGED = "the seeker was paired, left or closed meanwhile"
    CANDIDATE_CHANGED = "the hint was stale"
    CONTENDED = "another transaction held one of the two, or the table throttled"


def claim_lost(error: TransactWriteError) -> Claim:
    """Return which of the two, or who else, was in the way; the legs are the room, the seeker and the candidate."""
    if error.cause_response_code in CONTENDED:
        return Claim.CONTENDED
    if error.cause_response_code != "TransactionCanceledException":
        raise error
    room, seeker, candidate = (reason and reason.code for reason in error.cancellation_reasons)
    assert room != "ConditionalCheckFailed", "a room id is random and was never used"
    if seeker == "ConditionalCheckFailed":
        return Claim.SEEKER_CHANGED
    if candidate == "ConditionalCheckFailed":
        return Claim.CANDIDATE_CHANGED
    return Claim.CONTENDED
