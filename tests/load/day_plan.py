"""The visitors of a simulated day, their times and their behaviour. Drawn from a seed, before anything happens."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate

# Visits by hour of the day: quiet mornings, a long evening. A shape, from nobody's site.
BY_HOUR = (9, 6, 4, 3, 2, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 10, 11, 12, 14, 16, 18, 18, 16, 12)

# Shares of visitors. Most are ordinary; the others are what a server has to get right.
VIDEO, WITH_INTERESTS, BAD_NETWORK, VANISHING, FLOODING, REPORTING = 0.2, 0.3, 0.08, 0.06, 0.01, 0.02
INTERESTS = ("music", "films", "games", "football", "chess", "cooking", "travel", "Schach", "音楽")

# Seconds, as people are, not as the day is: the day is shortened by letting people come faster.
QUICK_SKIP, QUICK_SECONDS = 0.35, (0.5, 4.0)
TALK_SECONDS_MIDDLE, TALK_SPREAD, TALK_SECONDS_MAX = 12.0, 0.7, 60.0
PATIENCE_SECONDS = (10.0, 60.0)
MEETINGS_MAX = 12
LINE_SECONDS = (1.5, 5.0)


@dataclass(frozen=True, slots=True)
class Plan:
    """One visitor. `talks` are how many seconds each meeting holds, unless the other ends it sooner."""

    number: int
    arrives_at: float
    mode: str
    interests: tuple[str, ...]
    network: str  # good, bad, vanishing or flooding
    patience_seconds: float
    talks: tuple[float, ...]
    closes: bool  # leaves by closing the tab, not by Stop
    reports: bool


def draw(people: int, seconds: float, seed: int) -> list[Plan]:
    """Return the visitors of a day that takes so many seconds, in the order in which they come."""
    chance = random.Random(seed)
    arrivals = sorted(_arrival(chance, seconds) for _ in range(people))
    return [_plan(chance, number, at) for number, at in enumerate(arrivals)]


def hour_of(at: float, seconds: float) -> float:
    """Return the hour of the day at a moment of the run."""
    return 24 * min(max(at / seconds, 0.0), 1.0)


def _arrival(chance: random.Random, seconds: float) -> float:
    totals = list(accumulate(BY_HOUR))
    point = chance.uniform(0, totals[-1])
    hour = next(number for number, total in enumerate(totals) if point <= total)
    return seconds * (hour + chance.random()) / len(BY_HOUR)


def _plan(chance: random.Random, number: int, at: float) -> Plan:
    meetings = min(1 + int(chance.expovariate(1 / 3)), MEETINGS_MAX)
    with_interests = chance.random() < WITH_INTERESTS
    return Plan(
        number=number,
        arrives_at=at,
        mode="video" if chance.random() < VIDEO else "text",
        interests=tuple(chance.sample(INTERESTS, chance.randint(1, 3))) if with_interests else (),
        network=_network(chance.random()),
        patience_seconds=chance.uniform(*PATIENCE_SECONDS),
        talks=tuple(_talk_seconds(chance) for _ in range(meetings)),
        closes=chance.random() < 0.7,
        reports=chance.random() < REPORTING,
    )


def _network(point: float) -> str:
    for share, network in ((BAD_NETWORK, "bad"), (VANISHING, "vanishing"), (FLOODING, "flooding")):
        if point < share:
            return network
        point -= share
    return "good"


def _talk_seconds(chance: random.Random) -> float:
    if chance.random() < QUICK_SKIP:
        return chance.uniform(*QUICK_SECONDS)
    return min(TALK_SECONDS_MIDDLE * chance.lognormvariate(0, TALK_SPREAD), TALK_SECONDS_MAX)
