"""A frame that names a room other than the sender's open one reaches nobody."""

from __future__ import annotations

from typing import Any

from tests.conformance.person import ContractError, Person
from tests.conformance.registry import case
from tests.conformance.world import World

# Every frame that names a room, complete but for the room.
FRAMES: dict[str, dict[str, Any]] = {
    "message": {"seq": 1, "text": "for nobody"},
    "ack": {"ack": 1},
    "typing": {"on": True},
    "signal": {"data": {"candidates": []}},
    "skip": {},
    "leave": {},
}


async def _send_everything(sender: Person, room: str) -> None:
    for action, fields in FRAMES.items():
        await sender.send(action, room=room, **fields)
        await sender.take_error("stale_room", action=action, room=room)


@case()
async def a_room_that_never_was_is_stale(world: World) -> None:
    """Frames of an invented room are answered `stale_room`, whether the sender is idle, waiting or in a room."""
    idle = await world.person("idle")
    waiting = await world.waiting("waiting", interests=[world.interest()])
    talking, peer = await world.pair()
    for sender in (idle, waiting, talking):
        await _send_everything(sender, "no-such-room")

    await _nothing_happened(world, talking, peer)
    comer = await world.person("the comer")
    await comer.join(**waiting.wish())
    await world.meet(waiting, comer)


@case()
async def the_room_of_others_is_stale(world: World) -> None:
    """Frames of other people's open room are answered `stale_room` and reach neither of them."""
    one, other = await world.pair()
    outsider, outsiders_peer = await world.pair()
    idle = await world.person("idle")
    for sender in (outsider, idle):
        await _send_everything(sender, str(one.room))

    await _nothing_happened(world, one, other)
    await _nothing_happened(world, outsider, outsiders_peer)


@case()
async def an_ended_room_is_stale_for_both(world: World) -> None:
    """After a skip neither side reaches the other through the old room, nor anybody through the new one by mistake."""
    interest = world.interest()
    skipper, peer = await world.pair(interest=interest)
    room = await skipper.skip()
    await peer.take("peer_left", room=room)
    for person in (skipper, peer):
        await person.take_search()
        await _send_everything(person, room)

    for _ in range(2):
        comer = await world.person("a comer")
        await comer.join(interests=[interest])
        await comer.take_room()
    for person in (skipper, peer):
        next_room = str((await person.take_room())["room"])
        await _send_everything(person, room)
        await _nothing_happened(world, *world.members(next_room))


async def _nothing_happened(world: World, one: Person, other: Person) -> None:
    """Check that the room works and that nothing reached either side but what is said now."""
    before = [len(person.received) for person in (one, other)]
    await world.talk(one, other)
    after = [person.received[count:] for person, count in zip((one, other), before, strict=True)]
    for person, events in zip((one, other), after, strict=True):
        if [event["type"] for event in events] != ["message"]:
            raise ContractError(f"{person.name} should have heard one line and heard {events}")
    for person in (one, other):
        stray = person.untaken("message", "ack", "typing", "signal", "peer_left")
        if stray:
            raise ContractError(f"{person.name} was reached by {stray}")
