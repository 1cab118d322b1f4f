"""One address holds so many places in the queue, however many wishes it thinks of."""

from __future__ import annotations

import pytest

from functions.chat.model.rates import ENTRIES_UNWATCHED
from tests.functions.doorstep import CAFE, HOME, come, come_known, meet, metered
from tests.functions.world import World
from tests.puzzles import solve

PLACES = 15


def crowded(table) -> World:
    return metered(World(table, places_of_address=PLACES))


def wait(world: World, name: str, address: str = HOME) -> str:
    """Let somebody wait for what nobody else wants; return what they were told."""
    person = come(world, name, address=address)
    person.join(interests=[name])
    event = person.inbox[-1]
    return str(event.get("code", event["type"]))


def test_an_address_that_waits_in_many_places_gets_no_more(table):
    """Those that a process let pass before it looked more closely are not counted, and are few."""
    world = crowded(table)
    told = [wait(world, f"bot {number}") for number in range(PLACES + 20)]

    held = PLACES + int(ENTRIES_UNWATCHED.burst)
    assert told == ["waiting"] * held + ["rate_limited"] * (len(told) - held)
    assert wait(world, "somebody else", CAFE) == "waiting"


def test_who_is_paired_or_leaves_makes_room(table):
    """The next one may wait."""
    world = crowded(table)
    for number in range(PLACES + 20):
        wait(world, f"bot {number}")
    holder = next(person for person in world.people if person.name == f"bot {int(ENTRIES_UNWATCHED.burst) + 3}")
    holder.send("leave")

    assert [wait(world, name) for name in ("next", "one more")] == ["waiting", "rate_limited"]


def test_few_people_of_one_address_cost_nothing(table):
    """Nothing is counted in the table for a household."""
    world = crowded(table)
    for number in range(int(ENTRIES_UNWATCHED.burst)):
        wait(world, f"person {number}")

    assert not [key for key in world.items() if key[0].startswith("places#")]


def test_who_is_told_to_wait_is_idle_and_may_try_again(table):
    """Nothing of them stays in the queue."""
    world = crowded(table)
    for number in range(PLACES + 20):
        wait(world, f"bot {number}")
    last = world.people[-1]

    connection = world.backend.store.get_connection(last.id)
    assert connection is not None
    assert connection.ticket_id is None
    assert not [key for key in world.items() if key[0] == f"queue#text#={last.name}"]
    assert last.inbox[-1]["action"] == "join"


def test_somebody_who_talked_here_before_waits_wherever_many_wait(table):
    """215 sockets of a troll at their address are none of theirs."""
    world = crowded(table)
    for number in range(PLACES + 20):
        wait(world, f"bot {number}")
    known = come_known(world, "a neighbour")
    known.join(interests=["a neighbour"])

    assert known.inbox[-1]["type"] == "waiting"


def test_who_may_not_wait_gives_back_only_a_turn_that_was_taken_just_now(table):
    """One from an earlier search is theirs still: giving it back with each `join` would make turns of nothing."""
    world = crowded(table)
    ada = come(world, "Ada")
    ada.join()
    ada.send("leave")
    for number in range(PLACES + 20):
        wait(world, f"bot {number}")
    before = {key: item["amount"] for key, item in world.items().items() if key[0].startswith("pace#meetings")}
    assert before
    for _ in range(10):
        ada.join(interests=["nobody has this"])
    assert ada.inbox[-1]["type"] == "error"

    assert before == {key: item["amount"] for key, item in world.items().items() if key[0].startswith("pace#meetings")}


@pytest.mark.parametrize("has_talked", [False, True])
def test_a_newcomer_who_may_not_wait_is_paired_with_somebody_who_waits(table, has_talked):
    """Nobody is locked out: a seeker may find a waiter, and works where the address meets very many."""
    world = crowded(table)
    newcomer = come(world, "a newcomer")
    dee = come(world, "Dee", address="192.0.2.1")
    if has_talked:
        meet(world, dee, newcomer)
    for number in range(PLACES + 20):
        wait(world, f"bot {number}")
    if has_talked:  # nobody waits for the newcomer, whose connection still points to the room that ended
        dee.send("leave")
    cy = come(world, "Cy", address=CAFE)
    cy.join(interests=["tea"])
    newcomer.join(interests=["tea"])
    newcomer.join(interests=["tea"], solution=solve(newcomer.last("error")["puzzle"]))

    assert newcomer.inbox[-1]["type"] == "paired"
