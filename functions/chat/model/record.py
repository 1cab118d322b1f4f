"""The record of a device, an address or a network: reports against it, its own reports, its honest days. Pure.

A record is a value: every method returns another one. reputation.py has the consequences.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from functions.chat.model.networks import shunned_name
from functions.chat.model.people import AVOIDED_MAX, Ban, GivenWarning
from functions.chat.model.rates import Rate

HOUR, DAY = 3600.0, 86_400.0

# Long enough that three offences a day add up within three days, and short enough that a person who is reported by
# mistake every other day never gets there.
HALF_LIFE_SECONDS = 36 * HOUR
CHARGES_MAX = 20  # one for each voice; the oldest go first; a ban takes four at most
SCORE_OF_THE_DECENT_MAX = 0.5  # a newcomer's report is below it after a day
SHUNNED_MAX = 10  # networks whose newcomers a device does not meet for a day
SHUNNED_SECONDS = DAY
TROUBLE_HALF_LIFE_SECONDS = 2 * HOUR
RUNG_FORGIVEN_SECONDS = 30 * DAY
# A device that reports everybody has three reports of weight in so long; an honest one is not silenced for good.
COUNTED_SECONDS = 30 * DAY
# A device is known so long after its first talk: at midnight a day may be two minutes old, and this is as long as a
# reporter meets no newcomer of a network.
KNOWN_AFTER_SECONDS = SHUNNED_SECONDS
RESENT_SECONDS = 900.0  # a report is sent again for ten minutes at most (handlers/report.py)


@dataclass(frozen=True, slots=True)
class Charge:
    """One report that counts, with its reporter.

    `stands_alone`: the reporter was a known device in the reported device's own network, and counts by itself.
    """

    reporter: str
    network: str
    weight: float
    at: float
    reason: str = "other"
    stands_alone: bool = False

    @property
    def voice(self) -> str:
        """The voice that counts once in a score: a network, or a reporter that stands alone."""
        return self.reporter if self.stands_alone else self.network

    def weight_at(self, now: float) -> float:
        """Return its weight by now: half as much after each half-life."""
        return self.weight * math.exp2(min(0.0, self.at - now) / HALF_LIFE_SECONDS)


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known of one key. `version` tells whether it is as it was read; 0 was never written.

    `reports` is the level of its bucket of reports at `reports_since`. `days` counts the days on which the device
    talked, `last_day` is the last of them, and `talked_since` is when it first did. It meets nobody of `avoided`, whom
    it reported, and of `reporters`, who reported it; nothing that its owner may see depends on the latter. `met` counts
    the people met in visits in which the device reported anybody, and `reported` those whom it reported. These counts
    began at `counted_since`. `shunned` are networks, each with the time of the report. `flood_ban` stands beside any
    other ban, so that it tells nobody whether that one is still to begin. `trouble` is as it was at `troubled_at`, and
    fades.
    """

    key: str
    charges: tuple[Charge, ...] = ()
    rung: int = 0
    free_since: float = 0.0
    floods: int = 0
    flooded_at: float = 0.0
    ban: Ban | None = None
    flood_ban: Ban | None = None
    avoided: tuple[str, ...] = ()
    reporters: tuple[str, ...] = ()
    shunned: tuple[tuple[str, float], ...] = ()
    reports_since: float = 0.0
    reports: float = 0.0
    reported: int = 0
    met: int = 0
    counted_since: float = 0.0
    doubted_until: float = 0.0
    days: int = 0
    last_day: int = 0
    talked_since: float = 0.0
    trouble: float = 0.0
    troubled_at: float = 0.0
    warning: GivenWarning | None = None
    version: int = 0

    @property
    def bans(self) -> tuple[Ban, ...]:
        """All bans, also one that is over or still to begin."""
        return tuple(ban for ban in (self.ban, self.flood_ban) if ban is not None)

    def ban_not_over(self, now: float) -> Ban | None:
        """Return the ban that lasts the longest, also one that is still to begin; None where all are over."""
        return max((ban for ban in self.bans if ban.until > now), key=lambda ban: ban.until, default=None)

    def is_known(self, now: float) -> bool:
        """Tell whether this device has talked here on an earlier day, a day ago or more, and was not banned lately.

        A ban that has not begun changes nothing yet: a newcomer's wait would tell its owner which report decided the
        ban.
        """
        rung_to_come = 1 if self.ban is not None and self.ban.since > now else 0
        days_before = self.days - (1 if self.last_day == day_of(now) else 0)
        is_long_ago = now - self.talked_since >= KNOWN_AFTER_SECONDS
        return days_before > 0 and is_long_ago and self.rung_at(now) <= rung_to_come

    def rung_at(self, now: float) -> int:
        """Return the rung of the next ban; each 30 days without a ban take one rung back."""
        forgiven = int(max(0.0, now - self.free_since) / RUNG_FORGIVEN_SECONDS) if self.free_since else 0
        return max(0, self.rung - forgiven)

    def having_talked(self, now: float) -> Record:
        """Return the record of a device that talked today; once a day, and not while a report weighs on it."""
        today = day_of(now)
        if self.last_day == today or self.score(now) > SCORE_OF_THE_DECENT_MAX:
            return self
        return replace(self, days=self.days + 1, last_day=today, talked_since=self.talked_since if self.days else now)

    def score(self, now: float) -> float:
        """Return the weight of all charges by now."""
        return sum(charge.weight_at(now) for charge in self.charges)

    def charged(self, charge: Charge) -> Record:
        """Return the record with one more charge.

        A reporter counts once for ever; of one voice only the report that weighs most by now counts.
        """
        if not charge.weight or any(each.reporter == charge.reporter for each in self.charges):
            return self
        same_voice = [each for each in self.charges if each.voice == charge.voice]
        if any(each.weight_at(charge.at) >= charge.weight for each in same_voice):
            return self
        kept = tuple(each for each in self.charges if each not in same_voice)
        return replace(self, charges=(*kept, charge)[-CHARGES_MAX:])

    def reported_by(self, reporter: str) -> Record:
        """Return the record of a device that never meets this reporter again."""
        if reporter in self.reporters:
            return self
        return replace(self, reporters=(*self.reporters, reporter)[-AVOIDED_MAX:])

    def having_reported(self, device: str, met: int, rate: Rate, now: float) -> Record:
        """Return the record of a device that reported `device`; since that visit's last report it met `met` people.

        The two never meet again. A report that is sent again changes nothing.
        """
        if device in self.avoided:
            return self
        counted = self._counted_anew(now).having_spent(rate, now)
        return replace(
            counted,
            avoided=(*self.avoided, device)[-AVOIDED_MAX:],
            reported=counted.reported + 1,
            met=counted.met + max(met, 1),  # the reported one was met, also if that visit's socket is gone
        )

    def having_spent(self, rate: Rate, now: float) -> Record:
        """Return the record with one more report in its bucket; a refused one adds next to nothing.

        So a day of lies is over in a day. A refused report that is sent again is refused again.
        """
        level = max(0.0, rate.level(self.reports, now - self.reports_since)) + 1
        return replace(self, reports_since=now, reports=min(level, rate.burst + rate.per_second * RESENT_SECONDS))

    def overflows(self, rate: Rate, now: float) -> bool:
        """Tell whether the reports in the bucket are more than the rate allows."""
        return rate.level(self.reports, now - self.reports_since) > rate.burst

    def shunning(self, network: str, now: float) -> Record:
        """Return the record of a device that does not meet newcomers of a network for a day.

        In its own network it meets no newcomer who came between two reports, either: the time of the first one stays.
        """
        lasting = [(each, since) for each, since in self.shunned if since > now - SHUNNED_SECONDS]
        others = [each for each in lasting if each[0] != network]
        first = [each for each in lasting if each[0] == network][:1]
        return replace(self, shunned=(*others, *first, (network, now))[-SHUNNED_MAX:])

    def avoids(self, own_network: str, now: float) -> frozenset[str]:
        """Return the names that this device avoids now, as seen from the network that it is in.

        Where they are too many, those whom it reported itself stay.
        """
        shunned = (each for each in self.shunned if each[1] > now - SHUNNED_SECONDS)
        devices = (*self.reporters, *self.avoided)[-AVOIDED_MAX:]
        return frozenset({*devices, *(shunned_name(network, since, own_network) for network, since in shunned)})

    def trouble_at(self, now: float) -> float:
        """Return the trouble by now: one for each flood and each ban, and half as much after each 2 hours."""
        return self.trouble * math.exp2((self.troubled_at - now) / TROUBLE_HALF_LIFE_SECONDS)

    def troubled(self, now: float) -> Record:
        """Return the record of an address with trouble once more."""
        return replace(self, trouble=self.trouble_at(now) + 1, troubled_at=now)

    def banned(self, ban: Ban, rung: int) -> Record:
        """Return the record with a ban, which settles its charges. A longer one that is there already stays."""
        kept = self.ban if self.ban is not None and self.ban.until > ban.until else ban
        return replace(self, charges=self._settled(), rung=rung, free_since=kept.until, ban=kept)

    def warned(self, warning: GivenWarning) -> Record:
        """Return the record with a warning to be read, in place of an unread one; the same warning changes nothing."""
        is_again = self.warning is not None and self.warning.case == warning.case
        return self if is_again else replace(self, warning=warning)

    def without_warning(self, case: str) -> Record:
        """Return the record without the warning of a case: it was read, or taken back."""
        return replace(self, warning=None) if self.warning is not None and self.warning.case == case else self

    def warning_at(self, now: float) -> GivenWarning | None:
        """Return the warning that is to be read now."""
        due = self.warning is not None and self.warning.since <= now < self.warning.until
        return self.warning if due else None

    def pardoned(self) -> Record:
        """Return the record without its ban, its charges and the rung that they had led to."""
        return replace(self, charges=self._settled(), rung=max(0, self.rung - 1), ban=None)

    def forgotten(self) -> Record:
        """Return the record as a newcomer's, without the advantages of its owner; all that is held against it stays."""
        return replace(self, days=0, last_day=0, talked_since=0.0, shunned=())

    def _counted_anew(self, now: float) -> Record:
        """Return the record with the counts of its reports begun anew, if they began 30 days ago or more."""
        if now - self.counted_since < COUNTED_SECONDS:
            return self
        return replace(self, reported=0, met=0, counted_since=now)

    def _settled(self) -> tuple[Charge, ...]:
        """Return the charges without weight: they stay, so that a report which is sent again is recognised."""
        return tuple(replace(each, weight=0.0) for each in self.charges)


def day_of(now: float) -> int:
    """Return the number of a day in UTC."""
    return int(now // DAY)
