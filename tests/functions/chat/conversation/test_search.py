"""Searching: a waiter is found and told first, and a failure on the way costs nobody their place."""

from __future__ import annotations

import pytest

from functions.chat.backend import waiting_since
from tests.functions.tables import MotoTable, refusal
from tests.functions.world import START, World

HINT_SETTLED_SECONDS = 5.0
JUST_CAME_SECONDS = 1.0
LOOKS_MAX = 24

ANYONE = "queue#text#*#0"
CONFLICT = refusal("TransactionCanceledException", "None", "TransactionConflict", "None")
BUSY = refusal("ThrottlingException")
ATTEMPTS = 5  # of one write of hints


def state(world, person) -> str:
    """Return what somebody is, by their item: idle, waiting, talking or lost."""
    connection = world.backend.store.get_connection(person.id)
    if connection.lost_at is not None:
        return "lost"
    if connection.ticket_id is not None:
        return "waiting"
    room = world.backend.rooms.get(connection.room_id) if connection.room_id else None
    return "talking" if room is not None and room.is_open else "idle"


def hints(world) -> list[str]:
    """Return whose hints stand in the queue."""
    return sorted(item["connection_id"]["S"] for key, item in world.items().items() if key[0].startswith("queue#"))


def test_connection_first_hint_second_look_again_third(world):
    """The order on which it hangs that two who arrive together do not miss each other."""
    ada = world.person("Ada")
    world.client.requests.clear()

    ada.join()

    writes = [name for name, _ in world.client.requests]
    assert writes == ["GetItem", "Query", "UpdateItem", "BatchWriteItem", "Query"]
    assert world.news() == {"Ada": ["waiting"]}
    assert (state(world, ada), hints(world)) == ("waiting", ["Ada="])


@pytest.mark.parametrize("other_first", [False, True])
@pytest.mark.parametrize("calls", range(5))
def test_two_who_arrive_together_are_paired_whenever_the_one_comes_between(dynamodb, calls, other_first):
    """Bo's whole search happens before any one call of Ada's; whichever, they meet at once and in one room."""
    world = World(MotoTable(dynamodb))
    ada, bo = (world.person(name) for name in (("Bo", "Ada") if other_first else ("Ada", "Bo")))
    world.client.interrupt(calls, bo.join)

    ada.join()

    kinds = {name: [kind for kind in told if kind != "waiting"] for name, told in world.news().items()}
    assert kinds == {"Ada": ["paired"], "Bo": ["paired"]}
    assert ada.room == bo.room
    assert hints(world) == []
    assert len(world.table.under("room#")) == 1


def test_both_are_told_the_waiter_first(world):
    """Exactly one is polite, each knows the ticket that was used up, and nothing stays in the queue."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    ticket = ada.last("waiting")["ticket"]
    bo.join()

    assert world.sockets.posted == [("Ada=", "waiting"), ("Ada=", "paired"), ("Bo=", "paired")]
    assert (ada.last("paired")["polite"], bo.last("paired")["polite"]) == (False, True)
    assert (ada.last("paired")["ticket"], bo.last("paired").get("ticket")) == (ticket, None)
    assert (state(world, ada), state(world, bo), hints(world)) == ("talking", "talking", [])


def test_a_ticket_that_cannot_be_shown_is_given_up_for_one_of_the_same_age(world):
    """The part of the queue that it stood in refuses: its owner loses no place by it, and is found."""
    ada = world.person("Ada")
    ada.join()
    first = ada.last("waiting")["ticket"]
    world.table.drop((ANYONE, first))
    world.pass_time(4)
    world.client.fail("BatchWriteItem", *[BUSY] * ATTEMPTS)

    ada.join()

    second = ada.last("waiting")["ticket"]
    assert second != first
    assert waiting_since(second) == waiting_since(first)
    assert (state(world, ada), hints(world)) == ("waiting", ["Ada="])
    bo = world.person("Bo")
    bo.join()
    assert ada.room == bo.room is not None


ATTEMPTS_OF_SHARD = 2  # of one write of hints where they could stand elsewhere


def test_a_seeker_before_a_part_of_the_queue_that_refuses_stands_in_another_one_at_once(dynamodb):
    """With the same age, told of one place, and without another `join`."""
    world = World(MotoTable(dynamodb), queue_shards=8)
    ada = world.person("Ada")
    world.client.fail("BatchWriteItem", *[BUSY] * ATTEMPTS_OF_SHARD)

    ada.join()

    assert world.news() == {"Ada": ["waiting"]}
    (hint,) = [key for key in world.items() if key[0].startswith("queue#")]
    entered = [request for name, request in world.client.requests if name == "BatchWriteItem"]
    refused = entered[0]["RequestItems"][world.table.name][0]["PutRequest"]["Item"]
    assert refused["pk"]["S"] != hint[0], "a part that refused is not drawn again"
    assert (ada.last("waiting")["ticket"], waiting_since(hint[1])) == (hint[1], waiting_since(refused["sk"]["S"]))
    assert state(world, ada) == "waiting"


@pytest.mark.parametrize(("shards", "refusals"), [(1, ATTEMPTS), (8, 3 * ATTEMPTS_OF_SHARD)])
def test_a_seeker_that_is_refused_everywhere_is_told_so_and_is_shown_by_the_next_join(dynamodb, shards, refusals):
    """A few parts are tried, and the only one for longer."""
    world = World(MotoTable(dynamodb), queue_shards=shards)
    ada = world.person("Ada")
    world.client.fail("BatchWriteItem", *[BUSY] * refusals)

    ada.join()
    assert (world.news(), hints(world)) == ({"Ada": ["error"]}, [])
    assert ada.last("error")["code"] == "busy"

    world.pass_time(4)
    ada.join()
    assert (world.news(), hints(world)) == ({"Ada": ["waiting"]}, ["Ada="])


def test_a_waiter_taken_out_of_the_queue_before_it_could_be_shown_enters_no_other_part(dynamodb):
    """The handler that moved them decides where they are next."""
    world = World(MotoTable(dynamodb), queue_shards=8)
    ada = world.person("Ada")
    world.client.fail("BatchWriteItem", *[BUSY] * ATTEMPTS_OF_SHARD)
    world.client.requests.clear()
    looked_and_refused = 1 + 8 + 1 + ATTEMPTS_OF_SHARD  # read, looked into every part, entered, refused
    world.client.interruptions[looked_and_refused] = lambda: ada.send("leave")

    ada.join()

    assert (world.news(), hints(world), state(world, ada)) == ({}, [], "idle")
    shown = [request for request in world.client.asked("BatchWriteItem") if "PutRequest" in str(request)]
    assert len(shown) == ATTEMPTS_OF_SHARD


def test_each_event_carries_a_token_of_its_own(world):
    """The table has their hashes alone."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    first = ada.token
    bo.join()

    assert ada.token != first
    assert ada.last("paired")["resume"] != bo.last("paired")["resume"]
    for person in (ada, bo):
        told = [event["resume"] for event in person.inbox]
        kept = [each["S"] for each in world.items()[person.key]["token_hashes"]["L"]]
        assert len(kept) == len(set(kept)) == len(told)
        assert not set(kept) & set(told)


def test_the_one_who_waited_longest_is_met_first(world):
    """With a short queue."""
    first, second = world.person("First"), world.person("Second")
    for each in (first, second):
        each.join(languages=["en" if each is first else "de"])
        world.pass_time(1)
    third = world.person("Third")
    third.join()

    assert third.room == first.room
    assert world.news()["Second"] == ["waiting"]


def test_a_seeker_that_looks_later_spreads_over_a_long_queue(dynamodb):
    """Losers of one race do not all run for the same next one."""
    met = set()
    for seed in range(6):
        world = World(MotoTable(dynamodb))
        world.backend.random.seed(seed)
        waiters = [world.person(f"W{number}") for number in range(6)]
        for number, waiter in enumerate(waiters):
            # People of six languages wait for each other's; the newcomer speaks all of them.
            waiter.join(languages=["en", "de", "fr", "es", "it", "pt"][number : number + 1])
        joiner = world.person("Joiner")
        joiner.join()
        met.add(next(waiter.name for waiter in waiters if waiter.inbox[-1]["type"] == "paired"))

    assert len(met) > 1


# Stale hints.


@pytest.mark.parametrize(
    ("seconds", "left"), [(HINT_SETTLED_SECONDS + 0.1, []), (HINT_SETTLED_SECONDS - 0.1, ["Ada="])]
)
def test_a_stale_hint_is_removed_by_whoever_trips_over_it_unless_somebody_is_about_to(world, seconds, left):
    """Its owner is closed; a young hint of somebody paired is just being removed by who paired them."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    world.table.drop(ada.key)
    world.pass_time(seconds)

    bo.join()

    assert hints(world) == sorted([*left, "Bo="])
    assert world.news() == {"Ada": ["waiting"], "Bo": ["waiting"]}


def test_a_stale_hint_costs_a_claim_and_hides_nobody(world):
    """The next in the snapshot is claimed at once."""
    stale, ada, bo = (world.person(name) for name in ("Stale", "Ada", "Bo"))
    stale.join(languages=["en"])
    world.pass_time(1)
    ada.join(languages=["de"])
    world.table.drop(stale.key)

    bo.join()

    assert bo.room == ada.room


def test_after_each_stale_hint_the_queue_is_read_again(world):
    """A snapshot that was wrong is too old; somebody behind the stale hints is found all the same."""
    languages = ["en", "de", "fr", "es"]
    stale = [world.person(f"Stale{number}") for number in range(3)]
    for each, language in zip(stale, languages, strict=False):
        each.join(languages=[language])
        world.pass_time(1)
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join(languages=[languages[-1]])
    for each in stale:
        world.table.drop(each.key)
    world.news()

    bo.join()

    assert world.news() == {"Ada": ["paired"], "Bo": ["paired"]}
    assert bo.room == ada.room


# Members that are gone.


def test_a_waiter_whose_socket_is_dead_is_never_seen(world):
    """They are lost for the time of grace; the joiner goes on as if they had not been there."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    world.pass_time(JUST_CAME_SECONDS)
    ada.die()
    world.news()

    bo.join()

    assert world.news() == {"Bo": ["waiting"]}
    assert (state(world, ada), state(world, bo), hints(world)) == ("lost", "waiting", ["Bo="])
    assert [work for work, _ in world.alarms.set] == [{"connection": "Ada="}]


def test_a_waiter_who_leaves_a_moment_after_they_came_has_been_met(world):
    """The joiner was told at the same time, hears that they left, and searches on at the place that it had."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    ada.die()
    world.news()

    bo.join()

    assert world.news() == {"Bo": ["paired", "peer_left", "waiting"]}
    assert bo.last("peer_left") == {"type": "peer_left", "room": bo.room, "reason": "disconnected"}
    assert (state(world, ada), state(world, bo), hints(world)) == ("lost", "waiting", ["Bo="])
    assert [work for work, _ in world.alarms.set] == [{"connection": "Ada="}]


def test_a_seeker_that_met_a_dead_socket_keeps_its_place(world):
    """A seeker who waited already is put back where they stood, before those who came later."""
    ada, dead = world.person("Ada"), world.person("Dead")
    ada.join(interests=["Go"])
    first = ada.last("waiting")["ticket"]
    world.pass_time(3)
    dead.join()
    dead.die()
    world.pass_time(3)

    ada.join(interests=["Go"], widen=True)

    last = ada.last("waiting")["ticket"]
    assert (state(world, ada), state(world, dead)) == ("waiting", "lost")
    assert last != first
    assert last.partition("-")[0] == first.partition("-")[0]
    assert [key[1] for key in world.table.under("queue#")] == [last, last]


def test_a_joiner_whose_socket_is_dead_leaves_the_waiter_at_their_old_place(world):
    """The waiter was told of them already, hears that they left, and waits on without doing anything."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    place = ada.last("waiting")["ticket"].partition("-")[0]
    world.pass_time(4)
    world.news()
    event = bo.event("message")
    event["body"] = '{"action":"join","mode":"text"}'
    bo.die()

    world.call("join", event)

    assert world.news() == {"Ada": ["paired", "peer_left", "waiting"]}
    assert ada.last("peer_left") == {"type": "peer_left", "room": ada.room, "reason": "disconnected"}
    assert ada.last("waiting")["ticket"].partition("-")[0] == place
    assert (state(world, ada), state(world, bo), hints(world)) == ("waiting", "lost", ["Ada="])


def test_a_seeker_who_is_dead_when_told_to_wait_is_lost_and_not_in_the_queue(world):
    """Nobody can be paired with a dead socket."""
    ada = world.person("Ada")
    event = ada.event("message")
    event["body"] = '{"action":"join","mode":"text"}'
    ada.die()

    world.call("join", event)

    assert (state(world, ada), hints(world)) == ("lost", [])
    assert [work for work, _ in world.alarms.set] == [{"connection": "Ada="}]


def test_a_waiter_who_reads_slowly_is_told_again_when_they_ask(world):
    """The pairing stands; their client's next `join` is answered from the room."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    world.sockets.slow.add(ada.id)
    bo.join()
    world.sockets.slow.clear()
    world.news()

    ada.join()

    assert world.news() == {"Ada": ["paired"]}
    assert ada.room == bo.room


# Other handlers in the way.


def test_a_claim_that_another_transaction_holds_up_is_tried_again(world):
    """After a pause that differs between rivals; the candidate is not forgotten."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    world.client.fail("TransactWriteItems", CONFLICT, CONFLICT)

    bo.join()

    assert ada.room == bo.room
    assert len(world.clock.naps) == 2
    assert world.clock.naps[0] != world.clock.naps[1]


def test_a_seeker_that_only_ever_meets_contention_ends_up_waiting_where_others_find_it(world):
    """After a bounded number of looks; nobody is left without a place."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    world.client.fail("TransactWriteItems", *[CONFLICT] * LOOKS_MAX)

    bo.join()

    assert (state(world, bo), hints(world)) == ("waiting", ["Ada=", "Bo="])
    ada.join()
    assert ada.room == bo.room


def test_a_seeker_who_was_paired_meanwhile_stops_quietly(world):
    """The handler that won speaks to them: no second `paired`, no `waiting`, no hint left."""
    ada, bo, cy = (world.person(name) for name in ("Ada", "Bo", "Cy"))
    ada.join(languages=["en"])
    world.pass_time(1)
    cy.join(languages=["de"])
    # Bo's own second `join` overtakes his first one, just before it claims.
    world.client.interrupt(2, bo.join)
    world.news()

    bo.join()

    assert world.news() == {"Ada": ["paired"], "Bo": ["paired"]}
    assert bo.room == ada.room
    assert hints(world) == ["Cy="]


# A waiter that asks again.


def test_asking_again_while_waiting_changes_nothing_but_the_token(world):
    """The same place, the same hint, one more `waiting`."""
    ada = world.person("Ada")
    ada.join(interests=["Go"])
    before, first = world.items(), ada.last("waiting")

    world.pass_time(5)
    ada.join(interests=["Go"])

    after = world.items()
    assert {key for key in after if after[key] != before[key]} == {ada.key}
    assert set(after) == set(before)
    assert {**ada.last("waiting"), "resume": ""} == {**first, "resume": ""}
    assert ada.last("waiting")["resume"] != first["resume"]


def test_asking_again_puts_back_a_hint_that_was_lost(world):
    """A handler that died between the connection and the hint strands nobody."""
    ada = world.person("Ada")
    ada.join(interests=["Go", "Chess"])
    whole = world.items()
    world.table.drop(("queue#text#=go", ada.last("waiting")["ticket"]))

    ada.join(interests=["Go", "Chess"])

    assert set(world.items()) == set(whole)
    ada.news()
    bo = world.person("Bo")
    bo.join(interests=["Go"])
    assert bo.room == ada.room


def test_widening_adds_a_hint_for_anyone_and_keeps_the_place(world):
    """A newcomer without a common interest finds them then; an older frame does not end the widening."""
    ada = world.person("Ada")
    ada.join(interests=["Go"])
    ticket = ada.last("waiting")["ticket"]
    world.pass_time(5)

    ada.join(interests=["Go"], widen=True)
    assert (ada.last("waiting")["widened"], ada.last("waiting")["ticket"]) == (True, ticket)
    ada.join(interests=["Go"])
    assert ada.last("waiting")["widened"] is True

    assert [key for key, _ in world.table.under("queue#")] == [ANYONE, "queue#text#=go"]
    bo = world.person("Bo")
    bo.join()
    assert bo.room == ada.room


def test_a_place_in_the_queue_says_since_when_somebody_waits(world):
    """Tickets order by it, to the millisecond."""
    ada = world.person("Ada")
    world.pass_time(0.25)
    ada.join()

    assert ada.last("waiting")["ticket"].partition("-")[0] == f"{int(START * 1000) + 250:014d}"
