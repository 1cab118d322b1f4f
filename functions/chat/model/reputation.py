"""What is held against a device or an address, and what follows from it: scores, rungs and bans. Pure.

A report counts once for each reporter, by device and by address, and fades. Enough of them are a ban, and each further
ban lasts longer; a month without one takes a rung back. A device answers for what it did. An address is shared by
households, campuses and phone companies: it is banned only where new devices keep coming from it after bans, and then
for newcomers alone, whom a device known before does not belong to.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from functions.chat.model.people import AVOIDED_MAX, Ban
from functions.chat.model.pseudonyms import ADDRESS, OWN_MACHINE, Device
from functions.chat.model.rates import REPORTS_OF_DEVICE

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0

# Three people who did not know of each other reported within hours; one angry stranger is no crowd.
SCORE_MAX = 3.0
HALF_LIFE_SECONDS = 12 * HOUR
WEIGHTS: Mapping[str, float] = {
    "underage": SCORE_MAX,  # acts at once: a mistake costs a day and can be appealed, the opposite one cannot be mended
    "sexual": 1.0,
    "harassment": 1.0,
    "hate": 1.0,
    "spam": 1.0,
    "other": 0.5,
}
RUNGS_SECONDS = (15 * MINUTE, DAY, 7 * DAY, 365 * DAY)
UNDERAGE_RUNG_MIN = 1
RUNG_FORGIVEN_SECONDS = 30 * DAY

# Two banned devices of one address within a half-life are somebody who clears their browser.
EVASION_WEIGHT = 1.0
EVASION_SCORE_MAX = 1.5
ADDRESS_RUNG_MAX = 1  # a day: nobody's neighbours are locked out for a week

FLOOD = "flood"
EVASION = "evasion"
OPERATOR = "operator"
FLOOD_RUNGS_SECONDS = (MINUTE, 5 * MINUTE, HOUR, DAY)
FLOOD_FORGIVEN_SECONDS = DAY

CHARGES_MAX = 20  # of which the oldest go; a ban takes three
RECORD_KEPT_SECONDS = 90 * DAY  # as long as reports


@dataclass(frozen=True, slots=True)
class Charge:
    """One report that counts, and whose it was."""

    reporter: str
    reporter_address: str
    weight: float
    at: float


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known of one key. `version` tells whether it is as it was read; 0 was never written."""

    key: str
    charges: tuple[Charge, ...] = ()
    rung: int = 0
    free_since: float = 0.0
    floods: int = 0
    flooded_at: float = 0.0
    ban: Ban | None = None
    avoided: tuple[str, ...] = ()
    reports_since: float = 0.0
    reports: float = 0.0
    doubted_until: float = 0.0
    version: int = 0

    def score(self, now: float) -> float:
        """Return the weight of all charges, each half as much after every half-life."""
        return sum(each.weight * math.exp2((each.at - now) / HALF_LIFE_SECONDS) for each in self.charges)

    def charged(self, charge: Charge) -> Record:
        """Return the record with one more charge, or itself when its reporter was counted already."""
        if any(_same_reporter(charge, each) for each in self.charges):
            return self
        return replace(self, charges=(*self.charges, charge)[-CHARGES_MAX:])

    def reported_by(self, reporter: str) -> Record:
        """Return the record of a device that never meets this reporter again; whom it reported itself goes before."""
        if reporter in self.avoided:
            return self
        return replace(self, avoided=(reporter, *self.avoided)[-AVOIDED_MAX:])

    def weight_of_report(self, reason: str, now: float) -> float:
        """Return what a report by this device weighs: nothing when it reports in a storm, or was found to lie."""
        in_a_storm = REPORTS_OF_DEVICE.level(self.reports + 1, now - self.reports_since) > REPORTS_OF_DEVICE.burst
        return 0.0 if in_a_storm or now < self.doubted_until else WEIGHTS[reason]

    def having_reported(self, avoided: tuple[str, ...], now: float) -> Record:
        """Return the record of a device that reported once more and never meets these again."""
        is_drained = REPORTS_OF_DEVICE.level(self.reports, now - self.reports_since) <= 0
        since, count = (now, 0.0) if is_drained else (self.reports_since, self.reports)
        kept = tuple(each for each in self.avoided if each not in avoided)
        return replace(self, avoided=(*kept, *avoided)[-AVOIDED_MAX:], reports_since=since, reports=count + 1)

    def banned(self, ban: Ban, rung: int) -> Record:
        """Return the record with a ban, which settles its charges. A longer one that is there already stays."""
        kept = self.ban if self.ban is not None and self.ban.until > ban.until else ban
        return replace(self, charges=self._settled(), rung=rung, free_since=kept.until, ban=kept)

    def pardoned(self) -> Record:
        """Return the record without its ban, its charges and the rung that they had led to."""
        return replace(self, charges=self._settled(), rung=max(0, self.rung - 1), ban=None)

    def _settled(self) -> tuple[Charge, ...]:
        """Charges stay without weight, so that a report which is sent again is known for what it is."""
        return tuple(replace(each, weight=0.0) for each in self.charges)


def judge(record: Record, case: str, reason: str, now: float) -> Record:
    """Return a device's record with the ban that its charges come to, or itself when they are too few."""
    if record.score(now) < SCORE_MAX or (record.ban is not None and record.ban.until > now):
        return record
    rung = _rung(record, now)
    if reason == "underage":
        rung = max(rung, UNDERAGE_RUNG_MIN)
    rung = min(rung, len(RUNGS_SECONDS) - 1)
    return record.banned(Ban(case, reason, now, now + RUNGS_SECONDS[rung]), rung + 1)


def judge_address(record: Record, case: str, now: float) -> Record:
    """Return an address's record with the ban that its banned devices come to; this very machine gets none."""
    if record.key.startswith(OWN_MACHINE) or record.score(now) < EVASION_SCORE_MAX:
        return record
    rung = min(_rung(record, now), ADDRESS_RUNG_MAX)
    return record.banned(Ban(case, EVASION, now, now + RUNGS_SECONDS[rung]), rung + 1)


def after_flood(record: Record, case: str, now: float) -> Record:
    """Return a record with a short ban, longer for each flood of the last day."""
    floods = record.floods if now - record.flooded_at < FLOOD_FORGIVEN_SECONDS else 0
    seconds = FLOOD_RUNGS_SECONDS[min(floods, len(FLOOD_RUNGS_SECONDS) - 1)]
    flooded = replace(record, floods=floods + 1, flooded_at=now)
    if record.ban is not None and record.ban.until > now + seconds:
        return flooded
    return replace(flooded, ban=Ban(case, FLOOD, now, now + seconds))


def ban_that_applies(device: Device | None, records: Mapping[str, Record], now: float) -> Ban | None:
    """Return the ban, if any, that keeps somebody out: their device's own, or their address's for newcomers."""
    for record in sorted(records.values(), key=lambda each: each.ban.until if each.ban else 0.0, reverse=True):
        if record.ban is None or record.ban.until <= now:
            continue
        is_own = device is not None and record.key == device.key
        if is_own or device is None or device.known_since >= record.ban.since:
            return record.ban
    return None


def _rung(record: Record, now: float) -> int:
    """Return the rung that the next ban is on; time without a ban takes rungs back."""
    forgiven = int(max(0.0, now - record.free_since) / RUNG_FORGIVEN_SECONDS) if record.free_since else 0
    return max(0, record.rung - forgiven)


def _same_reporter(one: Charge, other: Charge) -> bool:
    same_address = one.reporter_address == other.reporter_address and one.reporter_address.startswith(ADDRESS)
    return one.reporter == other.reporter or same_address
