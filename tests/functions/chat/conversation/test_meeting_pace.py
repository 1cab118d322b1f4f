"""One person meets so many in an hour; nobody notices who does not try to meet everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.chat.conversation.meeting_pace import slowed
from functions.chat.model.people import Connection
from functions.chat.model.pseudonyms import Device
from functions.chat.runtime.leaky_bucket import Meter
from tests.functions.doorstep import CAFE, come, come_known, metered
from tests.functions.world import START, Person, World

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


def wait_of(world: World, one: Connection) -> float:
    """Let somebody search once more; return for how long they are to wait."""
    ready_at = slowed(world.backend, one).ready_at
    return 0.0 if ready_at is None else ready_at - world.clock.now()


def turns_in(world: World, one: Connection, seconds: float, meters: list[Meter]) -> int:
    """Let somebody search whenever they may, at most once a second; return how often that was."""
    turns, ends = 0, world.clock.now() + seconds
    while True:
        world.backend = replace(world.backend, meter=meters[turns % len(meters)])
        wait = wait_of(world, one)
        if world.clock.now() + wait > ends:
            world.clock.seconds = ends
            return turns
        turns += 1
        world.pass_time(max(wait, 1))


@pytest.mark.parametrize("is_known", [False, True])
def test_a_quick_skipper_is_not_slowed_for_the_first_minute(world, is_known):
    """One a second, as fast as fingers can."""
    metered(world)
    for _ in range(60):
        assert wait_of(world, seeker(is_known=is_known)) == 0
        world.pass_time(1)


@pytest.mark.parametrize(("is_known", "most"), [(False, 120), (True, 210)], ids=["a newcomer", "a known device"])
@pytest.mark.parametrize("processes", [1, 3])
def test_a_bot_meets_so_many_in_an_hour(world, is_known, most, processes):
    """Whatever it does it waits its turn; what more processes let pass before they look comes on top."""
    meters = [Meter() for _ in range(processes)]
    bot = seeker(is_known=is_known)
    for _ in range(2):
        turns = turns_in(metered(world), bot, HOUR, meters)
        assert 60 <= turns <= most + 60 * (processes - 1)


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
    for _ in range(61):
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


def test_people_who_meet_few_cost_nothing(world):
    """Thirty of them at once."""
    metered(world)
    for _ in range(30):
        wait_of(world, seeker())

    assert world.items() == {}


@pytest.mark.parametrize("is_known", [False, True])
def test_nobody_is_slowed_on_their_own_machine(world, is_known):
    """There everybody has one address, and a check of the protocol skips a hundred times."""
    metered(world)
    own = replace(seeker(is_known=is_known), address="l.k.1.1")

    assert [wait_of(world, own) for _ in range(300)] == [0] * 300
