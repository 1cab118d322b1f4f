"""How a room ends, and that both sides know it and go on."""

from __future__ import annotations

import asyncio

from tests.conformance.contract import AT_ONCE_SECONDS, DISCONNECT_SECONDS_MAX
from tests.conformance.person import ContractError, Person
from tests.conformance.registry import case
from tests.conformance.world import World

# Two frames at the same instant interleave differently each time; so often is tried.
COINCIDENCES = 8


@case()
async def skip_ends_the_room_for_both_and_both_search_on(world: World) -> None:
    """The skipper is told only of the next search; the peer once `peer_left` skipped, and searches without asking."""
    interest = world.interest()
    skipper, peer = await world.pair(interest=interest)
    room = await skipper.skip()
    await skipper.take("waiting", "paired")
    await peer.take("peer_left", room=room, reason="skipped")
    await peer.take("waiting", "paired")

    # Both are really in the queue: each of two newcomers meets one of them.
    await _each_meets_a_newcomer(world, interest, [skipper, peer])
    assert not skipper.untaken("peer_left"), f"the skipper was told that the peer left: {skipper.received}"


@case()
async def a_room_skipped_twice_is_skipped_once(world: World) -> None:
    """The second `skip` of the same room is answered `stale_room`, and the next room is left alone."""
    interest = world.interest()
    skipper, peer = await world.pair(interest=interest)
    room = await skipper.skip()
    await skipper.take_search()
    await peer.take("peer_left", room=room)
    await _each_meets_a_newcomer(world, interest, [skipper, peer])

    await skipper.send("skip", room=room)
    await skipper.take_error("stale_room")
    await world.talk(*world.members(str(skipper.room)))


@case()
async def when_both_skip_at_once_the_later_is_told_stale_room(world: World) -> None:
    """Of two skips at once one ends the room; the other's sender gets `stale_room` and `peer_left`, both search."""
    for _ in range(COINCIDENCES):
        one, other = await world.pair()
        room = str(one.room)
        await asyncio.gather(one.send("skip", room=room), other.send("skip", room=room))
        for person in (one, other):
            await person.take_search()
        later, earlier = await _later_and_earlier(one, other)
        await later.take_error("stale_room")
        await later.take("peer_left", room=room, reason="skipped")
        assert not earlier.untaken("peer_left", "error"), f"the earlier was told more: {earlier.received}"


async def _later_and_earlier(one: Person, other: Person) -> tuple[Person, Person]:
    """Find out whose skip came later: that one is told that the peer left."""
    tasks = {asyncio.create_task(person.take("peer_left")): person for person in (one, other)}
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    (told,) = list(done)[:1]
    later = tasks[told]
    later.put_back(told.result())
    return later, other if later is one else one


@case()
async def leave_ends_the_room_and_makes_idle(world: World) -> None:
    """The peer is told once, `left`, and searches on; the leaver stays connected, idle, and may join again."""
    interest = world.interest()
    leaver, peer = await world.pair(interest=interest)
    room = str(leaver.room)
    await leaver.send("leave", room=room)
    leaver.forget_room(room)
    await peer.take("peer_left", room=room, reason="left")
    await peer.take_search()

    comer = await world.person("the comer")
    await comer.join(interests=[interest])
    await world.meet(peer, comer)
    third = await world.waiting("third", interests=[interest])
    assert len(leaver.rooms) == 1, f"somebody idle was paired: {leaver.rooms}"

    await leaver.join(interests=[interest])
    await world.meet(third, leaver)
    await world.talk(third, leaver)


@case()
async def leave_without_a_room_ends_the_room_too(world: World) -> None:
    """`leave` need not name the room."""
    leaver, peer = await world.pair()
    room = str(leaver.room)
    await leaver.send("leave")

    await peer.take("peer_left", room=room, reason="left")
    await peer.take_search()


@case()
async def leave_takes_out_of_the_queue(world: World) -> None:
    """A waiter who leaves is paired with nobody, stays connected, and may join again."""
    interest = world.interest()
    leaver = await world.waiting("the leaver", interests=[interest])
    await leaver.send("leave")
    await world.settle()

    comer = await world.waiting("the comer", interests=[interest])
    assert not leaver.rooms, f"somebody idle was paired: {leaver.rooms}"
    await leaver.join(interests=[interest])
    await world.meet(comer, leaver)


@case()
async def a_closed_socket_ends_the_room(world: World) -> None:
    """When one side's socket is closed the other is told at once and once, `disconnected`, and searches on."""
    await _lose_the_peer(world, abruptly=False)


@case(seconds_max=90)
async def a_broken_connection_ends_the_room(world: World) -> None:
    """When one side vanishes without a word the other is told once, `disconnected`, and searches on."""
    await _lose_the_peer(world, abruptly=True)


async def _lose_the_peer(world: World, abruptly: bool) -> None:
    interest = world.interest()
    lost, peer = await world.pair(interest=interest)
    room = str(lost.room)
    await (lost.vanish() if abruptly else lost.close())

    within = DISCONNECT_SECONDS_MAX if abruptly else AT_ONCE_SECONDS
    await peer.take("peer_left", room=room, reason="disconnected", within=within)
    await peer.take_search()
    await _each_meets_a_newcomer(world, interest, [peer])


@case()
async def who_goes_in_two_ways_at_once_is_told_of_once(world: World) -> None:
    """When somebody closes, or skips or leaves and closes, spoken to meanwhile, the peer is told at once and once."""
    for attempt in range(COINCIDENCES):
        interest = world.interest()
        goer, peer = await world.pair(interest=interest)
        room = str(goer.room)
        peer.tolerated_codes.add("stale_room")
        if attempt % 2:
            await goer.send("skip" if attempt % 4 == 1 else "leave", room=room)
        await asyncio.gather(goer.close(), *(peer.say(room=room) for _ in range(3)))
        await peer.take("peer_left", room=room, within=AT_ONCE_SECONDS)
        await peer.take_search()
        await _each_meets_a_newcomer(world, interest, [peer])


@case()
async def somebody_who_closed_while_waiting_is_met_by_nobody(world: World) -> None:
    """A place in the queue ends with its socket: a newcomer waits instead of meeting a ghost."""
    interest = world.interest()
    ghost = await world.waiting("the ghost", interests=[interest])
    await ghost.close()
    await world.settle()

    comer = await world.waiting("the comer", interests=[interest])
    other = await world.person("another")
    await other.join(interests=[interest])
    await world.meet(comer, other)
    await world.talk(comer, other)


async def _each_meets_a_newcomer(world: World, interest: str, searching: list[Person]) -> None:
    newcomers = []
    for _ in searching:
        newcomer = await world.person("a newcomer")
        await newcomer.join(interests=[interest])
        newcomers.append(newcomer)
    rooms = {str((await person.take_room())["room"]) for person in searching}
    theirs = {str((await newcomer.take_room())["room"]) for newcomer in newcomers}
    if rooms != theirs:
        raise ContractError(f"{[person.name for person in searching]} should meet the newcomers: {rooms}, {theirs}")
