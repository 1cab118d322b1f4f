"""The consequences of a record: the weight of a report, the score of a ban, the wait of newcomers. Pure.

The whole model in words is docs/trust.md. A device answers for its own deeds. An address is shared by households,
campuses and phone companies: it is never banned; its newcomers wait a little where there was trouble.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from functions.chat.model.people import Ban
from functions.chat.model.rates import REPORTS_OF_DEVICE
from functions.chat.model.reasons import WEIGHTS
from functions.chat.model.record import DAY, HOUR, Record

MINUTE = 60.0

# Three known devices of three networks within the same day, or four newcomers; two voices are never enough.
SCORE_MAX = 2.5
# The most that a newcomer's report weighs: a person who throws their token away is a newcomer. Four newcomers of four
# networks are needed for a ban.
NEWCOMER_WEIGHT_MAX = 0.7
# Time in which something can be seen or said. A shorter conversation is no ground for a report …
CONTACT_SECONDS = 5.0
# … unless the reported one ended it: else a person who offends and goes on at once is never stopped. Nobody sees, reads
# and goes on in less than this.
UNSEEN_SECONDS = 1.0
# A device that reports half of the people it meets says nothing about these; the first few reports are no sample. The
# counts begin anew after 30 days (record.py).
REPORTED_SHARE_MAX = 0.5
SHARE_SAMPLE_MIN = 4

# Not less than a day: a person who offends now and then would never notice.
RUNGS_SECONDS = (DAY, 7 * DAY, 365 * DAY)

# A ban begins minutes after the report that decided it, in one of the next moments that are the same for all: seen from
# such a moment, each conversation of the minutes before it is as likely to have decided.
BAN_DELAY_MIN_SECONDS = 2 * MINUTE
BAN_MOMENTS_SECONDS = 5 * MINUTE
BAN_MOMENTS_DRAWN = 3

# The reason told of every ban by reports: the true reason would tell a banned person that the stranger to whom they did
# that reported. The page shows all rules.
REPORTS = "other"
FLOOD = "flood"
OPERATOR = "operator"
FLOOD_RUNGS_SECONDS = (MINUTE, 5 * MINUTE, HOUR, DAY)
FLOOD_FORGIVEN_SECONDS = DAY

# A newcomer of an address with trouble waits so long for the first stranger. The page repeats `join` after 4 to 5 s.
WAIT_OF_TROUBLE_SECONDS = 1.0
TROUBLE_MIN = 0.5  # what is left of one after two hours is forgotten
WAIT_SECONDS_MAX = 3.5

RECORD_KEPT_SECONDS = 90 * DAY  # as long as reports


class Contact(NamedTuple):
    """The contact of two people before a report: its seconds, and whether a line of the reported one is proved."""

    seconds: float
    has_proof: bool = False
    was_left: bool = False  # by the reported person

    @property
    def is_real(self) -> bool:
        """Whether there was anything to report."""
        return self.has_proof or self.seconds >= (UNSEEN_SECONDS if self.was_left else CONTACT_SECONDS)


def weight_of_report(reporter: Record, reason: str, contact: Contact, now: float) -> float:
    """Return the weight of a report; `reporter` is the reporting device's record after this report."""
    if not contact.is_real or now < reporter.doubted_until or reporter.overflows(REPORTS_OF_DEVICE, now):
        return 0.0
    if reporter.reported >= SHARE_SAMPLE_MIN and reporter.reported > REPORTED_SHARE_MAX * reporter.met:
        return 0.0
    return WEIGHTS[reason] if reporter.is_known(now) else newcomers_weight(WEIGHTS[reason])


def newcomers_weight(weight: float) -> float:
    """Return the weight of a report by a newcomer: 0.7 at most."""
    return min(weight, NEWCOMER_WEIGHT_MAX)


def judge(record: Record, case: str, now: float, since: float) -> Record:
    """Return a device's record with the ban that its charges come to, or itself when they are too few.

    The ban begins at `since`.
    """
    if record.score(now) < SCORE_MAX or (record.ban is not None and record.ban.until > now):
        return record
    rung = min(record.rung_at(now), len(RUNGS_SECONDS) - 1)
    return record.banned(Ban(case, REPORTS, since, since + RUNGS_SECONDS[rung]), rung + 1)


def ban_begins(now: float, drawn: float) -> float:
    """Return when a ban that is decided now begins; `drawn` is by chance, at least 0 and less than 1."""
    first = math.ceil((now + BAN_DELAY_MIN_SECONDS) / BAN_MOMENTS_SECONDS)
    return (first + math.floor(drawn * BAN_MOMENTS_DRAWN)) * BAN_MOMENTS_SECONDS


def after_flood(record: Record, case: str, now: float) -> Record:
    """Return a device's record with a short ban, longer for each flood of the last day."""
    floods = record.floods if now - record.flooded_at < FLOOD_FORGIVEN_SECONDS else 0
    seconds = FLOOD_RUNGS_SECONDS[min(floods, len(FLOOD_RUNGS_SECONDS) - 1)]
    return replace(record, floods=floods + 1, flooded_at=now, flood_ban=Ban(case, FLOOD, now, now + seconds))


def wait_of_newcomers(records: Mapping[str, Record], now: float) -> float:
    """Return how long a newcomer from these addresses waits before it is paired."""
    trouble = max((record.trouble_at(now) for record in records.values()), default=0.0)
    return min(WAIT_SECONDS_MAX, WAIT_OF_TROUBLE_SECONDS * trouble) if trouble >= TROUBLE_MIN else 0.0


def ban_that_applies(device: str | None, records: Mapping[str, Record], now: float) -> Ban | None:
    """Return the ban that keeps a device out now, if any: its own, or the operator's ban of its address.

    A ban of an address is for newcomers only: a device that talked here on an earlier day is none.
    """
    own = records.get(device) if device is not None else None
    is_newcomer = own is None or not own.is_known(now)
    bans = [ban for record in records.values() if record is own or is_newcomer for ban in record.bans]
    return max((ban for ban in bans if ban.since <= now < ban.until), key=lambda ban: ban.until, default=None)
