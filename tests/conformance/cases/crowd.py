"""Many people at once."""

from __future__ import annotations

import asyncio
import time

from tests.conformance.person import Person
from tests.conformance.registry import case
from tests.conformance.world import World

SKIPS = 100
STANDS = 4
# How long somebody looks around for somebody new before their stand goes to a newcomer: on a slow server longer, by a
# multiple of what the answer to their `join` took.
LOOK_SECONDS = 0.1
ANSWERS_WAITED = 4
# No loop without an end: skips that the other side may have forestalled, newcomers to a stand, meetings of one of them.
SKIPS_TRIED_MAX = SKIPS * 3
NEWCOMERS_MAX = 2000
MEETINGS_MAX = 1000
# Two who come at the same moment are the hardest case for a queue, and a toss of a coin each time.
TWOSOMES = 10


@case()
async def two_who_come_at_once_meet(world: World) -> None:
    """Of two who join at the same moment neither is left waiting for their next `join`, ten times in a row."""
    for _ in range(TWOSOMES):
        interests = [world.interest()]
        people = (await world.person("one"), await world.person("other"))
        await asyncio.gather(*(person.join(interests=interests) for person in people))
        await asyncio.gather(*(person.take("paired") for person in people))
        await world.talk(*people)


@case()
async def ten_who_come_at_once_all_meet(world: World) -> None:
    """Ten who join at the same moment are five pairs."""
    await _all_meet(world, 10)


@case(seconds_max=90)
async def fifty_who_come_at_once_all_meet(world: World) -> None:
    """Fifty who join at the same moment are twenty-five pairs, and every pair can talk."""
    await _all_meet(world, 50)


async def _all_meet(world: World, count: int) -> None:
    interests = [world.interest()]
    people = await asyncio.gather(*(world.person(f"person {index}") for index in range(count)))
    await asyncio.gather(*(person.join(interests=interests) for person in people))
    rooms = await asyncio.gather(*(person.take_room(within=world.patience_seconds * 3) for person in people))

    names = {str(event["room"]) for event in rooms}
    assert len(names) == count // 2, f"{count} people are in {len(names)} rooms"
    await asyncio.gather(*(world.talk(*world.members(name)) for name in names))


@case(seconds_max=150)
async def a_hundred_skips_and_never_a_frame_of_another_room(world: World) -> None:
    """Four people talk and skip; one of them skips 100 times in a row; nobody ever hears what was said elsewhere."""
    interest = world.interest()
    over = asyncio.Event()
    skipper = await world.person("the skipper")
    skipper.tolerated_codes.add("stale_room")
    stands = [asyncio.create_task(_keep_stand(world, interest, index, over)) for index in range(1, STANDS)]
    try:
        await skipper.join(interests=[interest])
        for count in range(1, SKIPS_TRIED_MAX):
            room = str((await skipper.take_room())["room"])
            await skipper.say(f"the skipper's line {count}", room=room)
            skipper.forget_room(room)
            await skipper.send("skip", room=room)
            if count - len(skipper.untaken("error")) >= SKIPS:
                break
        await skipper.take_room()
    finally:
        over.set()
        await asyncio.gather(*stands)
    too_late = [error for error in skipper.untaken("error") if error["action"] == "skip"]
    assert len(skipper.rooms) - len(too_late) > SKIPS, f"{len(skipper.rooms)} rooms, {len(too_late)} left by the other"


async def _keep_stand(world: World, interest: str, index: int, over: asyncio.Event) -> None:
    """Keep a stand occupied, and give it to a newcomer whenever nobody new is there to meet."""
    for _ in range(NEWCOMERS_MAX):
        person = await world.person(f"stand {index}")
        person.tolerated_codes.add("stale_room")
        asked = time.monotonic()
        await person.join(interests=[interest])
        await person.take_search()
        await _stand(person, index, LOOK_SECONDS + ANSWERS_WAITED * (time.monotonic() - asked), over)
        await person.close()
        if over.is_set():
            return


async def _stand(person: Person, index: int, look_seconds: float, over: asyncio.Event) -> None:
    """Talk; skip every third meeting, stay in the others until skipped; come back when nobody new turns up."""
    for meeting in range(MEETINGS_MAX):
        await _wait_while(person, None, look_seconds, over)
        room = person.room
        if room is None or over.is_set():
            return
        await person.say(f"stand {index}, meeting {meeting}", room=room)
        if meeting % STANDS == index and person.room == room:
            await person.skip()
        await _wait_while(person, room, look_seconds * 5, over)


async def _wait_while(person: Person, room: str | None, seconds_max: float, over: asyncio.Event) -> None:
    """Wait until somebody is in another room than this one."""
    deadline = time.monotonic() + seconds_max
    while person.room == room and not over.is_set() and time.monotonic() < deadline:
        await person.pause(deadline - time.monotonic())
