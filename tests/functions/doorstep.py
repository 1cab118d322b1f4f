"""People who come with a device and from an address of their own, and a backend that limits them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from functions.chat.runtime.leaky_bucket import Meter
from tests.functions.world import Person, World

HOME, CAFE = "198.51.100.7", "203.0.113.9"


def knock(
    world: World, name: str, *, address: str = HOME, token: str | None = None, **query: str
) -> tuple[int, Person]:
    """Let somebody try to connect; return the status and the person, whose socket is open when it is 200."""
    person = Person(world, name)
    event = person.event("connect")
    event["requestContext"]["identity"]["sourceIp"] = address
    event["queryStringParameters"] = {**query, **({"device": token} if token else {})} or None
    status = int(world.call("$connect", event)["statusCode"])
    if status == 200:
        world.people.append(person)
        world.sockets.open[person.id] = person.inbox
    return status, person


def come(world: World, name: str, **request: Any) -> Person:
    """Connect somebody who is let in."""
    status, person = knock(world, name, **request)
    assert status == 200
    return person


def meet(world: World, *people: Person) -> str:
    """Pair two people who may meet, and return their room; what they heard of it is no news."""
    for person in people:
        person.join()
    room = {person.room for person in people}
    assert len(room) == 1, room
    world.news()
    return room.pop()


def token_of(person: Person) -> str:
    """Return the device token that this newcomer was told."""
    return str(next(event["device"] for event in person.inbox if "device" in event))


def metered(world: World, meter: Meter | None = None) -> World:
    """Let the world's backend limit people, as a process of its own."""
    world.backend = replace(world.backend, meter=meter or Meter())
    return world


def device_of(person: Person) -> str:
    """Return the pseudonym of a person's device."""
    connection = person.world.backend.store.get_connection(person.id)
    assert connection is not None and connection.device is not None
    return connection.device.key
