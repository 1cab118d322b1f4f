"""A conversation that outlives its socket, for whichever token its client was told last."""

from __future__ import annotations

import asyncio

from tests.conformance.person import ContractError, Person
from tests.conformance.registry import case
from tests.conformance.world import World

# Two frames at the same instant interleave differently each time; so often is tried.
COINCIDENCES = 4


async def _pair_told_often(world: World) -> tuple[Person, Person, list[str]]:
    """Return two who talk, and all tokens that the first was told while it waited and when it was paired."""
    interest = world.interest()
    waiter = await world.waiting("the waiter", interests=[interest])
    for _ in range(2):
        await waiter.join_again()
        await waiter.take("waiting")
    comer = await world.person("the comer")
    await comer.join(interests=[interest])
    await world.meet(waiter, comer)
    return waiter, comer, [event["resume"] for event in waiter.received if "resume" in event]


async def _goes_on(world: World, before: Person, now: Person, peer: Person, room: str) -> None:
    """Check that a conversation goes on where it was."""
    before.is_continued = True
    paired = await now.take("paired", "error")
    if paired.get("room") != room:
        raise ContractError(f"{now.name} should be in room {room} again: {paired}")
    await peer.take("peer_back", room=room)
    await world.talk(now, peer)


@case()
async def whichever_token_came_last_continues_the_room(world: World) -> None:
    """Events may overtake each other: each token that was told while waiting counts in the room that followed."""
    for which in range(4):
        waiter, peer, tokens = await _pair_told_often(world)
        room = str(waiter.room)
        await waiter.vanish()
        again = await world.person("the waiter again")
        await again.send("resume", token=tokens[which])
        await _goes_on(world, waiter, again, peer, room)


@case()
async def of_two_who_show_one_token_at_once_one_goes_on(world: World) -> None:
    """The other is answered `resume_failed`, and the conversation is with the one."""
    for _ in range(COINCIDENCES):
        waiter, peer = await world.pair()
        room, token = str(waiter.room), waiter.received[-1]["resume"]
        await waiter.vanish()
        both = [await world.person("one"), await world.person("other")]
        await asyncio.gather(*(person.send("resume", token=token) for person in both))
        answers = [await person.take("paired", "error") for person in both]
        if sorted(str(answer.get("code", "paired")) for answer in answers) != ["paired", "resume_failed"]:
            raise ContractError(f"one of two should go on: {answers}")
        now = both[0] if answers[0]["type"] == "paired" else both[1]
        now.put_back(answers[both.index(now)])
        await _goes_on(world, waiter, now, peer, room)


@case()
async def a_token_whose_answer_went_to_a_dead_socket_counts_again(world: World) -> None:
    """A network that breaks a second time does not cost the conversation."""
    for _ in range(COINCIDENCES):
        waiter, peer = await world.pair()
        room, token = str(waiter.room), waiter.received[-1]["resume"]
        await waiter.vanish()
        deaf = await world.person("the deaf")
        deaf.is_continued = True
        await deaf.send("resume", token=token)
        await deaf.vanish()
        await world.settle()
        again = await world.person("the waiter again")
        await again.send("resume", token=token)
        await _goes_on(world, waiter, again, peer, room)
