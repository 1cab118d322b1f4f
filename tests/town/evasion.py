"""Somebody is banned and comes back: after how many seconds do they meet people again, by which means?"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.town.kinds import DILIGENT, OFFENDER
from tests.town.people import Person, arrive, crowd, with_history
from tests.town.site import EPOCH
from tests.town.town import HOUR, MINUTE, Town

NEIGHBOURS, BANS = 30, 5
REACTION_SECONDS, POLL_SECONDS, POLL_SECONDS_MAX = 1.0, 15.0, 480.0
GIVE_UP_SECONDS, DAY_SECONDS = HOUR / 2, 4 * HOUR
TOWNS = 40  # in one alone it is chance who comes by: five evasions take two hours, or two and a half
SUMMARIES: dict[str, Callable[[list[float]], float]] = {"first": statistics.median, "longest": max, "shut out": sum}


PATIENT = DILIGENT._replace(quick=0.0, talk_seconds=240.0)


class Means(NamedTuple):
    """The ways of a banned person."""

    name: str
    cleared: bool = True  # the browser has no token then
    hoarded: bool = False  # but one of those that were minted before
    with_history: bool = False  # and have talked on earlier days
    moves: bool = False  # to another address


MEANS = (
    Means("the same browser", cleared=False),
    Means("a cleared browser"),
    Means("a hoarded token", hoarded=True),
    Means("another browser with a history", hoarded=True, with_history=True),
    Means("another address, a cleared browser", moves=True),
    Means("another address, a hoarded token", moves=True, hoarded=True),
)


def evade(means: Means) -> dict[str, float]:
    """Return the seconds that coming back after bans costs by these means, in a usual town and on average."""
    found = [evade_in(means, f"{number}") for number in range(TOWNS)]
    figures = {name: [each[name] for each in found] for name in found[0]}
    return {name: SUMMARIES.get(name, statistics.fmean)(each) for name, each in figures.items()}


def evade_in(means: Means, seed: str) -> dict[str, float]:
    """Let somebody offend until they are banned, and come back, some times; return the seconds that each time cost."""
    town = Town(f"evade {means.name} {seed}")
    neighbours = crowd(town, PATIENT, NEIGHBOURS, town.networks.home)
    home = town.networks.home()
    drawer = crowd(town, OFFENDER, BANS if means.hoarded else 0, lambda: home)
    with_history(town, [*neighbours[::2], *(drawer if means.with_history else [])])
    for person in drawer:
        person.come()
        town.run(1.0)
        person.go()
    arrive(town, neighbours, MINUTE)
    evader = Person(town, OFFENDER, home, after_ban=coming_back(town, means, drawer))
    town.later(2 * MINUTE, evader.come)
    began = town.now()
    town.run(DAY_SECONDS, until=lambda: evader.times_stopped > BANS or is_out(town, evader, began))
    return costs(town, means, evader)


def coming_back(town: Town, means: Means, drawer: list[Person]) -> Callable[[Person, dict[str, Any]], None]:
    """Return what the evader does at each ban."""
    unused, polls = list(drawer), 0

    def come_back(person: Person, error: dict[str, Any]) -> None:
        client = person.client
        nonlocal polls
        polls = 0 if person.has_met else polls + 1
        person.times_stopped += person.has_met
        person.has_met = False
        client.close()
        if means.cleared:
            client.device = unused.pop().client.device if unused else None
        if means.moves:
            client.addresses = town.networks.home()
        wait = min(POLL_SECONDS * 2 ** (polls - 1), POLL_SECONDS_MAX) if polls else REACTION_SECONDS
        if not means.cleared:
            wait = error["until"] - EPOCH - town.now() + REACTION_SECONDS
        town.later(wait, person.come)

    return come_back


def is_out(town: Town, evader: Person, began: float) -> bool:
    """Tell whether somebody has met nobody for so long that they give up."""
    return town.now() - max(evader.met_at, began) > GIVE_UP_SECONDS


def told(town: Town, evader: Person) -> list[float]:
    """Return when somebody was banned after they had met people since the last time."""
    met, counted, last = [each.at for each in town.ledger.of(evader)], [], -math.inf
    for ban in town.ledger.bans:
        if ban.person is evader and any(last < at <= ban.at for at in met):
            counted.append(ban.at)
            last = ban.at
    return counted


def costs(town: Town, means: Means, evader: Person) -> dict[str, float]:
    """Return the seconds from a ban to the next encounter: of the first one, the longest, and of all."""
    met = [each.at for each in town.ledger.of(evader)]
    never = town.now() + GIVE_UP_SECONDS
    waits = [min((at for at in met if at > ban), default=never) - ban for ban in told(town, evader)[:BANS]]
    waits += [GIVE_UP_SECONDS] * (BANS - len(waits))
    # A person with a cleared browser is a newcomer, and is told of a ban that is none of theirs.
    again = sum(ban.person is evader for ban in town.ledger.bans) - len(told(town, evader))
    closed = sum(code in ("429", "403", "503") for _, person, code in town.ledger.refusals if person is evader)
    return {
        "first": min(waits[0], GIVE_UP_SECONDS),
        "longest": min(max(waits), GIVE_UP_SECONDS),
        "total": sum(min(wait, GIVE_UP_SECONDS) for wait in waits),
        "shut out": closed + (again if means.cleared else 0),
        "victims": sum(each.offender is evader for each in town.ledger.of(evader)),
    }
