"""False reporters: how many innocents do they get banned?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import NamedTuple

from tests.town.kinds import FALSE_FRESH, FALSE_HASTY, FALSE_KEPT, FALSE_PATIENT, HONEST, Kind
from tests.town.networks import Addresses
from tests.town.people import Person, arrive, crowd, with_history
from tests.town.town import MINUTE, Town

HASTY, FRESH, KEPT, PATIENT = "hasty", "fresh", "kept", "patient"
KINDS = {HASTY: FALSE_HASTY, FRESH: FALSE_FRESH, KEPT: FALSE_KEPT, PATIENT: FALSE_PATIENT}
INNOCENTS = 24
ATTACK_SECONDS = 40 * MINUTE
AFTERWARDS_SECONDS = 15 * MINUTE  # a ban may begin some minutes after the report that led to it
SOCKETS_OF_NETWORK = 3


class Liars(NamedTuple):
    """So many devices behind so many networks; `prefix` makes each network an IPv6 household of that length."""

    devices: int
    networks: int
    browsers: str
    encounters: int = 150
    prefix: int | None = None
    is_campus: bool = False  # the innocents live behind the liars' network

    def __str__(self) -> str:
        where = f"{self.networks} networks" if self.networks > 1 else "1 network"
        if self.prefix is not None:
            where = f"1 IPv6 household of /{self.prefix}" if self.prefix > 32 else f"addresses of 1 /{self.prefix}"
        if self.is_campus:
            where = "their own campus"
        devices = "1 device" if self.devices == 1 else f"{self.devices} devices"
        return f"{devices}, {where}, {self.browsers}"


class Liar(Person):
    """One socket of an attack: takes the next browser of its ring for each encounter."""

    def __init__(
        self, town: Town, kind: Kind, addresses: Addresses, ring: Iterator[Person], team: list[Person]
    ) -> None:
        super().__init__(town, kind, addresses, team=team)
        self.ring = ring

    def come(self) -> None:
        """Come with the next browser."""
        self._take_browser()
        super().come()

    def _search_on(self) -> None:
        if self.is_here and self.client.room is None:
            self.client.close()
            self._take_browser()
            self.client.start()

    def locked_out(self, error: object) -> None:
        """Take another browser."""
        self.town.later(self.kind.pause_seconds, self._search_on)

    def _take_browser(self) -> None:
        self.browser = next(self.ring, None)
        self.client.device = None if self.browser is None else self.browser.client.device


def play(liars: Liars, seed: str = "1") -> dict[str, float]:
    """Return how many of a thousand encounters with liars end in a ban of an innocent one."""
    town = Town(f"lies {seed}")
    site = town.networks.site()
    innocents = crowd(town, HONEST, INNOCENTS, (lambda: site) if liars.is_campus else town.networks.home)
    homes = networks_of(town, liars, site)
    browsers = crowd(town, HONEST, 0 if liars.browsers in (FRESH, HASTY) else liars.devices, lambda: next(homes))
    with_history(town, [*innocents[::2], *(browsers if liars.browsers == PATIENT else [])])
    arrive(town, innocents, MINUTE)
    if liars.browsers == KEPT:
        with_tokens(town, browsers)
    began, ledger, kind = town.now(), town.ledger, KINDS[liars.browsers]
    team = attack(town, liars, browsers, homes)
    town.run(
        ATTACK_SECONDS,
        until=lambda: (
            len(ledger.reports) >= liars.encounters * kind.reports_others or len(ledger.banned(innocents)) == INNOCENTS
        ),
    )
    for liar in team:
        liar.go()
    town.run(AFTERWARDS_SECONDS)
    banned, met = len(ledger.banned(innocents)), len(ledger.between(innocents, team, since=began))
    return {"banned": banned, "encounters": met, "per 1,000": 1000 * banned / max(1, met)}


def networks_of(town: Town, liars: Liars, site: Addresses) -> Iterator[Addresses]:
    """Return the liars' networks, over and over again."""
    if liars.is_campus:
        return cycle([site])
    if liars.prefix is not None:
        return cycle([town.networks.prefix(liars.prefix, town.chance)])
    return town.networks.pool(liars.networks)


def attack(town: Town, liars: Liars, browsers: list[Person], homes: Iterator[Addresses]) -> list[Person]:
    """Let some sockets behind each network come, with the network's share of the browsers; return their owners."""
    team: list[Person] = []
    for number in range(liars.networks):
        addresses = browsers[number].client.addresses if browsers else next(homes)
        own = browsers[number :: liars.networks]
        ring = cycle(own) if own else iter(())
        for _ in range(min(SOCKETS_OF_NETWORK, max(1, liars.devices // liars.networks))):
            Liar(town, KINDS[liars.browsers], addresses, ring, team)
    arrive(town, team, MINUTE)
    return list(team)


def with_tokens(town: Town, people: list[Person]) -> None:
    """Let each of these people's browsers get its token, and go."""
    for person in people:
        person.come()
    town.run(5.0)
    for person in people:
        person.go()
