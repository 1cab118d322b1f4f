"""Somebody who was reported looks for their reporter: how often do they meet again within a day?"""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.town.kinds import HONEST
from tests.town.people import Person, arrive, crowd
from tests.town.town import DAY, HOUR, MINUTE, Town

NEIGHBOURS, DRAWER = 5, 120
TRIES_EVERY_SECONDS = 15.0
VISIT_SECONDS = 10 * MINUTE
VICTIM = HONEST._replace(name="reporter", quick=0.2, talk_seconds=40.0)
STALKER = HONEST._replace(name="stalker", skips_after=2.0)


class Way(NamedTuple):
    """How somebody looks for one certain person again."""

    name: str
    clears: bool = True
    wish_of_victim: dict[str, Any] | None = None
    prefix: int | None = None
    hoards: bool = False
    follows: bool = False  # stays on one socket and skips until it is her


WAYS = (
    Way("new sockets, same browser", clears=False),
    Way("new sockets, cleared browser"),
    Way("one socket, cleared browser, skipping", follows=True),
    Way("a rare interest", wish_of_victim={"interests": ["hurdy-gurdy"]}),
    Way("a rare language", wish_of_victim={"languages": ["eo"]}),
    Way("tokens minted before", hoards=True),
    Way("another /64 of one /56", prefix=56),
    Way("another /64 of one /48", prefix=48),
)


def stalk(way: Way, *, has_company: bool = True, seed: str = "1") -> dict[str, float]:
    """Let a victim report a stalker, and the stalker look for her for a day; return how often they met again."""
    town = Town(f"stalk {way.name} {seed}")
    victim = Person(town, VICTIM, town.networks.home(), **(way.wish_of_victim or {}))
    addresses = town.networks.prefix(way.prefix, town.chance) if way.prefix else town.networks.home()
    stalker = Person(town, STALKER, addresses, **(way.wish_of_victim or {}))
    drawer = [Person(town, STALKER, addresses) for _ in range(DRAWER if way.hoards else 0)]
    for person in drawer:
        person.client._open()
        person.client.start()
        town.run(0.2)
        person.client.close()
    introduce(town, victim, stalker)
    if has_company:
        arrive(town, crowd(town, HONEST, NEIGHBOURS, town.networks.home), MINUTE)
    reported_at = town.now()
    for start in (0.0, HOUR, 20 * HOUR):
        town.later(start, lambda: victim.visit(VISIT_SECONDS))
        town.later(start + 5.0, lambda: search(town, way, stalker, drawer, town.now() + VISIT_SECONDS))
        town.run(VISIT_SECONDS + MINUTE)
        town.run(max(0.0, {0.0: HOUR, HOUR: 20 * HOUR}.get(start, start) - (town.now() - reported_at)))
    again = town.ledger.between([victim], [stalker], since=reported_at)
    return {"again": len(again), "after": again[0].at - reported_at if again else DAY}


def introduce(town: Town, victim: Person, stalker: Person) -> None:
    """Let the two meet, talk a little, and part by a report."""
    stalker.kind = victim.kind = HONEST._replace(skips_after=60.0)
    victim.come()
    stalker.come()
    # A person who has minted many tokens has used up the turns of their address, and waits for another one.
    town.run(HOUR, until=lambda: victim.client.room is not None)
    town.run(12.0)
    assert victim.client.room is not None, "the two are alone, and meet"
    victim.client.report("harassment")
    town.run(1.0)
    victim.go()
    stalker.kind, victim.kind = STALKER, VICTIM
    stalker.go()


def search(town: Town, way: Way, stalker: Person, drawer: list[Person], until: float) -> None:
    """Come again and again, with the browser of this way."""
    if town.now() >= until:
        stalker.go()
        return
    if stalker.client.room is None or not way.follows:
        stalker.client.close()
        if way.hoards:
            stalker.client.device = drawer.pop().client.device if drawer else None
        elif way.clears:
            stalker.client.clear()
        stalker.come()
    town.later(TRIES_EVERY_SECONDS, lambda: search(town, way, stalker, drawer, until))
