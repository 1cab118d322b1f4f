"""How soon the same two may meet again."""

from __future__ import annotations

import asyncio
import math
import time

from tests.conformance.contract import REMATCH_ALONE_SECONDS
from tests.conformance.person import ContractError, Person
from tests.conformance.registry import case
from tests.conformance.world import World

# Past the ten seconds in which two never meet again, within the minute in which they meet only for want of others.
AFTER_SECONDS = REMATCH_ALONE_SECONDS + 2
# A server that counts from the skip's own time and a client that counts from its sending differ by a moment.
CLOCKS_SECONDS = 0.5
# More people than a server may be tempted to remember.
OTHERS = 12


@case(seconds_max=80)
async def two_alone_meet_again_after_ten_seconds(world: World) -> None:
    """When nobody else is there the same two meet again, not before 10 seconds have passed, and then soon."""
    one, other = await world.pair()
    skipped_at = time.monotonic()
    await one.skip()

    await world.meet(one, other, within=REMATCH_ALONE_SECONDS * 3)
    passed = time.monotonic() - skipped_at
    assert passed >= REMATCH_ALONE_SECONDS - CLOCKS_SECONDS, f"the same two met again after {passed:.1f} s"
    await world.talk(one, other)


@case(seconds_max=70)
async def within_a_minute_others_come_first(world: World) -> None:
    """Somebody just met is passed over for somebody new, although they have waited longer, for a minute."""
    old_interest, new_interest = world.interest(), world.interest()
    seeker, old = await world.pair(interest=old_interest)
    await seeker.skip()
    await old.take("peer_left")
    await seeker.take_search()
    await seeker.send("leave")
    new = await world.waiting("the new one", interests=[new_interest])
    await asyncio.sleep(AFTER_SECONDS)
    for person in (old, new):
        await person.join_until_answered()

    await seeker.join(interests=[old_interest, new_interest])
    await world.meet(seeker, new)
    await world.talk(seeker, new)
    assert len(old.rooms) == 1, f"the two met again: {old.rooms}"


@case()
async def however_many_one_meets_the_last_ones_are_remembered(world: World) -> None:
    """Two who parted do not meet again within 10 seconds, even if they have met and left others in between."""
    shared, own, others_own = (world.interest() for _ in range(3))
    one = await world.waiting("one", interests=[shared, own])
    other = await world.person("other")
    await other.join(interests=[shared, others_own])
    first_room = await world.meet(one, other)
    skipped_at = time.monotonic()
    await one.skip()
    await other.take("peer_left", room=first_room)

    # A server too slow for so many meetings in that time may let the two meet afterwards, and is asked no further.
    too_late = skipped_at + REMATCH_ALONE_SECONDS - CLOCKS_SECONDS
    try:
        await asyncio.gather(_meet_others(world, one, own, too_late), _meet_others(world, other, others_own, too_late))
        for person in (one, other):
            await person.join_again()
            await person.take_search()
    except ContractError:
        if time.monotonic() < too_late or _met_at(one, other, first_room) < too_late:
            raise
    assert _met_at(one, other, first_room) >= too_late, "the same two met again within 10 seconds"


def _met_at(one: Person, other: Person, first_room: str) -> float:
    """Return when two people met for the second time."""
    again = one.rooms.keys() & other.rooms.keys() - {first_room}
    return min((one.met_at[room] for room in again), default=math.inf)


async def _meet_others(world: World, person: Person, interest: str, too_late: float) -> None:
    for _ in range(OTHERS):
        if time.monotonic() > too_late:
            return
        stranger = await world.person("a stranger")
        await stranger.join(interests=[interest])
        room = await world.meet(person, stranger)
        await stranger.send("leave", room=room)
        await person.take("peer_left", room=room, reason="left")
