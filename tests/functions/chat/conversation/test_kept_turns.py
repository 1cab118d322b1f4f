"""Turns that were kept for long count when the meeting comes: nobody saves any up, and nobody pays for waiting."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from functions.chat.conversation.meeting_pace import with_turn
from functions.chat.model.people import Connection
from functions.chat.model.rates import Rate
from functions.chat.storage.shared_bucket import SharedPace
from tests.functions.chat.conversation.test_meeting_pace import use_up
from tests.functions.doorstep import CAFE, HOME, come, come_known, metered
from tests.functions.world import Person, World, with_parts

HOUR = 3600
LONG, SHORT = 452, 448  # seconds, on both sides of the time for which a turn counts
OTHERS = 10  # turns that are counted already: few enough that nobody has to work


def veteran(world: World, name: str, person: Person | None = None, **request: Any) -> Person:
    """Connect somebody who took six turns in this visit: the next one is counted by itself, on top of others'."""
    person = person or come(world, name, **request)
    world.table.change(person.key, turns={"N": "6"})
    world.backend.shared_pace.pour_to(account_of(world, person), OTHERS, Rate(burst=100, per_second=0))
    return person


def own(world: World, person: Person) -> Connection:
    connection = world.backend.store.get_connection(person.id)
    assert connection is not None
    return connection


def address_of(world: World, person: Person) -> str:
    return str(own(world, person).address)


def account_of(world: World, person: Person) -> str:
    """Return for whom a person's turns are counted."""
    connection = own(world, person)
    who = connection.address if connection.newcomer_since is not None else connection.device
    return f"meetings {who}"


def counted(world: World, person: Person) -> float:
    """Return how many turns of a person's account were counted, beside those of others."""
    item = world.items()[f"pace#{account_of(world, person)}", "pace"]
    return float(item["amount"]["N"]) - OTHERS


def use_up_turns_of(world: World, person: Person) -> None:
    """Let neighbours take all turns of a person's address."""
    use_up(world, address_of(world, person))


def are_paired(*people: Person) -> bool:
    return all(person.inbox and person.inbox[-1]["type"] == "paired" for person in people)


def wait(world: World, person: Person, seconds: float) -> None:
    """Let somebody wait, and their page repeat `join`."""
    person.join()
    world.pass_time(seconds)
    person.join()
    assert person.inbox[-1]["type"] == "waiting"


@pytest.mark.parametrize(("seconds", "turns"), [(SHORT, 1), (LONG, 2)])
def test_a_turn_that_was_taken_long_ago_is_counted_once_more_when_somebody_comes(world, seconds, turns):
    """Not while its owner waits, who asked for it once."""
    ada = veteran(metered(world), "Ada")
    wait(world, ada, seconds)
    assert counted(world, ada) == 1

    come(world, "Bo", address=CAFE).join()
    assert are_paired(ada)
    assert counted(world, ada) == turns


def test_neighbours_meet_by_no_turn_however_long_they_waited(world):
    """Nor by one where there is none for anybody."""
    ada = veteran(metered(world), "Ada")
    wait(world, ada, LONG)
    use_up_turns_of(world, ada)
    before = counted(world, ada)
    eve = come(world, "Eve")
    eve.join()

    assert are_paired(ada, eve)
    assert counted(world, ada) <= before + 1, "of the one who comes"


def test_whose_turn_has_lapsed_is_met_when_there_is_room_for_one(world):
    """Until then others look for somebody else; whose turn has not lapsed is met as before."""
    ada = veteran(metered(world), "Ada")
    wait(world, ada, LONG)
    use_up_turns_of(world, ada)
    bo = come(world, "Bo", address=CAFE)
    bo.join()
    assert [each.inbox[-1]["type"] for each in (ada, bo)] == ["waiting", "waiting"]
    cy = come(world, "Cy", address="192.0.2.1")
    cy.join()
    assert are_paired(bo, cy)

    world.pass_time(2 * HOUR)
    dee = come(world, "Dee", address="192.0.2.9")
    dee.join()
    assert are_paired(ada, dee)


def test_a_seeker_whose_own_turn_has_lapsed_asks_for_it_when_it_finds_somebody(world):
    """With each `join`; while there is none it meets its own network only, and others may find it as before."""
    ada, bo = veteran(metered(world), "Ada"), come(world, "Bo", address=CAFE)
    ada.join(languages=["en"])
    world.pass_time(LONG)
    bo.join(languages=["de"], widen=True)
    use_up_turns_of(world, ada)
    ada.join(languages=["en"], widen=True)
    assert [each.inbox[-1]["type"] for each in (ada, bo)] == ["waiting", "waiting"]
    eve = come(world, "Eve")
    eve.join(languages=["de"])
    ada.join(languages=["en"], widen=True)
    assert ada.inbox[-1]["type"] == "waiting"
    assert not own(world, ada).waits_for_turn

    world.pass_time(HOUR)
    ada.join(languages=["en"], widen=True)
    assert are_paired(ada, bo)


@pytest.mark.parametrize("is_there_one", [True, False])
def test_both_turns_are_counted_where_both_have_lapsed(world, is_there_one):
    """And if there is none for one of them, the other's is given back."""
    ada, bo = veteran(metered(world), "Ada"), veteran(world, "Bo", address=CAFE)
    ada.join(languages=["en"], widen=True)
    bo.join(languages=["de"])
    world.pass_time(LONG)
    if not is_there_one:
        use_up_turns_of(world, bo)
    bo.join(languages=["de"], widen=True)

    assert are_paired(ada, bo) is is_there_one
    assert counted(world, ada) == (2 if is_there_one else 1)
    assert counted(world, bo) == 2 or not is_there_one


@pytest.mark.parametrize("is_gone", [False, True], ids=["lost to somebody else", "undone"])
def test_a_turn_that_was_counted_anew_for_nothing_is_given_back(world, is_gone):
    """The claim was lost, or the room closed before anybody saw it."""
    ada = veteran(metered(world), "Ada")
    wait(world, ada, LONG)
    if is_gone:
        ada.die()
    else:
        item = world.items()[ada.key]
        world.table.change(ada.key, ticket_id={"S": item["ticket_id"]["S"] + "x"})
    come(world, "Bo", address=CAFE).join()

    assert not are_paired(ada)
    assert counted(world, ada) == 1


def test_a_known_device_pays_by_its_own_turns_and_gives_its_neighbours_none_for_it(world):
    """One that loses its claims on purpose would else give them as many as it likes."""
    ada = veteran(metered(world), "Ada", come_known(world, "Ada"))
    wait(world, ada, LONG)
    neighbour = veteran(world, "a neighbour")
    before = counted(world, neighbour)
    come(world, "Bo", address=CAFE).join()

    assert are_paired(ada)
    assert counted(world, ada) == 2
    assert counted(world, neighbour) == before


def test_a_seeker_that_leaves_and_begins_anew_with_an_old_turn_asks_for_another(world):
    """Else a socket would keep one on a young ticket."""
    ada = veteran(metered(world), "Ada")
    for seconds, turns in ((0, 1), (SHORT, 1), (LONG - SHORT, 2), (SHORT, 2)):
        world.pass_time(seconds)
        ada.join()
        ada.send("leave")
        assert counted(world, ada) == turns


def test_a_seeker_that_began_anew_where_there_is_no_turn_holds_none(world):
    """The old one is gone: it waits like anybody else."""
    ada = veteran(metered(world), "Ada")
    wait(world, ada, LONG)
    ada.send("leave")
    use_up_turns_of(world, ada)
    ada.join()
    come(world, "Bo", address=CAFE).join()

    assert ada.inbox[-1]["type"] == "waiting"
    assert own(world, ada).waits_for_turn
    assert not own(world, ada).has_turn


def test_a_meeting_with_a_neighbour_makes_no_old_turn_young(world):
    """It is held for somebody from elsewhere, and lapses as before."""
    ada = veteran(metered(world), "Ada")
    ada.join()
    world.pass_time(SHORT)
    eve = come(world, "Eve")
    eve.join()
    assert are_paired(ada, eve)
    world.pass_time(LONG - SHORT)
    eve.send("leave", room=eve.room)

    assert ada.inbox[-1]["type"] == "waiting"
    assert counted(world, ada) == 2


@pytest.mark.parametrize("finds", [False, True], ids=["found by it", "finding it"])
def test_a_person_who_waited_long_and_is_left_at_once_by_a_bot_pays_once(world, finds):
    """The turn that was counted anew is held for as long as any other."""
    ada = veteran(metered(world), "Ada")
    ada.join(languages=["en"])
    world.pass_time(LONG)
    if finds:
        first = come(world, "the first bot", address="192.0.2.1")
        first.join(languages=["de"], widen=True)
        ada.join(languages=["en"], widen=True)
        assert are_paired(ada, first)
        first.send("leave", room=first.room)
        first.disconnect()
    for number in range(5):
        bot = come(world, f"bot {number}", address=f"203.0.{number}.9")
        bot.join()
        assert are_paired(ada, bot)
        bot.send("leave", room=bot.room)
        bot.disconnect()

    assert counted(world, ada) == 2


class CountingPace(SharedPace):
    """Counts how often it is asked whether there is a turn."""

    asked = 0

    def level(self, what: str, rate: Rate) -> float:
        self.asked += 1
        return super().level(what, rate)


def test_a_seeker_asks_once_for_all_who_wait_behind_one_address(world):
    """However many of them have waited for long: it passes them over together."""
    metered(world)
    bots = [come(world, f"bot {number}", address=HOME) for number in range(12)]
    for number, bot in enumerate(bots):
        bot.join(languages=[f"q{chr(97 + number)}a"])
    world.pass_time(LONG)
    use_up_turns_of(world, bots[0])
    pace = CountingPace(world.backend.table)
    world.backend = with_parts(world.backend, shared_pace=pace)
    come(world, "Bo", address=CAFE).join()

    assert pace.asked == 1
    assert not any(are_paired(bot) for bot in bots)


def test_the_last_turns_of_an_address_are_also_for_who_has_waited_long(world):
    """Beside a bot that meets everybody, and leaves them to others."""
    ada = come(metered(world), "Ada")
    wait(world, ada, 2 * HOUR)
    busy = replace(own(world, ada), turns=9, turn_of=None)
    while with_turn(world.backend, busy, has_worked=True).has_turn:
        pass
    come(world, "Bo", address=CAFE).join()

    assert are_paired(ada)
