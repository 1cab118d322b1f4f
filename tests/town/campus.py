"""Thousands of people behind one address, and one troll among them: what do the honest newcomers notice?

A campus of 5,000 is here the 84 of them who are on the page in the same few minutes: whatever the server counts per
address is the same for these as for all 5,000.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from tests.town.kinds import BOT, FALSE_HASTY, HONEST, WORKING_BOT
from tests.town.networks import Addresses
from tests.town.people import Person, arrive, crowd, with_history
from tests.town.town import MINUTE, Town

KNOWN, NEWCOMERS = 24, 60
MINUTES = 3
JUNK_SOCKETS, JUNK_FRAMES = 4, 1150
SQUATTERS = 215
STORM_SOCKETS = 1500
BOTS, SEARCHES = 6, 400
CLEARED_SECONDS = 10.0
LONERS, LONERS_EVERY, LONERS_STAY, STRANGERS = 24, 100.0, 75.0, 40
WINDOWS = 10
REFUSALS = frozenset({"403", "429", "503", "banned", "rate_limited", "closed", "busy"})


def quiet(town: Town, addresses: Addresses) -> None:
    """Do nothing: what everything else is compared with."""


def flood(town: Town, addresses: Addresses) -> None:
    """Send far too much on some sockets, one after another."""
    for number in range(JUNK_SOCKETS):
        junk = Person(town, BOT, addresses)

        def send(person: Person = junk) -> None:
            person.client.start()
            for _ in range(JUNK_FRAMES):
                person.client.send(action="nonsense")
            person.client.searches = False

        town.later(number * 4.5, send)


def report_oneself(town: Town, addresses: Addresses) -> None:
    """Report one's own windows to one another, as fast as they meet."""
    team = crowd(town, FALSE_HASTY, WINDOWS, lambda: addresses)
    for person in team:
        person.team = []
    arrive(town, team, MINUTE)


def squat(town: Town, addresses: Addresses) -> None:
    """Take places in the queue, each waiting for somebody who never comes."""
    for number, person in enumerate(crowd(town, BOT, SQUATTERS, lambda: addresses)):
        person.wish = {"interests": [f"nobody has this {number}"]}
        person.client.repeats = False
        town.later(number * 0.2, person.come)


def storm(town: Town, addresses: Addresses) -> None:
    """Open sockets as fast as a script can."""
    for number, person in enumerate(crowd(town, BOT, STORM_SOCKETS, lambda: addresses)):
        town.later(number * 0.05, partial(open_and_close, person))


def meet_everybody(town: Town, addresses: Addresses) -> None:
    """Use up the turns of the address, with work where it is asked for."""
    arrive(town, crowd(town, WORKING_BOT, BOTS, lambda: addresses), 5.0)


def clear_and_meet(town: Town, addresses: Addresses) -> None:
    """Use up the turns of the address with another browser each time, with work where it is asked for."""
    bot = Person(town, WORKING_BOT, addresses)
    for number in range(int(LONERS * LONERS_EVERY / CLEARED_SECONDS)):
        town.later(number * CLEARED_SECONDS, partial(come_anew, bot))


def come_anew(bot: Person) -> None:
    """Come back as a newcomer."""
    bot.client.close()
    bot.client.clear()
    bot.come()


def search_and_leave(town: Town, addresses: Addresses) -> None:
    """Look for somebody and leave at once, on and on: as many searches as a socket may make."""
    person = Person(town, BOT, addresses, interests=["nobody has this"])
    person.client.repeats = False
    for number in range(SEARCHES):
        town.later(number * 0.5, person.come)
        town.later(number * 0.5 + 0.2, partial(person.client.send, action="leave"))


def open_and_close(person: Person) -> None:
    """Leave before anything comes of it."""
    person.client._open()
    person.client.close()


class Troll(NamedTuple):
    """One way to make life hard for one's own network."""

    name: str
    act: Callable[[Town, Addresses], None]


TROLLS = (
    Troll("four sockets of junk", flood),
    Troll("reports between one's own windows", report_oneself),
    Troll("215 waiting sockets", squat),
    Troll("1,500 sockets in 75 s", storm),
    Troll("six bots that work", meet_everybody),
    Troll("400 searches that are left", search_and_leave),
)
NOBODY = Troll("nobody", quiet)
# Reports come from another browser each time: like CLEARER they leave a newcomer few turns who has no other neighbours.
KEEPERS = tuple(each for each in TROLLS if each.act is not report_oneself)
CLEARER = Troll("a bot that works and clears its browser", clear_and_meet)


def arrivals(troll: Troll, *, with_outside: bool = False, seed: str = "1") -> dict[str, float]:
    """Let newcomers of a campus arrive while a troll is at it; return how long they wait for the first stranger."""
    town = Town(f"campus {seed}")
    site = town.networks.site()
    known = crowd(town, HONEST, KNOWN, town.networks.home if with_outside else lambda: site)
    with_history(town, known)
    arrive(town, known, MINUTE)
    newcomers = crowd(town, HONEST, NEWCOMERS, lambda: site)
    began = town.now() + MINUTE
    town.later(MINUTE, lambda: arrive(town, newcomers, MINUTES * MINUTE))
    come: dict[int, float] = {}
    for person in newcomers:
        noting(person, come, town)
    town.later(0.5 * MINUTE, lambda: troll.act(town, site))
    town.run((MINUTES + 2) * MINUTE)
    return waits_of(town, newcomers, known, come, began)


def loners(troll: Troll, *, seed: str = "1") -> dict[str, float]:
    """Let newcomers of an address come one by one, where nobody else of it is but a troll, and strangers elsewhere."""
    town = Town(f"loners {seed}")
    site = town.networks.site()
    strangers = crowd(town, HONEST, STRANGERS, town.networks.home)
    with_history(town, strangers)
    arrive(town, strangers, MINUTE)
    newcomers = crowd(town, HONEST, LONERS, lambda: site)
    come: dict[int, float] = {}
    began = town.now()
    for number, person in enumerate(newcomers):
        noting(person, come, town)
        town.later((number + 2 + town.chance.random()) * LONERS_EVERY, partial(person.visit, LONERS_STAY))
    town.later(MINUTE, lambda: troll.act(town, site))
    town.run((LONERS + 3) * LONERS_EVERY)
    return waits_of(town, newcomers, strangers, come, began, patience=LONERS_STAY)


def waits_of(
    town: Town,
    newcomers: list[Person],
    others: list[Person],
    come: dict[int, float],
    began: float,
    *,
    patience: float = float("inf"),
) -> dict[str, float]:
    """Return how long newcomers waited for the first one who is no troll, and how many were refused or met nobody."""
    firsts = first_encounters(town, {id(each) for each in (*newcomers, *others)}, began)
    came = [id(each) for each in newcomers if id(each) in come]
    waits = sorted(min(firsts.get(each, town.now()) - come[each], patience) for each in came)
    refused = {id(person) for _, person, code in town.ledger.refusals if code in REFUSALS} & set(map(id, newcomers))
    p95, nobody = waits[int(len(waits) * 0.95)], sum(each not in firsts for each in came)
    return {"median": waits[len(waits) // 2], "p95": p95, "refused": len(refused), "met nobody": nobody}


def noting(person: Person, come: dict[int, float], town: Town) -> None:
    """Note when somebody comes first."""
    before = person.come

    def come_and_note() -> None:
        come.setdefault(id(person), town.now())
        before()

    person.come = come_and_note  # type: ignore[method-assign]


def first_encounters(town: Town, honest: set[int], since: float) -> dict[int, float]:
    """Return when each of these people met the first one of them."""
    firsts: dict[int, float] = {}
    for each in town.ledger.whole(since):
        if {id(each.first), id(each.second)} <= honest:
            for person in (each.first, each.second):
                firsts.setdefault(id(person), each.at)
    return firsts
