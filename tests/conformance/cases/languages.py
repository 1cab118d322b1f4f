"""Pairs by language: languages are preferred and widened as interests are."""

from __future__ import annotations

from tests.conformance.registry import case
from tests.conformance.world import World

# The languages that two people name, and those of both that each is told, in their own spelling.
SPOKEN = (
    (["de-CH", "fr"], ["DE", "it"], ["de-CH"], ["DE"]),
    (["zh-Hant-TW"], ["en", "zh"], ["zh-Hant-TW"], ["zh"]),
    (["pt-BR", "es"], ["es-MX", "pt"], ["pt-BR", "es"], ["es-MX", "pt"]),
)


@case()
async def languages_of_both_are_announced(world: World) -> None:
    """In any region and script two languages are the same, and each person reads their own tag."""
    for own, theirs, told, told_other in SPOKEN:
        interests = [world.interest()]
        one = await world.waiting("one", interests=interests, languages=own)
        other = await world.person("other")
        await other.join(interests=interests, languages=theirs)
        await world.meet(one, other)

        said = [person.rooms[str(person.room)]["languages"] for person in (one, other)]
        assert said == [told, told_other], f"{own} met {theirs} and they were told {said}"


@case(alone=True)
async def nobody_meets_without_a_common_language_until_they_widen(world: World) -> None:
    """Two who share an interest and no language wait; once both send `widen` they meet, with none to announce."""
    interests = [world.interest()]
    one = await world.waiting("one", interests=interests, languages=["fi"])
    other = await world.waiting("other", interests=interests, languages=["sw", "am"])
    third, fourth = await world.waiting("third", interests=interests, languages=["ja"]), await world.person("fourth")
    await fourth.join(interests=interests, languages=["ja"])
    await world.meet(third, fourth)
    assert not one.rooms and not other.rooms, "two met who do not speak with each other"

    await one.join(interests=interests, languages=["fi"], widen=True)
    await one.take("waiting", widened=True)
    await other.join(interests=interests, languages=["sw", "am"], widen=True)
    await world.meet(one, other)
    said = [person.rooms[str(person.room)]["languages"] for person in (one, other)]
    assert said == [[], []], f"they were told {said}"


@case()
async def who_names_no_language_speaks_with_everybody(world: World) -> None:
    """A client that sends none meets people of any language at once."""
    interests = [world.interest()]
    one = await world.waiting("one", interests=interests, languages=["fi"])
    other = await world.person("other")
    await other.join(interests=interests)

    await world.meet(one, other)
