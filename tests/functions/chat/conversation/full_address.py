"""An address of which others hold all places in the queue: a process has noticed it, and counts everybody there."""

from __future__ import annotations

from functions.chat.model.rates import Rate
from functions.chat.runtime.leaky_bucket import Pace
from tests.functions.doorstep import HOME, come, metered
from tests.functions.world import DEAD, Person, World

PLACES = 15
UNWATCHED = 10  # enter from one address before a process counts


def crowded(table) -> World:
    """Return a world in which an address has few places."""
    return metered(World(table, places_of_address=PLACES))


class Full:
    """The people who hold all places of an address; each came some seconds after the one before."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.held = [self.come(f"bot {number}") for number in range(PLACES)]
        assert [told(each) for each in self.held] == ["waiting"] * PLACES

    def come(self, name: str, seconds: float = 5) -> Person:
        """Let a person come, and wait with a wish that nobody else has."""
        person = come(self.world, name)
        watch(self.world, person)
        person.join(interests=[name])
        self.world.pass_time(seconds)
        return person


def watch(world: World, person: Person) -> None:
    """Let so many of a person's address have entered just now that all who follow are counted."""
    connection, meter = world.backend.store.get_connection(person.id), world.backend.meter
    assert connection is not None and meter is not None
    while meter.take(f"entries {connection.address}", Rate(UNWATCHED, 0.2), world.clock.now()) is Pace.FINE:
        pass


def come_back(person: Person, address: str = HOME) -> Person:
    """Lose somebody's socket, and have another one continue it at an address where everybody is counted."""
    if person.id in person.world.sockets.open:
        person.disconnect(DEAD)
    new = come(person.world, f"{person.name} again", address=address)
    watch(person.world, new)
    new.send("resume", token=person.token)
    return new


def told(person: Person) -> str:
    """Return the last event that somebody heard: the code of an error, or the type of any other."""
    event = person.inbox[-1]
    return str(event.get("code", event["type"]))


def places_held(world: World) -> list[str]:
    """Return the holders of the places of the one address where anybody holds any, as they are stored."""
    found = [item for key, item in world.items().items() if key[0].startswith("places#")]
    assert len(found) <= 1
    return sorted(found[0]["holders"]["SS"]) if found and "holders" in found[0] else []


def holds_place(world: World, person: Person) -> bool:
    return any(each.endswith(person.id) for each in places_held(world))


def waiters(world: World) -> list[str]:
    """Return the ids of all who wait in the queue, and not of those whose socket is known to be lost."""
    items = {key: item for key, item in world.items().items() if key[0].startswith("connection#")}
    waiting = [key for key, item in items.items() if "ticket_id" in item and "lost_at" not in item]
    return sorted(key[0].removeprefix("connection#") for key in waiting)
