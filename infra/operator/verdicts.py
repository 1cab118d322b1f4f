"""The decisions that an operator may make of a case, in one table, and their effects: by one person, once, logged."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import NamedTuple

from functions.chat.model.case import GRANTED, UPHELD, Case, Ruling
from functions.chat.model.complaints import DONE, REFUSED
from functions.chat.model.record import DAY
from infra.operator import audit, bans, campaigns, warn
from infra.operator.casebook import DAYS_MAX, days, get
from infra.operator.office import Office, OperatorError
from infra.operator.output import moment

# A mistake of one moderator should cost a visitor a month at most: a longer ban waits for a second moderator.
ALONE_SECONDS_MAX = 30 * DAY
# "For good". No browser keeps a device's token longer, and every record of a person has to end some day.
FOR_GOOD_SECONDS = 3650 * DAY
HOLDER_BYTES = 6  # tells two windows of one person apart


class Verdict(NamedTuple):
    """A row: its name, the key that gives it, the state of the case after it, and its other effects."""

    name: str
    key: str
    decision: str
    bans: bool = False
    seconds: float | None = None  # of the ban, where it is always the same
    doubts: bool = False
    is_campaign: bool = False
    warns: bool = False
    of_complaints: bool = False  # of people outside; all others are of reports and bans


TABLE: tuple[Verdict, ...] = (
    Verdict("dismiss", "d", GRANTED),
    Verdict("uphold", "u", UPHELD),
    Verdict("warn", "w", UPHELD, warns=True),
    Verdict("ban", "b", UPHELD, bans=True),
    Verdict("for_good", "g", UPHELD, bans=True, seconds=FOR_GOOD_SECONDS),
    Verdict("false_report", "f", GRANTED, doubts=True),
    Verdict("campaign", "c", GRANTED, doubts=True, is_campaign=True),
    Verdict("done", "a", DONE, of_complaints=True),
    Verdict("refuse", "r", REFUSED, of_complaints=True),
)
VERDICTS = {verdict.name: verdict for verdict in TABLE}


@dataclass(frozen=True, slots=True)
class Order:
    """A moderator's order: a row of the table, for how long where it is a ban, and the moderator's name."""

    verdict: Verdict
    by: str
    seconds: float | None = None

    @property
    def length(self) -> float:
        """For how long it locks out; 0 where it does not."""
        return (self.verdict.seconds or self.seconds or 0.0) if self.verdict.bans else 0.0

    def __str__(self) -> str:
        """Return the form that the log and a proposal keep."""
        row = self.verdict
        more = [f"{self.length:.0f}" * row.bans, "doubts" * row.doubts, "campaign" * row.is_campaign]
        return " ".join([row.name, *filter(None, more)])


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of an order, in a sentence; `is_final` is false where it waits for a second person."""

    sentence: str
    is_final: bool = True


def carry_out(office: Office, number: str, order: Order) -> Outcome:
    """Decide a case, or propose it. Its effects on people can be repeated: an interrupted moderator orders it again."""
    case = get(office, number)
    _check(case, order)
    if order.length > ALONE_SECONDS_MAX and not _is_confirmed(case, order):
        return _propose(office, case, order)
    holder = f"{order.by} {secrets.token_hex(HOLDER_BYTES)}"
    if not office.cases.hold(case.number, holder):
        raise _lost(office, case)
    try:
        effect = _apply(office, case, order)
    except BaseException:
        office.cases.release(case.number, holder)
        raise
    by = f"{case.proposed_by}, {order.by}" if _is_confirmed(case, order) else order.by
    ruling = Ruling(order.verdict.decision, order.verdict.name, by, warns=order.verdict.warns)
    leg = office.cases.ruling_leg(case.number, ruling, holder)
    if not audit.write(office, order.by, str(order), case.number, leg):
        raise _lost(office, case)
    office.cases.strike(case)
    return Outcome(f"Case {case.number} is decided. {effect}")


def _check(case: Case, order: Order) -> None:
    if not case.is_open:
        raise OperatorError(f"Case {case.number} was decided before: {case.decision}{_by(case)}.")
    if order.verdict.of_complaints != (case.complaint is not None):
        names = ", ".join(row.name for row in TABLE if row.of_complaints == (case.complaint is not None))
        raise OperatorError(f"Case {case.number} is decided by one of these: {names}.")
    if order.verdict.bans and order.length <= 0:
        raise OperatorError("A ban has a length.")
    if order.verdict.doubts and case.reporter_device is None:
        raise OperatorError(f"Case {case.number} has no reporter.")


def _is_confirmed(case: Case, order: Order) -> bool:
    """Tell whether another moderator has proposed this very ban."""
    return case.proposal == str(order) and case.proposed_by not in {None, order.by}


def _propose(office: Office, case: Case, order: Order) -> Outcome:
    if not office.cases.propose(case.number, str(order), order.by):
        raise _lost(office, case)
    audit.write(office, order.by, f"propose {order}", case.number)
    days_max = ALONE_SECONDS_MAX / DAY
    sentence = f"A ban of more than {days_max:.0f} days waits for a second person to confirm it."
    return Outcome(sentence, is_final=False)


def _apply(office: Office, case: Case, order: Order) -> str:
    verdict = order.verdict
    if verdict.of_complaints:
        return "The person who complained learns it by the number."
    if verdict.bans:
        ban = bans.lock_out(office, case, order.length)
        return f"Locked out until {moment(ban.until)}."
    if verdict.decision == GRANTED:
        for key in case.subjects:
            bans.pardon(office, key, case.number)
    if verdict.doubts:
        assert case.reporter_device is not None, "checked before"
        campaigns.doubt(office, case.reporter_device)
    if verdict.warns:
        given = warn.warn(office, case)
        return f"From {moment(given.since)} on they read a warning before they meet anybody else."
    effect = "The ban ends within ten seconds." if verdict.decision == GRANTED else "The ban stays."
    if verdict.is_campaign:
        ended = campaigns.undo(office, case, office.cases.listed(days(office, DAYS_MAX)))
        effect += f" {ended} other bans end as well, and the reports of all who reported weigh nothing for 30 days."
    return effect


def _lost(office: Office, case: Case) -> OperatorError:
    """Return why another moderator's decision stands in the way."""
    now = get(office, case.number)
    if now.is_open:
        return OperatorError(f"Somebody else is deciding case {case.number} just now.")
    return OperatorError(f"Case {case.number} was decided by somebody else just now: {now.decision}{_by(now)}.")


def _by(case: Case) -> str:
    return f" ({case.verdict}, {case.decided_by})" if case.decided_by else ""
