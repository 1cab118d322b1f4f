"""Other scripts than those that were described, of who may wait: sockets that hold all places of an address."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from tests.town.client import Client, Event
from tests.town.hand import Hand
from tests.town.town import Town

CAMPUS = "203.0.113.9"
SOCKETS = 260  # more than an address has places
WITHIN_SECONDS = 5.0  # of which the page needs up to that until its next `join`; here 4.5


@pytest.fixture
def town() -> Town:
    return Town("places")


class Person:
    """A person with a browser, which notes when it met anybody."""

    works = True

    def __init__(self, town: Town, address: str = CAMPUS) -> None:
        self.town, self.rooms = town, list[str]()
        self.client = Client(town, self, lambda: address)
        self.met_at: float | None = None

    def paired(self, room: str) -> None:
        self.rooms.append(room)
        self.met_at = self.town.now()

    def said(self, room: str, text: str) -> None: ...
    def left(self, room: str) -> None: ...
    def idle(self) -> None: ...
    def locked_out(self, error: Event) -> None: ...


class Bots:
    """Sockets of one address, each with a wish that nobody else has."""

    def __init__(self, town: Town) -> None:
        self.town, self.numbers = town, count()
        self.sockets: list[tuple[Hand, str]] = []
        for _ in range(SOCKETS):
            self.open()
        self.town.later(0, self.goes_on)

    def open(self) -> None:
        number = next(self.numbers)
        self.sockets.append((Hand(self.town, CAMPUS), f"nobody else has this {number}"))
        self.join(-1)

    def join(self, at: int) -> None:
        socket, wish = self.sockets[at]
        self.town.site.send(socket.id, CAMPUS, {"action": "join", "mode": "text", "interests": [wish]})

    def leave(self, at: int) -> None:
        socket, _ = self.sockets[at]
        self.town.site.send(socket.id, CAMPUS, {"action": "leave"})

    def goes_on(self) -> None:
        """Repeat `join` as a page does."""
        for at in range(len(self.sockets)):
            self.join(at)
        self.town.later(4.5, self.goes_on)


class Opening(Bots):
    """Opens another socket five times a second, as fast as newcomers of an address are not slowed for it."""

    every_seconds = 0.2

    def goes_on(self) -> None:
        self.open()
        self.town.later(self.every_seconds, self.goes_on)


class Rejoining(Bots):
    """Asks once a second, as often as it may, from each socket that has no place and from some that left theirs."""

    def goes_on(self) -> None:
        for at in range(0, 120, 4):
            self.leave(at)
        for at in range(120):
            self.join(at)
        self.town.later(1.0, self.goes_on)


def just_come(town: Town) -> tuple[Person, Person, float]:
    """Let two come one after the other."""
    one, other = Person(town), Person(town)
    one.client.start()
    town.run(3)
    other.client.start()
    return one, other, town.now()


def one_waits_long(town: Town) -> tuple[Person, Person, float]:
    """Let one have come a while before the other: the bot that opens sockets has taken all places anew meanwhile."""
    one, other = Person(town), Person(town)
    one.client.start(languages=["eo"])
    town.run(43)
    other.client.start(languages=["eo"])
    return one, other, town.now()


def after_conversations(town: Town) -> tuple[Person, Person, float]:
    """Let each have talked with somebody else, who leaves."""
    pairs = [(Person(town), Person(town, f"192.0.{at}.1")) for at in (2, 3)]
    for at, pair in enumerate(pairs):
        for each in pair:
            each.client.start(languages=["eo", f"q{'ab'[at]}a"] if at else ["eo"])
        town.run(10)
    for own, elsewhere in pairs:
        assert own.rooms == elsewhere.rooms != []
        elsewhere.client.searches = False
        elsewhere.client.close()
    return pairs[0][0], pairs[1][0], town.now()


CASES = (just_come, one_waits_long, after_conversations)


@pytest.mark.parametrize("attack", [Bots, Opening, Rejoining], ids=["static", "opening", "rejoining"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_two_newcomers_meet_beside_sockets_that_hold_all_places_of_their_address(
    town: Town, attack: type[Bots], case: Callable[[Town], tuple[Person, Person, float]]
):
    """The newcomer that has come or talked last waits, and the other's next `join` finds them."""
    attack(town)
    town.run(10)
    one, other, began = case(town)
    rooms = len(one.rooms)
    town.run(30, until=lambda: len(one.rooms) > rooms and len(other.rooms) > rooms)

    assert one.rooms[rooms:] == other.rooms[rooms:] != [], "they meet one another"
    assert town.now() - began <= WITHIN_SECONDS


@pytest.mark.parametrize("sockets_a_second", [5, 30])
def test_a_waiter_that_lost_its_place_finds_the_next_person_with_its_next_join(town: Town, sockets_a_second: int):
    """The newcomer keeps their own for longer than that: a bot needs two hundred sockets to take it."""
    Opening(town).every_seconds = 1 / sockets_a_second
    town.run(10)
    one, other, began = one_waits_long(town)
    assert one in [who for _, who, code in town.ledger.refusals if code == "rate_limited"]
    assert one.rooms == []
    town.run(30, until=lambda: bool(one.rooms and other.rooms))

    assert one.rooms == other.rooms != []
    assert 0.5 < town.now() - began <= WITHIN_SECONDS
