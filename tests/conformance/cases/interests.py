"""The interests that two people have in common, in any script and spelling."""

from __future__ import annotations

import unicodedata

from tests.conformance.contract import INTEREST_CHARACTERS_MAX, INTERESTS_MAX, LANGUAGES_MAX
from tests.conformance.registry import case
from tests.conformance.world import World

# Two spellings of one interest each.
SPELLINGS = (
    ("Chess", "cHESS"),
    ("Café", "CAFE"),
    ("Cafe\u0301", "café"),
    ("\uff27\uff2f", "go"),
    ("ﬁlm", "FILM"),
    ("Straße", "STRASSE"),
    ("ΟΔΟΣ", "οδός"),
    ("МУЗЫКА", "музыка"),
    ("موسيقى", "موسيقى"),
    ("संगीत", "संगीत"),
    (unicodedata.normalize("NFD", "한국"), "한국"),
    (unicodedata.normalize("NFD", "がき"), "がき"),
    ("音楽", "音楽"),
    ("ﾃﾆｽ", "テニス"),
    (" board  games ".strip(), "board games".upper()),
    ("👩‍🍳", "👩🏽‍🍳"),
    ("أفلام", "افلام"),
    ("کتاب", "كتاب"),
    ("हिन्दी", "हिंदी"),
    ("don't", "don\u2019t"),
    ("k-pop", "k\u2010pop"),
    ("Łódź", "LODZ"),
)
# Words that only look alike once marks are dropped without regard to the script.
DIFFERENT = (("がき", "かき"), ("мой", "мои"), ("बल", "बाल"), ("chess", "chest"))


@case()
async def one_interest_in_two_spellings_is_in_common(world: World) -> None:
    """Width, case, accents and composition do not keep two people apart, and each reads their own spelling."""
    wrong = []
    for one_word, other_word in SPELLINGS:
        ending = world.interest()
        one_spelling, other_spelling = f"{one_word} {ending}", f"{other_word} {ending}"
        one = await world.waiting("one", interests=[world.interest(), one_spelling])
        other = await world.person("other")
        await other.join(interests=[other_spelling, world.interest()])
        try:
            await world.meet(one, other)
        except AssertionError:
            wrong.append(f"{one_word} did not meet {other_word}")
            continue
        common = [person.rooms[str(person.room)]["common"] for person in (one, other)]
        if _collapsed(common) != [[_collapse(one_spelling)], [_collapse(other_spelling)]]:
            wrong.append(f"{one_word} met {other_word} with {common}")
    assert not wrong, "; ".join(wrong)


def _collapse(spelling: str) -> str:
    return " ".join(spelling.split())


def _collapsed(lists: list[list[str]]) -> list[list[str]]:
    return [[_collapse(each) for each in each_list] for each_list in lists]


@case()
async def different_interests_stay_apart(world: World) -> None:
    """Without an interest in common nobody meets, however alike the words look."""
    for one_word, other_word in DIFFERENT:
        ending = world.interest()
        one = await world.waiting("one", interests=[f"{one_word} {ending}"])
        other = await world.waiting("other", interests=[f"{other_word} {ending}"])
        third = await world.person("third")
        await third.join(interests=[f"{other_word} {ending}"])

        await world.meet(other, third)
        assert not one.rooms, f"{one_word} met {other_word}: {one.rooms}"


@case()
async def all_common_interests_are_announced(world: World) -> None:
    """`common` lists each interest that both have once, and none that only one has."""
    shared = [world.interest(word) for word in ("Jazz ", "Schach ", "旅行 ")]
    one = await world.waiting("one", interests=[*shared, shared[0].upper(), world.interest()])
    other = await world.person("other")
    await other.join(interests=[world.interest(), *(each.upper() for each in reversed(shared))])

    await world.meet(one, other)
    common = [person.rooms[str(person.room)]["common"] for person in (one, other)]
    assert sorted(common[0]) == sorted(shared), f"one was told {common[0]} of {shared}"
    assert sorted(common[1]) == sorted(each.upper() for each in shared), f"the other was told {common[1]}"


@case()
async def as_many_and_as_long_interests_as_allowed(world: World) -> None:
    """10 interests of 32 characters of any size, and 5 languages, are accepted."""
    ending = world.interest()
    longest = "\U0001d4d0" * (INTEREST_CHARACTERS_MAX - len(ending)) + ending
    many = [world.interest() for _ in range(INTERESTS_MAX - 1)]
    languages = ["en", "pt-BR", "zh-Hant-TW", "de-CH-1996", "sr-Latn"][:LANGUAGES_MAX]
    one = await world.waiting("one", interests=[*many, longest], languages=languages)
    other = await world.person("other")
    await other.join(interests=[longest], languages=languages)

    await world.meet(one, other)
    assert other.rooms[str(other.room)]["common"] == [longest], f"common: {other.rooms}"


@case(alone=True)
async def people_without_interests_meet(world: World) -> None:
    """Two who name no interest are paired at once, with nothing in common to announce."""
    one = await world.waiting("one")
    other = await world.person("other")
    await other.join(interests=[])

    await world.meet(one, other)
    await world.talk(one, other)
    common = [person.rooms[str(person.room)]["common"] for person in (one, other)]
    assert common == [[], []], f"common: {common}"


@case(alone=True)
async def widening_meets_somebody_without_a_common_interest(world: World) -> None:
    """Two with different interests wait; once both send `widen` they meet, with nothing in common to announce."""
    one = await world.waiting("one", interests=[world.interest()])
    other = await world.waiting("other", interests=[world.interest()])
    await one.join(interests=[world.interest()], widen=True)
    await one.take("waiting", widened=True)
    await world.talk(*await world.pair())
    assert not other.rooms, f"somebody who did not widen met a stranger: {other.rooms}"

    await other.join(interests=[world.interest()], widen=True)
    await world.meet(one, other)
    await world.talk(one, other)
    common = [person.rooms[str(person.room)]["common"] for person in (one, other)]
    assert common == [[], []], f"common: {common}"


@case(alone=True)
async def who_widens_meets_who_has_no_interests(world: World) -> None:
    """Somebody without interests accepts anyone, and so does somebody who widened: they meet."""
    picky = await world.waiting("picky", interests=[world.interest()])
    anyone = await world.waiting("anyone")
    await world.talk(*await world.pair())
    assert not picky.rooms and not anyone.rooms, "somebody who did not widen met somebody without interests"

    await picky.join(interests=[world.interest()], widen=True)
    await world.meet(picky, anyone)
