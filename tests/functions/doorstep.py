"""People who come with a device and from an address of their own, and a backend that limits them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from functions.chat.model.case import Case
from functions.chat.model.people import Ban
from functions.chat.model.record import Record, day_of
from functions.chat.runtime.leaky_bucket import Meter
from tests.functions.world import Person, World

DAY = 86_400.0

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
    """Pair two people who may meet, and return their room; the events of that are dropped."""
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


def talk(world: World, *people: Person, seconds: float = 30) -> str:
    """Let two people meet and talk for longer than a report needs; return their room."""
    room = meet(world, *people)
    world.pass_time(seconds)
    return room


def give_history(world: World, person: Person) -> None:
    """Let somebody's device have talked here yesterday."""
    yesterday = day_of(world.clock.now()) - 1
    world.backend.records.change(device_of(person), lambda own: replace(own, days=1, last_day=yesterday))


def come_known(world: World, name: str, **request: Any) -> Person:
    """Connect somebody who talked here on an earlier day."""
    before = come(world, f"{name} before", **request)
    give_history(world, before)
    connection = world.backend.store.get_connection(before.id)
    assert connection is not None
    before.disconnect()
    return come(world, name, **{**request, "token": connection.device_token})


def lock_out(world: World, person: Person, reason: str = "underage", number: str | None = None) -> str:
    """Ban somebody's device for a day from now on, as enough reports do; return the number of the case."""
    number = number or world.backend.new_case_number()
    device, now = device_of(person), world.clock.now()
    ban = Ban(number, reason, now, now + DAY)
    world.backend.cases.open(Case(number, reason, now, (device,)))
    world.backend.records.change(device, lambda record: record.banned(ban, 2))
    world.backend.cases.note_ban(number, ban.until)
    world.deliver({"ban": person.id})
    return number


def device_of(person: Person) -> str:
    """Return the pseudonym of a person's device."""
    connection = person.world.backend.store.get_connection(person.id)
    assert connection is not None and connection.device is not None
    return connection.device


def record_of(world: World, key: str) -> Record:
    return world.backend.records.get([key])[key]


def report(reporter: Person, reported: Person, reason: str = "spam", seconds: float = 30) -> str:
    """Let two talk and one report the other; return the number of the case."""
    room = talk(reporter.world, reporter, reported, seconds=seconds)
    reporter.send("report", room=room, reason=reason)
    return str(reporter.last("reported")["case"])


def crowd(world: World, count: int) -> list[Person]:
    """Connect newcomers, each from a network of their own."""
    return [come(world, f"reporter {number}", address=f"192.0.{number}.1") for number in range(count)]


def known_crowd(world: World, count: int) -> list[Person]:
    return [come_known(world, f"reporter {number}", address=f"192.0.{number}.1") for number in range(count)]


def token_of_after_waiting(person: Person) -> str:
    """Let somebody wait a moment, which is when a newcomer is told their token."""
    person.join()
    person.send("leave")
    return token_of(person)
