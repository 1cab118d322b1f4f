"""A ban, as it stands in a record and on a connection, and as it is told. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple


class Ban(NamedTuple):
    """Why somebody is locked out, since when and until when in epoch seconds, and the number to quote."""

    case: str
    reason: str
    since: float
    until: float

    def as_fields(self) -> dict[str, Any]:
        """Return the fields of the `error` that tells of it."""
        return {"until": int(self.until), "reason": self.reason, "case": self.case}


def read(fields: list[str] | None) -> Ban | None:
    """Return the ban in its stored form."""
    if not fields:
        return None
    case, reason, since, until = fields
    return Ban(case, reason, float(since), float(until))


def write(ban: Ban) -> list[str]:
    """Return a ban in its stored form: one attribute, so that one condition compares all of it."""
    return [ban.case, ban.reason, repr(ban.since), repr(ban.until)]
