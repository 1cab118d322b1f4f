"""The two people who come into a room, and the events that both are told."""

from __future__ import annotations

import asyncio

from tests.conformance.contract import Event
from tests.conformance.person import ContractError, Person
from tests.conformance.registry import case
from tests.conformance.world import World

ASKED_MAX = 5  # a read may be a moment old


@case()
async def two_people_meet_in_one_room(world: World) -> None:
    """Both ends are told the same room and mode, and what they say reaches the other."""
    waiter, comer = await world.pair()

    assert waiter.room == comer.room, f"two rooms: {waiter.room}, {comer.room}"
    await world.talk(waiter, comer)


@case()
async def text_and_video_queue_apart(world: World) -> None:
    """Somebody who waits for video never meets somebody who wants text, the same interest notwithstanding."""
    interests = [world.interest()]
    reader = await world.waiting("text", "text", interests=interests)
    watcher = await world.waiting("video", "video", interests=interests)
    second_watcher = await world.person("second video")
    second_reader = await world.person("second text")

    await second_watcher.join("video", interests=interests)
    await world.meet(watcher, second_watcher)
    await second_reader.join("text", interests=interests)
    await world.meet(reader, second_reader)

    for mode, people in (("text", (reader, second_reader)), ("video", (watcher, second_watcher))):
        modes = [event["mode"] for person in people for event in person.rooms.values()]
        assert modes == [mode, mode], f"rooms of mode {modes} instead of {mode}"


@case()
async def exactly_one_side_is_polite(world: World) -> None:
    """One of the two is polite; in video it is the one who came, because the waiter makes the first offer."""
    for mode in ("text", "video"):
        waiter, comer = await world.pair(mode)
        polite = (waiter.rooms[str(waiter.room)]["polite"], comer.rooms[str(comer.room)]["polite"])

        assert sum(polite) == 1, f"{mode}: polite sides {polite}"
        if mode == "video":
            assert polite == (False, True), f"the waiter should make the first offer: {polite}"


@case()
async def a_waiting_event_repeats_the_wish(world: World) -> None:
    """`waiting` names the mode, the interests and whether strangers without a common one are accepted."""
    interest = world.interest()
    for mode, widen in (("text", False), ("video", False)):
        person = await world.person()
        await person.join(mode, interests=[interest], languages=["en", "pt-BR", "zh-Hant-TW"], widen=widen)
        waiting = await person.take("waiting", mode=mode)

        assert waiting["widened"] is widen, f"widened: {waiting}"
        assert waiting["interests"] == [interest], f"interests: {waiting}"


@case()
async def the_oldest_goes_first(world: World) -> None:
    """Of two who wait for the same, and do not understand each other, a newcomer meets the one who came first."""
    interest = world.interest()
    for waiter in await _two_who_wait(world, interest):
        await world.meet(waiter, await _comer(world, interest))


@case()
async def joining_again_while_waiting_keeps_the_place(world: World) -> None:
    """`join` sent again while waiting is answered `waiting`, pairs once and does not lose the place in the queue."""
    interest = world.interest()
    first, second = await _two_who_wait(world, interest)
    for _ in range(3):
        await first.join_again()
        await first.take("waiting")
    for waiter in (first, second):
        comer = await _comer(world, interest)
        await world.meet(waiter, comer)
        await world.talk(waiter, comer)

    assert len(first.rooms) == 1, f"one search led to {len(first.rooms)} rooms"


async def _two_who_wait(world: World, interest: str) -> tuple[Person, Person]:
    """Return two who wait in the same place, in the order they came; without a common language they never meet."""
    first = await world.waiting("first", interests=[interest], languages=["de"])
    second = await world.waiting("second", interests=[interest], languages=["ja"])
    return first, second


async def _comer(world: World, interest: str) -> Person:
    comer = await world.person("the comer")
    await comer.join(interests=[interest], languages=["ja", "de"])
    return comer


@case()
async def joining_twice_at_once_is_joining_once(world: World) -> None:
    """Two `join` frames of one person in flight at the same time neither pair them with themself nor twice."""
    interests = [world.interest()]
    twice = await world.person("twice")
    await asyncio.gather(twice.join(interests=interests), twice.join(interests=interests))
    await twice.take("waiting")
    comer = await world.person("the comer")
    await comer.join(interests=interests)
    await world.meet(twice, comer)
    third = await world.waiting("third", interests=interests)

    await world.talk(twice, comer)
    if len(twice.rooms) != 1 or third.rooms:
        raise ContractError(f"one person was paired {len(twice.rooms)} times: {twice.rooms}, {third.rooms}")


@case()
async def joining_in_an_open_room_answers_paired_again(world: World) -> None:
    """`join` sent in a room is answered `paired` for that room with the same words, and the peer hears nothing."""
    waiter, comer = await world.pair("video")
    heard = {waiter.name: len(waiter.received), comer.name: len(comer.received)}
    for person, other in ((waiter, comer), (comer, waiter)):
        await person.join_again()
        again = await person.take("paired")

        first = person.rooms[str(person.room)]
        same = ("room", "mode", "polite", "common")
        assert [again[name] for name in same] == [first[name] for name in same], f"{again} is not {first}"
        assert len(other.received) == heard[other.name], f"{other.name} heard of it: {other.received}"
        heard[person.name] = len(person.received)
    await world.talk(waiter, comer)


@case()
async def ping_is_answered_pong(world: World) -> None:
    """A keep-alive is answered whether one is idle, waiting or in a room, and changes nothing."""
    idle = await world.person("idle")
    waiting = await world.waiting("waiting", interests=[world.interest()])
    one, other = await world.pair()
    for person in (idle, waiting, one, other):
        await person.send("ping", padding="a field that is not listed is ignored")
        await person.take("pong")

    await world.talk(one, other)


@case(alone=True)
async def who_waits_in_vain_learns_of_somebody_in_the_other_mode(world: World) -> None:
    """The answer to a repeated `join` carries `others` while somebody waits in the other mode, and then no more."""
    one = await world.waiting("one")
    other = await world.waiting("other", "video")
    assert (await _asked_again(one, "video")).get("others") == "video", "nobody told one of the other"
    assert (await _asked_again(other, "text")).get("others") == "text", "nobody told the other of one"

    await other.send("leave")
    await world.settle()
    assert "others" not in await _asked_again(one, None), "one was told of somebody who left"
    assert not one.rooms and not other.rooms, "people of two modes met"


async def _asked_again(person: Person, others: str | None) -> Event:
    """Repeat `join` until the answer says what it should, as a read may be a moment old."""
    answer: Event = {}
    for _ in range(ASKED_MAX):
        await person.join_again()
        answer = await person.take("waiting")
        if answer.get("others") == others:
            break
    return answer
