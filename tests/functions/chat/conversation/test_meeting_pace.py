"""One person meets so many in an hour; nobody notices who does not try to meet everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from functions.chat.conversation.meeting_pace import slowed
from functions.chat.model.people import Connection
from functions.chat.model.pseudonyms import Device
from functions.chat.runtime.leaky_bucket import Meter
from tests.functions.doorstep import CAFE, come, come_known, metered
from tests.functions.world import START, Person, World
from tests.puzzles import solve

HOUR = 3600


def ready_in(world: World, person: Person) -> float:
    """Return for how long somebody who waits meets nobody of another network."""
    connection = world.backend.store.get_connection(person.id)
    assert connection is not None
    return max((connection.ready_at or 0.0) - world.clock.now(), 0.0)


def seeker(*, is_known: bool = False) -> Connection:
    """Return somebody who is about to search."""
    newcomer_since = None if is_known else START
    return Connection("Ada=", "Ada=", device=Device("d.ada", START), address="a.k.1.1", newcomer_since=newcomer_since)


def wait_of(world: World, one: Connection, *, works: bool = True) -> float:
    """Let somebody search once more; return for how long they are to wait, without what work spares."""
    found = slowed(world.backend, one)
    return 0.0 if found.ready_at is None or (works and found.may_work) else found.ready_at - world.clock.now()


def turns_in(world: World, one: Connection, seconds: float, meters: list[Meter], *, works: bool = True) -> int:
    """Let somebody meet others whenever they may, at most one a second; return how many that was."""
    turns, ends = 0, world.clock.now() + seconds
    while True:
        world.backend = replace(world.backend, meter=meters[turns % len(meters)])
        wait = wait_of(world, replace(one, met=turns), works=works)
        if world.clock.now() + wait > ends:
            world.clock.seconds = ends
            return turns
        turns += 1
        world.pass_time(max(wait, 1))


@pytest.mark.parametrize("is_known", [False, True])
def test_a_quick_skipper_is_not_slowed_for_the_first_minute(world, is_known):
    """One a second, as fast as fingers can: a newcomer's browser works in less."""
    metered(world)
    for number in range(60):
        assert wait_of(world, replace(seeker(is_known=is_known), met=number)) == 0
        world.pass_time(1)


@pytest.mark.parametrize("is_known", [False, True], ids=["a newcomer", "a known device"])
@pytest.mark.parametrize("processes", [1, 3, 20])
def test_a_bot_meets_at_most_120_in_an_hour(world, is_known, processes):
    """However fast it works, and however many processes its searches come to: each counts in one number."""
    meters = [Meter() for _ in range(processes)]
    bot = seeker(is_known=is_known)
    for _ in range(2):
        turns = turns_in(metered(world), bot, HOUR, meters)
        assert 60 <= turns <= 120


@pytest.mark.parametrize("processes", [1, 3, 20])
def test_a_newcomer_who_does_no_work_meets_as_many_as_a_person_who_talks(world, processes):
    """In the first ten minutes and in the hour; known devices are never asked to work."""
    metered(world)
    meters = [Meter() for _ in range(processes)]

    assert 10 <= turns_in(world, seeker(), 600, meters, works=False) <= 24
    assert turns_in(world, seeker(), HOUR - 600, meters, works=False) <= 60
    assert turns_in(world, seeker(is_known=True), 60, meters, works=False) >= 60


def test_many_sockets_and_many_browsers_of_an_address_outrun_nothing(world):
    """Two hundred newcomers who look at once have the turns of one address among them, however fast they work."""
    metered(world)
    bots = [replace(seeker(), id=f"{number}=", device=Device(f"d.{number}", START)) for number in range(200)]

    assert 50 <= sum(wait_of(world, bot) == 0 for bot in bots) <= 80


def test_browsers_that_are_cleared_for_each_meeting_outrun_nothing_in_many_processes(world):
    """Each process keeps two searches to itself at most."""
    meters = [Meter() for _ in range(20)]
    metered(world)
    free = 0
    for number in range(200):
        world.backend = replace(world.backend, meter=meters[number % 20])
        free += wait_of(world, replace(seeker(), device=Device(f"d.{number}", START))) == 0

    assert free <= 66 + 2 * 20


def test_known_people_of_an_address_give_its_newcomers_turns(world):
    """One for each search of theirs: a campus is proved by those who talked there on earlier days."""
    metered(world)
    for _ in range(90):
        wait_of(world, seeker())
    assert wait_of(world, seeker()) > 60

    for number in range(40):
        for _ in range(3):
            wait_of(world, replace(seeker(is_known=True), device=Device(f"d.{number}", START)))
    assert wait_of(world, seeker()) == 0


def test_known_people_give_nothing_to_another_address(world):
    """Nor beforehand: what nobody lacks is not kept for later."""
    metered(world)
    for number in range(40):
        for _ in range(3):
            known = replace(seeker(is_known=True), device=Device(f"d.{number}", START))
            wait_of(world, replace(known, address="a.k.1.2"))
    for _ in range(90):
        wait_of(world, seeker())

    assert wait_of(world, seeker()) > 60


def waiting_with_puzzle(world: World, person: Person, interests: list[str] | None = None) -> dict[str, Any]:
    """Let somebody who met many join; return the event with their puzzle."""
    own = world.backend.store.get_connection(person.id)
    assert own is not None
    for _ in range(20):
        slowed(world.backend, own)
    person.join(interests=interests or [])
    return person.last("waiting")


def test_who_meets_more_than_a_share_is_given_a_puzzle_and_its_solution_ends_the_wait(world):
    """At the old place: whoever came meanwhile and waits is met at once."""
    ada, bo = come(metered(world), "Ada"), come(world, "Bo", address=CAFE)
    told = waiting_with_puzzle(world, ada)
    bo.join()
    assert ready_in(world, ada) > 10
    assert bo.inbox[-1]["type"] == "waiting"

    ada.join(solution=solve(told["puzzle"]))

    assert [each.inbox[-1]["type"] for each in (ada, bo)] == ["paired", "paired"]


def test_who_has_worked_and_finds_nobody_is_found_at_once(world):
    """By somebody of another network, and asked for no more."""
    ada = come(metered(world), "Ada")
    ada.join(solution=solve(waiting_with_puzzle(world, ada)["puzzle"]))

    assert ready_in(world, ada) == 0
    assert "puzzle" not in ada.last("waiting")
    bo = come(world, "Bo", address=CAFE)
    bo.join()
    assert bo.inbox[-1]["type"] == "paired"


def test_the_puzzle_is_told_again_with_each_answer_and_no_answer_is_needed(world):
    """An event may be lost; a client that knows nothing of it waits for its turn."""
    ada, bo = come(metered(world), "Ada"), come(world, "Bo", address=CAFE)
    waiting_with_puzzle(world, ada)
    ada.join()
    assert "puzzle" in ada.last("waiting")

    world.pass_time(ready_in(world, ada))
    bo.join()
    assert bo.inbox[-1]["type"] == "paired"


@pytest.mark.parametrize("solution", ["wrong", "e30="])
def test_a_wrong_solution_changes_nothing(world, solution):
    ada = come(metered(world), "Ada")
    waiting_with_puzzle(world, ada)
    wait = ready_in(world, ada)

    ada.join(solution=solution)

    assert ada.inbox[-1]["type"] == "waiting"
    assert ready_in(world, ada) == pytest.approx(wait)


def test_a_solution_counts_once_and_for_whom_it_was_made(world):
    """Neither for the next meeting of the same socket nor for another socket of the same address."""
    ada, eve = come(metered(world), "Ada"), come(world, "Eve")
    solution = solve(waiting_with_puzzle(world, ada)["puzzle"])
    waiting_with_puzzle(world, eve, ["alone"])
    eve.join(interests=["alone"], solution=solution)
    assert ready_in(world, eve) > 0

    ada.join(solution=solution)
    assert ready_in(world, ada) == 0
    come(world, "Bo", address=CAFE).join()
    ada.send("leave", room=ada.room)
    waiting_with_puzzle(world, ada)
    ada.join(solution=solution)
    assert ready_in(world, ada) > 0


def test_nothing_is_kept_of_a_puzzle_before_it_is_solved(world):
    """Its signature is what is remembered of it, by whoever is to solve it."""
    ada = come(metered(world), "Ada")
    puzzle = waiting_with_puzzle(world, ada)["puzzle"]

    stored = str(world.items())
    assert not any(puzzle[name] in stored for name in ("salt", "challenge", "signature"))


def test_newcomers_of_one_address_share_its_turns_and_their_neighbours_do_not_suffer(world):
    """Who throws tokens away gains nothing; known people, other networks and people of the same network go on."""
    metered(world)
    address = world.backend.store.get_connection(come(world, "a bot").id).address
    for _ in range(90):
        wait_of(world, replace(seeker(), address=address))
    newcomer, known, other = come(world, "newcomer"), come_known(world, "known"), come(world, "other", address=CAFE)
    for person in (newcomer, known, other):
        person.join(interests=[person.name])

    assert ready_in(world, newcomer) > 60
    assert ready_in(world, known) == ready_in(world, other) == 0
    stranger = come(world, "a stranger", address=CAFE)
    stranger.join(interests=["newcomer"])
    assert stranger.inbox[-1]["type"] == "waiting"
    neighbour = come(world, "a neighbour")
    neighbour.join(interests=["newcomer"])
    assert neighbour.inbox[-1]["type"] == "paired"


def test_who_waits_their_turn_is_met_when_it_comes(world):
    """By whoever looks then."""
    ada = come(metered(world), "Ada")
    own = world.backend.store.get_connection(ada.id)
    for _ in range(75):
        wait_of(world, own)
    ada.join()
    wait = ready_in(world, ada)
    assert wait > 0
    bo = come(world, "Bo", address=CAFE)
    bo.join()
    assert bo.inbox[-1]["type"] == "waiting"

    world.pass_time(wait)
    bo.join()
    assert bo.inbox[-1]["type"] == "paired"


def test_people_who_meet_few_cost_next_to_nothing(world):
    """Nothing for two searches, and one small item for each third of a person."""
    metered(world)
    for _ in range(2):
        wait_of(world, seeker())
        wait_of(world, seeker(is_known=True))
    assert world.items() == {}

    wait_of(world, seeker())
    assert [key[0].partition("#")[0] for key in world.items()] == ["pace"]


@pytest.mark.parametrize("is_known", [False, True])
def test_nobody_is_slowed_on_their_own_machine(world, is_known):
    """There everybody has one address, and a check of the protocol skips a hundred times."""
    metered(world)
    own = replace(seeker(is_known=is_known), address="l.k.1.1")

    assert [wait_of(world, own) for _ in range(300)] == [0] * 300
