"""Two ordinary weeks: honest people who sometimes report by mistake, a few rude ones, and one who offends every day."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from tests.town.kinds import GRUMPY, HONEST, RUDE
from tests.town.people import Person, crowd
from tests.town.town import DAY, HOUR, MINUTE, Town

HONEST_PEOPLE, RUDE_PEOPLE = 30, 3
VISIT_SECONDS = 8 * MINUTE
EVENING_SECONDS = HOUR  # everybody comes within the same hour of a day, or a small town would be empty
OFFENCES_EVERY = 3 * MINUTE


def weeks(days: int = 14, seed: str = "1") -> dict[str, float]:
    """Return who was banned, and how often two met again of whom one had reported the other."""
    town = Town(f"weeks {seed}")
    honest = crowd(town, GRUMPY, HONEST_PEOPLE, town.networks.home)
    rude = crowd(town, RUDE, RUDE_PEOPLE, town.networks.home)
    kind = HONEST._replace(name="offender", offends_every=OFFENCES_EVERY, quick=0.0, talk_seconds=60.0)
    offender = Person(town, kind, town.networks.home())
    everybody = [*honest, *rude, offender]
    for day in range(days):
        for person in everybody:
            at = day * DAY + town.chance.random() * EVENING_SECONDS
            town.later(at, partial(person.visit, VISIT_SECONDS))
    town.run(days * DAY)
    encounters = list(town.ledger.whole())
    return {
        "encounters": len(encounters),
        "reported": 100 * len(town.ledger.reports) / len(encounters),
        "honest banned": len(town.ledger.banned(honest)),
        "rude banned": len(town.ledger.banned(rude)),
        "victims": sum(each.offender is offender for each in encounters),
        "met again": met_again(town),
    }


def met_again(town: Town) -> int:
    """Return how many encounters two had after one of them had reported the other; the browsers keep their tokens."""
    reported: dict[frozenset[int], float] = {}
    for report in town.ledger.reports:
        pair = frozenset((id(report.encounter.first), id(report.encounter.second)))
        reported.setdefault(pair, report.at)
    again: defaultdict[str, int] = defaultdict(int)
    for each in town.ledger.whole():
        at = reported.get(frozenset((id(each.first), id(each.second))))
        again["again"] += at is not None and each.at > at
    return again["again"]
