"""One address holds so many places in the queue, however many wishes it thinks of."""

from __future__ import annotations

import pytest

from functions.chat.model.people import Connection
from functions.chat.storage.places import Places
from functions.chat.storage.store import Store
from tests.functions.chat.conversation.full_address import (
    PLACES,
    UNWATCHED,
    Full,
    crowded,
    holds_place,
    places_held,
    told,
    waiters,
    watch,
)
from tests.functions.doorstep import CAFE, HOME, come, come_known, meet
from tests.functions.world import World, with_parts
from tests.puzzles import solve


def wait(world: World, name: str, address: str = HOME) -> str:
    """Let a person wait with a wish that nobody else has; return the events that they were told."""
    person = come(world, name, address=address)
    person.join(interests=[name])
    event = person.inbox[-1]
    return str(event.get("code", event["type"]))


def test_an_address_that_waits_in_many_places_gets_no_more(table):
    """Those that a process let pass before it looked more closely are not counted, and are few."""
    world = crowded(table)
    told = [wait(world, f"bot {number}") for number in range(PLACES + 20)]

    held = PLACES + UNWATCHED
    assert told == ["waiting"] * held + ["rate_limited"] * (len(told) - held)
    assert wait(world, "somebody else", CAFE) == "waiting"


def test_a_holder_that_is_paired_or_leaves_makes_room(table):
    """The next one may wait."""
    world = crowded(table)
    for number in range(PLACES + 20):
        wait(world, f"bot {number}")
    holder = next(person for person in world.people if person.name == f"bot {UNWATCHED + 3}")
    holder.send("leave")

    assert [wait(world, name) for name in ("next", "one more")] == ["waiting", "rate_limited"]


def test_few_people_of_one_address_cost_nothing(table):
    """Nothing is counted in the table for a household."""
    world = crowded(table)
    for number in range(UNWATCHED):
        wait(world, f"person {number}")

    assert not [key for key in world.items() if key[0].startswith("places#")]


def test_where_all_places_are_held_a_process_reads_before_it_writes(table):
    """For ten seconds: a refused write costs as much as one that is done."""
    full = Full(crowded(table))
    written = []
    for name, seconds in (("the first", 0), ("another", 11), ("one more", 0)):
        full.world.client.requests.clear()
        full.come(name, seconds)
        written.append(
            [
                each
                for each, request in full.world.client.requests
                if each == "UpdateItem" and "'places#" in str(request)
            ]
        )

    assert [len(each) for each in written] == [3, 2, 3], "one that is refused, one that takes over, one that frees"


def test_a_seeker_that_is_told_to_wait_is_idle_and_may_try_again(table):
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


def test_a_seeker_that_may_not_wait_gives_back_only_a_turn_that_was_taken_just_now(table):
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


def test_a_seeker_that_may_not_wait_has_a_turn_back_that_it_took_just_now(table):
    """It met nobody by it, and nothing of it is written on its connection."""
    world = crowded(table)
    ada = come(world, "Ada")
    world.pass_time(5)
    Full(world)
    watch(world, ada)
    world.table.change(ada.key, turns={"N": "6"})  # from now on each turn is counted at once
    world.pass_time(3600)

    def turns() -> list[float]:
        items = world.items().items()
        return [float(item["amount"]["N"]) for (pk, _), item in items if pk.startswith("pace#meetings")]

    for _ in range(3):
        watch(world, ada)
        ada.join(interests=["nobody has this"])
        assert told(ada) == "rate_limited"
    assert turns() == [0.0]


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


# Where all places are held, the newest gets one.


def test_the_newest_gets_the_place_of_who_has_been_alone_for_the_longest(table):
    """The waiter is out of the queue, idle, and told so as if its own `join` had been refused."""
    full = Full(crowded(table))
    oldest, rest = full.held[0], full.held[1:]
    newcomer = full.come("a newcomer")

    assert [told(each) for each in (newcomer, oldest)] == ["waiting", "rate_limited"]
    assert oldest.inbox[-1]["action"] == "join"
    assert {told(each) for each in rest} == {"waiting"}
    connection = full.world.backend.store.get_connection(oldest.id)
    assert connection is not None and connection.ticket_id is None
    assert not [key for key in full.world.items() if key[0] == f"queue#text#={oldest.name}"]
    assert len(places_held(full.world)) == PLACES
    assert holds_place(full.world, newcomer)
    assert not holds_place(full.world, oldest)


def test_a_seeker_that_has_been_alone_for_the_longest_gets_no_place_and_changes_nothing(table):
    """However often it asks: that costs a few reads, and nobody their place."""
    full = Full(crowded(table))
    oldest = full.held[0]
    full.come("a newcomer")
    before = full.world.items()
    for _ in range(20):
        watch(full.world, oldest)
        oldest.join(interests=[oldest.name])
        assert told(oldest) == "rate_limited"

    assert places_held_in(full.world.items()) == places_held_in(before)
    assert [told(each) for each in full.held[1:]] == ["waiting"] * (PLACES - 1)


def places_held_in(items) -> list[dict]:
    return [item for key, item in items.items() if key[0].startswith("places#")]


def test_a_seeker_that_has_just_talked_is_as_new_as_one_that_has_just_come(table):
    """Their socket is older than all that wait."""
    world = crowded(table)
    ada, dee = come(world, "Ada"), come(world, "Dee", address="192.0.2.1")
    meet(world, dee, ada)
    Full(world)
    dee.send("leave", room=ada.room)
    watch(world, ada)
    ada.join(interests=["Ada"])

    assert told(ada) == "waiting"
    assert holds_place(world, ada)


def test_nobody_gives_way_in_the_first_seconds_of_a_wait(table):
    """A thousand who come at once would only chase each other."""
    world = crowded(table)
    people = []
    for number in range(PLACES + 40):
        people.append(come(world, f"person {number}"))
        world.pass_time(1)
    for person in people:
        person.join(interests=[person.name])
        world.pass_time(0.03)

    assert [told(each) for each in people[-20:]] == ["rate_limited"] * 20
    assert "rate_limited" not in [told(each) for each in people[: PLACES + 10]]


def test_a_holder_that_waits_no_more_makes_room_before_anybody_gives_way(table):
    """Also where those who have been alone for the longest wait still."""
    full = Full(crowded(table))
    for each in full.held[-4:]:
        each.send("leave")
    newcomer = full.come("a newcomer")

    assert told(newcomer) == "waiting"
    assert [told(each) for each in full.held[:-4]] == ["waiting"] * (PLACES - 4)


def test_a_waiter_that_has_talked_since_holds_one_place_and_not_two(table):
    """The one from before the conversation makes room for a newcomer, and nobody gives way."""
    full = Full(crowded(table))
    ada, gone = full.held[3], full.held[9]
    gone.send("leave")
    key = next(key for key in full.world.items() if key[0].startswith("places#"))
    full.world.table.change(key, holders={"SS": [each for each in places_held(full.world) if gone.id not in each]})
    dee = come(full.world, "Dee", address="192.0.2.1")
    dee.join(interests=[ada.name])
    assert told(ada) == "paired"
    full.world.pass_time(5)
    watch(full.world, ada)
    ada.send("skip", room=ada.room)
    before, since = (each for each in places_held(full.world) if each.endswith(ada.id))
    newcomer = full.come("a newcomer")

    assert before not in places_held(full.world)
    assert since in places_held(full.world)
    assert holds_place(full.world, newcomer)
    assert [told(each) for each in full.held if each is not gone] == ["waiting"] * (PLACES - 1)


class AMomentAgo(Store):
    """Shows connections as they were when it was made."""

    def __init__(self, world: World) -> None:
        super().__init__(world.backend.table)
        self.then = world.backend.store.get_connections(*(person.id for person in world.people[:40]))

    def get_connections(self, *connection_ids: str, consistent: bool = True) -> dict[str, Connection]:
        if consistent:
            return super().get_connections(*connection_ids)
        return {each: self.then[each] for each in connection_ids if each in self.then}


def test_a_waiter_met_in_the_same_moment_is_not_taken_out_of_its_conversation(table):
    """Another handler was quicker; their place is free all the same."""
    full = Full(crowded(table))
    oldest = full.held[0]
    full.world.backend = with_parts(full.world.backend, store=AMomentAgo(full.world))
    dee = come(full.world, "Dee", address="192.0.2.1")
    dee.join(interests=[oldest.name])
    newcomer = full.come("a newcomer")

    assert [told(each) for each in (oldest, dee, newcomer)] == ["paired", "paired", "waiting"]
    assert len(places_held(full.world)) == PLACES


def test_a_holder_that_an_older_version_wrote_makes_room(table):
    """It wrote ids alone, for the minutes of a deployment."""
    full = Full(crowded(table))
    key = next(key for key in full.world.items() if key[0].startswith("places#"))
    full.world.table.change(key, holders={"SS": [f"bot {number}=" for number in range(PLACES)]})

    assert told(full.come("a newcomer")) == "waiting"


class Overtaken(Places):
    """The places, of which another handler was quicker to take those that are asked for, so many times."""

    def __init__(self, world: World, times: int) -> None:
        super().__init__(world.backend.table)
        self.left = times

    def take_over(self, address: str, holder: str, former: set[str], places_max: int) -> bool:
        self.left -= 1
        return self.left < 0 and super().take_over(address, holder, former, places_max)


@pytest.mark.parametrize(("times", "expected"), [(1, "waiting"), (3, "waiting"), (4, "rate_limited")])
def test_a_newcomer_that_others_overtake_asks_for_another_place(table, times, expected):
    """People who skip fast enter side by side. Four lost races are an address that is full."""
    full = Full(crowded(table))
    full.held[3].disconnect()
    full.world.backend = with_parts(full.world.backend, places=Overtaken(full.world, times))
    newcomer = full.come("a newcomer")

    assert told(newcomer) == expected
    assert len(waiters(full.world)) == PLACES - 1 + (expected == "waiting")
