"""The kinds of people, one row each. People of a kind do only the actions of its row.

A conversation ends by a skip at once (`quick` of them, after 2 to 8 s) or after a talk of some minutes. An offended
person says so in a report in `reports_offence` of the cases, after some seconds; some report others, too.
"""

from __future__ import annotations

from typing import NamedTuple

REASONS = ("sexual", "harassment", "hate", "spam")


class Kind(NamedTuple):
    """How people of one kind behave, in shares of their encounters and in seconds."""

    name: str
    quick: float = 0.4
    talk_seconds: float = 150.0
    talk_seconds_min: float = 8.0
    skips_after: float | None = None  # always, and says nothing where it is below a second
    is_silent: bool = False
    reports_offence: float = 0.5
    reports_others: float = 0.0
    report_reason: str | None = None  # what false reporters say; honest ones name what they saw
    reports_after: float = 8.0  # the dialog, the reason
    offends: float = 0.0
    offends_every: float | None = None  # at most once in so many seconds, each time surely
    keeps_device: bool = True
    fresh_each_time: bool = False  # another browser for each encounter
    pause_seconds: float = 2.0  # between a report and the next search
    works: bool = True  # solves puzzles, as the page does by itself


HONEST = Kind("honest")
PEACEFUL = Kind("peaceful", quick=0.0, talk_seconds=10.0, talk_seconds_min=75.0, reports_offence=0.0)
# In a town without offenders: reports by mistake or out of anger, of anybody.
GRUMPY = Kind("honest, reports by mistake", reports_others=0.02)
DILIGENT = Kind("honest, reports each offence", reports_offence=1.0, quick=0.0)
SELDOM = Kind("honest, reports a fifth of offences", reports_offence=0.2)
RUDE = Kind("rude", offends=0.05, quick=0.7)
OFFENDER = Kind("offender", offends=1.0, quick=0.0, talk_seconds=20.0)
SKIPPER = Kind("quick skipper", skips_after=0.8, is_silent=True)
BOT = Kind("bot", skips_after=0.1, is_silent=True, works=False)
WORKING_BOT = BOT._replace(name="bot that works", works=True)
# They know the rules: they wait until a report can mean something, and those who keep a browser report less than half.
FALSE_FRESH = Kind(
    "false reporter, another browser each time",
    quick=0.0,
    reports_others=1.0,
    report_reason="underage",
    reports_after=10.0,
    fresh_each_time=True,
    pause_seconds=1.0,
)
FALSE_KEPT = FALSE_FRESH._replace(
    name="false reporter, kept browsers", fresh_each_time=False, reports_others=0.45, talk_seconds=4.0
)
# Has talked as others do for days, and then lies.
FALSE_PATIENT = FALSE_KEPT._replace(name="false reporter with a history")
# Does not know the rules: as soon as it is paired.
FALSE_HASTY = FALSE_FRESH._replace(name="hasty false reporter", reports_after=0.1, is_silent=True)
