"""One person meets so many in an hour; nobody notices who does not try to meet everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from functions.chat.backend import waiting_since
from functions.chat.conversation.meeting_pace import with_turn
from functions.chat.model.people import Connection, Wish
from functions.chat.model.rates import Rate
from functions.chat.runtime.leaky_bucket import Meter
from tests.functions.doorstep import CAFE, HOME, come, come_known, metered
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
    return Connection("Ada=", "Ada=", device="d.ada", address="a.k.1.1", newcomer_since=newcomer_since)


def gets_turn(world: World, one: Connection, *, works: bool = True) -> bool:
    """Let somebody search for somebody else; tell whether they get a turn, by work where it is asked for."""
    found = with_turn(world.backend, replace(one, wish=Wish("text")))
    return found.has_turn or (works and found.may_work and with_turn(world.backend, found, has_worked=True).has_turn)


def turns_in(world: World, one: Connection, seconds: float, meters: list[Meter], *, works: bool = True) -> int:
    """Let somebody meet others whenever they may, and ask once a second; return how many that was."""
    turns = 0
    for second in range(int(seconds)):
        world.backend = replace(world.backend, meter=meters[second % len(meters)])
        turns += gets_turn(world, replace(one, turns=turns), works=works)
        world.pass_time(1)
    return turns


@pytest.mark.parametrize("is_known", [False, True])
def test_a_quick_skipper_is_not_slowed_for_the_first_minute(world, is_known):
    """One a second, as fast as fingers can: a newcomer's browser works in less."""
    metered(world)
    for number in range(60):
        assert gets_turn(world, replace(seeker(is_known=is_known), turns=number))
        world.pass_time(1)


@pytest.mark.parametrize("is_known", [False, True], ids=["a newcomer", "a known device"])
@pytest.mark.parametrize("processes", [1, 3, 20])
def test_a_bot_meets_at_most_120_in_an_hour(world, is_known, processes):
    """However fast it works, and however many processes its searches come to: each counts in one number."""
    meters = [Meter() for _ in range(processes)]
    bot = seeker(is_known=is_known)
    for _ in range(2):
        turns = turns_in(metered(world), bot, HOUR, meters)
        assert 45 <= turns <= 120


@pytest.mark.parametrize("processes", [1, 3, 20])
def test_a_newcomer_who_does_no_work_meets_as_many_as_a_person_who_talks(world, processes):
    """In the first ten minutes and in the hour; known devices are never asked to work."""
    metered(world)
    meters = [Meter() for _ in range(processes)]

    assert 10 <= turns_in(world, seeker(), 600, meters, works=False) <= 30
    assert turns_in(world, seeker(), HOUR - 600, meters, works=False) <= 60
    assert turns_in(world, seeker(is_known=True), 60, meters, works=False) >= 60


def test_many_sockets_and_many_browsers_of_an_address_outrun_nothing(world):
    """Two hundred newcomers who look at once have the turns of one address among them, however fast they work."""
    metered(world)
    bots = [replace(seeker(), id=f"{number}=", device=f"d.{number}") for number in range(200)]

    assert 50 <= sum(gets_turn(world, bot) for bot in bots) <= 68


def test_browsers_that_are_cleared_for_each_meeting_outrun_nothing_in_many_processes(world):
    """Each process keeps two searches to itself at most."""
    meters = [Meter() for _ in range(20)]
    metered(world)
    free = 0
    for number in range(200):
        world.backend = replace(world.backend, meter=meters[number % 20])
        free += gets_turn(world, replace(seeker(), device=f"d.{number}"))

    assert free <= 66 + 2 * 20


def use_up(world: World, address: str = "a.k.1.1") -> None:
    """Let newcomers of an address take all of its turns."""
    for number in range(90):
        gets_turn(world, replace(seeker(), address=address, device=f"d.{number}"))


def search_known(world: World, address: str = "a.k.1.1") -> None:
    """Let forty people who were here before search three times each."""
    for number in range(40):
        for turns in range(3):
            known = replace(seeker(is_known=True), device=f"d.known {number}", turns=turns)
            assert gets_turn(world, replace(known, address=address))


def test_known_people_of_an_address_give_its_newcomers_turns(world):
    """One for each of theirs: a campus is proved by those who talked there on earlier days."""
    use_up(metered(world))
    assert not gets_turn(world, seeker())

    search_known(world)
    assert gets_turn(world, seeker(), works=False)


def test_known_people_give_nothing_to_another_address(world):
    """Nor beforehand: a turn that nobody lacks is not kept for later."""
    search_known(metered(world), "a.k.1.2")
    use_up(world)
    assert not gets_turn(world, seeker())
    search_known(world, "a.k.1.2")
    assert not gets_turn(world, seeker())


def test_a_known_device_that_gets_no_turn_gives_none(world):
    """Else it would ask on and on for a bot beside it."""
    metered(world)
    known = replace(seeker(is_known=True), turns=9)
    while gets_turn(world, known):
        pass
    use_up(world)
    for _ in range(100):
        assert not gets_turn(metered(world), known)

    assert not gets_turn(world, replace(seeker(), turns=9))


@pytest.mark.parametrize("is_known", [False, True], ids=["a newcomer", "a known device"])
def test_a_search_that_is_left_keeps_its_turn_for_the_next_one(world, is_known):
    """However often it is begun anew: only who meets somebody needs another."""
    ada = (come_known if is_known else come)(metered(world), "Ada")
    for _ in range(50):
        ada.join()
        ada.send("leave")
    assert all("puzzle" not in each for each in ada.inbox)
    assert [key for key in world.items() if key[0].startswith("pace#meetings")] == []


def test_a_refused_request_takes_no_turn_of_anybody(world):
    """A newcomer that asks a thousand times without working, or where no turn is left, delays nobody."""
    metered(world)
    asking = replace(seeker(), turns=9)
    assert sum(gets_turn(world, asking, works=False) for _ in range(1000)) <= 15
    assert gets_turn(world, asking)
    for _ in range(1000):
        gets_turn(world, asking)
    for _ in range(100):
        gets_turn(metered(world), asking)
    world.pass_time(HOUR / 48 + 1)

    assert gets_turn(world, asking)
    assert not gets_turn(world, asking)


def test_a_refusal_in_a_watched_account_costs_a_read_and_no_write(world):
    """Bots ask on and on."""
    use_up(metered(world))
    world.client.requests.clear()

    assert not gets_turn(world, replace(seeker(), turns=9), works=False)
    assert [name for name, _ in world.client.requests] == ["GetItem"]


def test_turns_that_were_taken_uncounted_are_paid_where_the_third_is_refused(world):
    """A process counts three at once; only the refused one is given back."""
    pace, account = metered(world).backend.shared_pace, "meetings a.k.1.1"
    everything = Rate(1000, 0)
    pace.pour_to(account, 65, everything)

    assert [gets_turn(world, replace(seeker(), turns=turns), works=False) for turns in range(3)] == [True, True, False]
    assert pace.level(account, everything) == 65 + 2


def test_the_last_turns_of_an_address_are_for_who_has_taken_the_fewest(world):
    """A bot that goes on and on leaves them to those who have just come; these among themselves count as well."""
    metered(world)
    for _ in range(90):
        gets_turn(world, replace(seeker(), turns=100))
    assert [gets_turn(world, replace(seeker(), turns=turns)) for turns in (6, 5, 5, 4, 2, 2, 1, 0, 0)] == [
        *(False, True, False, True, True, True, True, True, False)
    ]


def test_a_known_device_has_all_of_its_turns_to_itself(world):
    """There is nobody to keep any for."""
    metered(world)
    assert sum(gets_turn(world, replace(seeker(is_known=True), turns=9)) for _ in range(90)) == 66


def waiting_with_puzzle(world: World, person: Person, interests: list[str] | None = None) -> dict[str, Any]:
    """Let somebody who met many join; return the event with their puzzle."""
    own = world.backend.store.get_connection(person.id)
    assert own is not None
    for _ in range(20):
        with_turn(world.backend, replace(own, turn_of=None, wish=Wish("text")))
    person.join(interests=interests or [])
    return person.last("waiting")


def test_a_newcomer_beyond_the_share_is_given_a_puzzle_and_its_solution_ends_the_wait(world):
    """At the old place: a person who came meanwhile and waits is met at once."""
    ada, bo = come(metered(world), "Ada"), come(world, "Bo", address=CAFE)
    told = waiting_with_puzzle(world, ada)
    bo.join()
    assert ready_in(world, ada) > 10
    assert bo.inbox[-1]["type"] == "waiting"

    ada.join(solution=solve(told["puzzle"]))

    assert [each.inbox[-1]["type"] for each in (ada, bo)] == ["paired", "paired"]


def test_a_seeker_that_has_worked_and_finds_nobody_is_found_at_once(world):
    """By somebody of another network, and asked for no more."""
    ada = come(metered(world), "Ada")
    ada.join(solution=solve(waiting_with_puzzle(world, ada)["puzzle"]))

    assert ready_in(world, ada) == 0
    assert "puzzle" not in ada.last("waiting")
    bo = come(world, "Bo", address=CAFE)
    bo.join()
    assert bo.inbox[-1]["type"] == "paired"


def test_the_puzzle_is_told_again_with_each_answer_and_no_answer_is_needed(world):
    """An event may be lost; a client that knows nothing of it gets a turn with a later `join`."""
    ada, bo = come(metered(world), "Ada"), come(world, "Bo", address=CAFE)
    waiting_with_puzzle(world, ada)
    ada.join()
    assert "puzzle" in ada.last("waiting")

    bo.join()
    assert bo.inbox[-1]["type"] == "waiting"
    for _ in range(60):
        world.pass_time(5)
        ada.join()
    assert [each.inbox[-1]["type"] for each in (ada, bo)] == ["paired", "paired"]


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
    """Only the client that is to solve it remembers it, by its signature."""
    ada = come(metered(world), "Ada")
    puzzle = waiting_with_puzzle(world, ada)["puzzle"]

    stored = str(world.items())
    assert not any(puzzle[name] in stored for name in ("salt", "challenge", "signature"))


def test_newcomers_of_one_address_share_its_turns_and_their_neighbours_do_not_suffer(world):
    """A person who throws tokens away gains nothing; known people, other networks and the same network go on."""
    metered(world)
    address = world.backend.store.get_connection(come(world, "a bot").id).address
    assert address is not None
    use_up(world, address)
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


def test_a_waiter_for_a_turn_gets_it_with_a_join_and_meets_anybody_who_waits(world):
    """At the place of the same age, and not by waiting alone: all who wait would have it at once."""
    ada = come_known(metered(world), "Ada")
    own = world.backend.store.get_connection(ada.id)
    for _ in range(75):
        gets_turn(world, own)
    ada.join()
    bo = come(world, "Bo", address=CAFE)
    bo.join()
    world.pass_time(HOUR / 48 + 1)
    bo.join()
    assert bo.inbox[-1]["type"] == "waiting"

    ada.join()
    assert [each.inbox[-1]["type"] for each in (ada, bo)] == ["paired", "paired"]


def test_a_waiter_keeps_its_age_where_it_gets_a_turn_and_nobody_is_there(world):
    """A person who waited for a turn goes first when somebody comes."""
    ada = come_known(metered(world), "Ada")
    own = world.backend.store.get_connection(ada.id)
    for _ in range(75):
        gets_turn(world, own)
    began = world.clock.now()
    ada.join()
    world.pass_time(HOUR / 48 + 1)
    ada.join()

    assert ready_in(world, ada) == 0
    assert waiting_since(ada.last("waiting")["ticket"]) == began


def test_a_newcomer_whom_bots_of_their_network_meet_first_is_still_one_who_has_just_come(world):
    """These skip at once, six of them within a second: only turns count."""
    metered(world)
    ada = come(world, "Ada")
    own = world.backend.store.get_connection(ada.id)
    assert own is not None and own.address is not None
    for number in range(90):
        gets_turn(world, replace(seeker(), turns=9, address=own.address, device=f"d.{number}"))
    for number in range(6):
        bot = come(world, f"bot {number}")
        bot.join()
        ada.join()
        assert bot.room == ada.room
        bot.send("leave", room=bot.room)
        bot.disconnect()
        world.pass_time(11)
    ada.join(solution=solve(ada.last("waiting")["puzzle"]))

    assert ready_in(world, ada) == 0


@pytest.mark.parametrize(("seconds", "closes", "pays"), [(0.9, False, False), (1.1, False, True), (1.9, True, False)])
def test_a_member_left_before_anybody_can_be_seen_keeps_its_turn(world, seconds, closes, pays):
    """By a bot that skips at once, or by a socket that dies: people would pay for all that bots do to them."""
    ada = come_known(metered(world), "Ada")
    ada.join()
    for number in range(30):
        bot = come(world, f"bot {number}", address=f"203.0.{number}.9")
        bot.join()
        assert bot.inbox[-1]["type"] == "paired"
        world.pass_time(seconds)
        bot.disconnect() if closes else bot.send("leave", room=bot.room)
        world.pass_time(1)

    paid = [item for key, item in world.items().items() if key[0].startswith("pace#meetings d.")]
    assert bool(paid) is pays


def test_a_member_that_leaves_at_once_pays_for_it(world):
    """Only the other one keeps a turn: nobody meets more by being quick."""
    metered(world)
    bot = come(world, "a bot")
    for number in range(20):
        ada = come(world, f"Ada {number}", address=f"203.0.{number}.9")
        ada.join()
        bot.join()
        bot.send("leave", room=bot.room)
        ada.disconnect()

    assert "puzzle" in bot.last("waiting")


@pytest.mark.parametrize("address", [HOME, CAFE])
def test_a_member_that_met_nobody_by_a_turn_gets_none_back(world, address):
    """Else two bots of one network would leave one another at once, and each would have a turn that it never took."""
    metered(world)
    ada, eve = come(world, "Ada", address=address), come(world, "Eve", address=address)
    own = world.backend.store.get_connection(ada.id)
    assert own is not None and own.address is not None
    use_up(world, own.address)
    for one, other in ((ada, eve), (eve, ada)):
        ada.join()
        eve.join()
        assert ada.room == eve.room
        one.send("leave", room=one.room)
        assert ready_in(world, other) > HOUR
        world.pass_time(60)


def test_meeting_people_of_ones_own_network_takes_no_turn(world):
    """They always meet; a turn is kept for a stranger from elsewhere."""
    metered(world)
    ada = come(world, "Ada")
    ada.join()
    own = world.backend.store.get_connection(ada.id)
    assert own is not None and own.address is not None and own.has_turn
    use_up(world, own.address)
    for number in range(5):
        eve = come(world, f"Eve {number}")
        eve.join()
        assert ada.room == eve.room
        world.pass_time(2)
        ada.send("skip", room=ada.room)
        eve.disconnect()
        world.pass_time(10)
    bo = come(world, "Bo", address=CAFE)
    bo.join()

    assert ada.room == bo.room


def test_two_hundred_who_wait_for_an_hour_have_the_turns_of_one_address(world):
    """Waiting takes none: the person who asks first when there is one gets it."""
    metered(world)
    use_up(world)
    waiting = [with_turn(world.backend, replace(seeker(), wish=Wish("text"), turns=number)) for number in range(200)]
    assert not any(each.has_turn for each in waiting)
    world.pass_time(HOUR)

    assert 40 <= sum(gets_turn(world, each) for each in waiting) <= 50


def test_people_who_meet_few_cost_next_to_nothing(world):
    """Nothing for two searches, and one small item for each third of a person."""
    metered(world)
    for _ in range(2):
        gets_turn(world, seeker())
        gets_turn(world, seeker(is_known=True))
    assert world.items() == {}

    gets_turn(world, seeker())
    assert [key[0].partition("#")[0] for key in world.items()] == ["pace"]


@pytest.mark.parametrize("is_known", [False, True])
def test_nobody_is_slowed_on_their_own_machine(world, is_known):
    """There everybody has one address, and a check of the protocol skips a hundred times."""
    metered(world)
    own = replace(seeker(is_known=is_known), address="l.k.1.1")

    assert all(gets_turn(world, own) for _ in range(300))
