"""Offenders: how long until they are stopped, and how many people have they met by then?"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from tests.town.kinds import DILIGENT, HONEST, OFFENDER, SELDOM
from tests.town.networks import Addresses
from tests.town.people import Person, arrive, crowd, with_history
from tests.town.town import DAY, HOUR, MINUTE, Town

NEIGHBOURS, OFFENDERS = 24, 3
SITTING_SECONDS = 40 * MINUTE
WINDOW_SECONDS = 8 * MINUTE
SHIFT, POOL = 8, 48


def in_one_sitting(*, is_campus: bool = False, seed: str = "1") -> dict[str, float]:
    """Let some offend everybody they meet, of whom a fifth reports it; return minutes and victims until they stop."""
    town = Town(f"sitting {seed}")
    site = town.networks.site()
    addresses: Callable[[], Addresses] = (lambda: site) if is_campus else town.networks.home
    neighbours = crowd(town, SELDOM, NEIGHBOURS, addresses)
    with_history(town, neighbours[::2])
    arrive(town, neighbours, MINUTE)
    offenders = crowd(town, OFFENDER, OFFENDERS, addresses)
    arrive(town, offenders, 5 * MINUTE)
    town.run(SITTING_SECONDS, until=lambda: len(town.ledger.banned(offenders)) == OFFENDERS)
    stops = [stop_of(town, each) for each in offenders]
    return {
        "minutes": max(seconds for seconds, _ in stops) / MINUTE,
        "victims": sum(victims for _, victims in stops) / OFFENDERS,
        "innocents banned": len(town.ledger.banned(neighbours)),
    }


def now_and_then(hours: float, *, of_newcomers: bool = False, days: int = 4, seed: str = "1") -> dict[str, float]:
    """Let somebody offend one person every few hours, who reports it; return days and victims until they are stopped.

    Each time others are there: some of a pool of people, half of whom have talked here on earlier days; or newcomers.
    """
    town = Town(f"now and then {hours} {seed}")
    pool = crowd(town, DILIGENT, POOL, town.networks.home)
    if of_newcomers:
        for each in pool:
            each.kind = DILIGENT._replace(keeps_device=False)
    else:
        with_history(town, pool[::2])
    kind = HONEST._replace(name="offender", offends_every=WINDOW_SECONDS, quick=0.0, talk_seconds=60.0)
    offender = Person(town, kind, town.networks.home())
    for window in range(int(days * DAY / (hours * HOUR))):
        town.later(window * hours * HOUR, partial(gather, town, pool, offender))
    town.run(days * DAY, until=lambda: bool(town.ledger.banned([offender])))
    seconds, victims = stop_of(town, offender)
    return {"days": seconds / DAY, "victims": victims}


def gather(town: Town, pool: list[Person], offender: Person) -> None:
    """Let some people be here for a while, and the offender among them."""
    for person in [*town.chance.sample(pool, SHIFT), offender]:
        town.later(town.chance.random() * 30, partial(person.visit, WINDOW_SECONDS))


def stop_of(town: Town, offender: Person) -> tuple[float, int]:
    """Return the seconds from the first victim to the first ban, and the victims until then; infinite without one."""
    victims = [each.at for each in town.ledger.of(offender) if each.offender is offender]
    bans = town.ledger.banned([offender])
    if not bans:
        return math.inf, len(victims)
    return bans[0].at - min(victims, default=bans[0].at), sum(at <= bans[0].at for at in victims)
