"""Why DynamoDB refused a call: a condition failed, or others were in the way."""

from __future__ import annotations

from pynamodb.exceptions import PynamoDBException, TransactWriteError

LOST = "ConditionalCheckFailedException"
CANCELLED = "TransactionCanceledException"
# Others were in the way, as the error of a call and as the reason why a transaction was cancelled
# (Amazon DynamoDB, "Error handling with DynamoDB" and the API reference of TransactWriteItems).
HELD = frozenset(
    {
        "TransactionConflictException",
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
    }
)
LOST_REASON = "ConditionalCheckFailed"
HELD_REASONS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


def is_lost(error: PynamoDBException) -> bool:
    """Tell whether a condition failed: the write lost a race, and repeating it is of no use."""
    return _code_of(error) == LOST or LOST_REASON in reasons_of(error)


def is_held(error: PynamoDBException) -> bool:
    """Tell whether nothing but others in the way kept a call from being done."""
    if _code_of(error) == CANCELLED:
        return set(reasons_of(error)) <= {None, *HELD_REASONS}
    return _code_of(error) in HELD


def reasons_of(error: PynamoDBException) -> list[str | None]:
    """Return why each leg of a transaction was refused; empty for any other error.

    They come in the order deletes, puts, updates: pynamodb sorts the legs (github.com/pynamodb/PynamoDB/issues/1284).
    """
    if not isinstance(error, TransactWriteError):
        return []
    return [reason.code if reason else None for reason in error.cancellation_reasons]


def _code_of(error: PynamoDBException) -> str | None:
    # pynamodb's own `cause_response_code` fails on errors of the connection, which have a `response` of None.
    response = getattr(error.cause, "response", None) or {}
    code: str | None = response.get("Error", {}).get("Code")
    return code
