"""Rules that were weakened on purpose, each with the goal that has to be missed then.

A goal that no fault can miss says nothing. The rules are the product's own functions; a fault puts another one in the
place of one of them for as long as a scene is played.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from functions.chat.model import reputation
from functions.chat.model.record import Record
from tests.town import campus, guessing, lies, meetings, offences, stalking
from tests.town.goals import Figures
from tests.town.lies import FRESH, PATIENT, Liars


class Fault(NamedTuple):
    """A fault in the place of a rule, and the figure of a scene that shows it: it is more than it may be."""

    name: str
    rule: str
    instead: Any
    play: Callable[[], Figures]
    figure: str
    at_most: float


def briefly(attack: Liars) -> Callable[[], Figures]:
    """Return a short attack."""
    return partial(lies.play, attack._replace(encounters=60))


RULES = "functions.chat.model."
_JUDGE = reputation.judge


def judge_for_most_reports(record: Record, case: str, now: float, since: float) -> Record:
    """Say for what a ban is, by what most reports were for."""
    judged = _JUDGE(record, case, now, since)
    if judged is record or judged.ban is None:
        return judged
    reason = Counter(charge.reason for charge in record.charges).most_common(1)[0][0]
    return replace(judged, ban=judged.ban._replace(reason=reason))


FAULTS: tuple[Fault, ...] = (
    Fault(
        "no number of reports is enough",
        RULES + "reputation:SCORE_MAX",
        1000.0,
        offences.in_one_sitting,
        "minutes",
        30,
    ),
    Fault(
        "a newcomer's word weighs as much as anybody's",
        RULES + "reputation:NEWCOMER_WEIGHT_MAX",
        3.0,
        briefly(Liars(10, 2, FRESH)),
        "banned",
        0,
    ),
    Fault(
        "everybody in one network has a voice",
        RULES + "record:Charge.voice",
        property(lambda charge: charge.reporter),
        briefly(Liars(10, 1, PATIENT)),
        "banned",
        0,
    ),
    Fault(
        "who has just parted is forgotten",
        RULES + "pairing:_is_of",
        lambda _meeting, _ticket: False,
        partial(meetings.rematches, clears=False),
        "within 10 s",
        0,
    ),
    Fault(
        "the newcomers of a reported one's network are met",
        RULES + "record:Record.shunning",
        lambda record, _network, _now: record,
        partial(stalking.stalk, stalking.WAYS[1]),
        "again",
        0,
    ),
    Fault(
        "a ban begins with the report",
        RULES + "reputation:ban_begins",
        lambda now, _drawn: now,
        partial(guessing.play, 40),
        "advantage",
        guessing.SURE,
    ),
    Fault(
        "a ban is for the reason of most reports",
        RULES + "reputation:judge",
        judge_for_most_reports,
        partial(guessing.play, 120),
        "advantage by rules",
        guessing.SURE,
    ),
    Fault(
        "reports fade within hours",
        RULES + "record:HALF_LIFE_SECONDS",
        7200.0,
        partial(offences.now_and_then, 8.0),
        "days",
        3,
    ),
    Fault(
        "newcomers wait for minutes where there was trouble",
        "functions.handlers.connect:wait_of_newcomers",
        lambda records, now: 60.0 if any(each.trouble_at(now) > 0 for each in records.values()) else 0.0,
        partial(campus.arrivals, campus.TROLLS[0]),
        "p95",
        8,
    ),
)


def present() -> list[Fault]:
    """Return the faults of rules that this version has: a rule that is still to come cannot be weakened."""
    return [fault for fault in FAULTS if owner_of(fault) is not None]


def owner_of(fault: Fault) -> Any:
    """Return what the rule is an attribute of; None where there is no such rule."""
    module, _, path = fault.rule.partition(":")
    *parents, name = path.split(".")
    if find_spec(module) is None:
        return None
    owner: Any = import_module(module)
    for parent in parents:
        owner = getattr(owner, parent, None)
    return owner if hasattr(owner, name) else None


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """Play with a weakened rule."""
    owner, name = owner_of(fault), fault.rule.rpartition(":")[2].rpartition(".")[2]
    before = owner.__dict__[name]
    setattr(owner, name, fault.instead)
    try:
        yield
    finally:
        setattr(owner, name, before)
