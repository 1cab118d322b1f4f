"""Everybody who comes to wait holds a place or asks for one: a person who resumes, skips or is left, too."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from functions.chat.model.rates import Rate
from functions.chat.runtime.leaky_bucket import Meter, Pace
from tests.functions.chat.conversation.full_address import (
    PLACES,
    Full,
    come_back,
    crowded,
    holds_place,
    places_held,
    told,
    waiters,
    watch,
)
from tests.functions.doorstep import CAFE, HOME, come, come_known, metered
from tests.functions.tables import refusal
from tests.functions.world import DEAD, Person, World

Step = Callable[[], None]
End = Callable[[Person, Person, Step], Person]
CONFLICTS = [refusal("TransactionCanceledException", "None", "TransactionConflict")] * 5


@pytest.fixture
def full(table) -> Full:
    return Full(crowded(table))


def those_with_places(world: World) -> list[str]:
    return sorted(each[8:] for each in places_held(world))


# A waiter whose socket died.


@pytest.mark.parametrize("is_known", [True, False], ids=["lost", "not known to be lost"])
def test_a_waiter_that_comes_back_takes_its_own_place_along(full, is_known):
    """Nobody gives way for it, the place is as old as it was, and none is left behind."""
    before = [each[:8] for each in places_held(full.world)]
    for person in full.held:
        if not is_known:
            person.die()
    back = [come_back(person) for person in full.held]

    assert [told(each) for each in back] == ["waiting"] * PLACES
    assert [each[:8] for each in places_held(full.world)] == before
    assert those_with_places(full.world) == waiters(full.world) == sorted(each.id for each in back)


def test_sockets_that_die_and_resume_hold_no_more_places_than_others(full):
    """While all of them are lost, others take the oldest places: a person who comes back then finds them held."""
    for person in full.held:
        person.disconnect(DEAD)
    newer = [full.come(f"newer {number}", seconds=0) for number in range(8)]
    back = [come_back(person) for person in full.held]

    assert [told(each) for each in newer] == ["waiting"] * 8
    assert [told(each) for each in back] == ["resume_failed"] * 8 + ["waiting"] * (PLACES - 8)
    assert those_with_places(full.world) == waiters(full.world)
    assert len(waiters(full.world)) == PLACES


def test_a_waiter_whose_place_a_newer_one_holds_is_idle_and_looks_with_each_join(full):
    """As a waiter that gave way while it was there: it is in no queue, and finds a person who waits for it."""
    oldest = full.held[0]
    oldest.disconnect(DEAD)
    full.come("a newcomer")
    before = full.world.items()
    back = come_back(oldest)
    assert [event["type"] for event in back.news()] == ["error"]
    assert not [key for key in full.world.items() if key[0].startswith("queue#") and key not in before]
    full.world.ring()
    watch(full.world, back)
    back.join(interests=[oldest.name])
    assert told(back) == "rate_limited"
    dee = come(full.world, "Dee", address="192.0.2.1")
    dee.join(interests=[oldest.name])
    back.join(interests=[oldest.name])

    assert back.room == dee.room
    assert those_with_places(full.world) == waiters(full.world)


def test_a_waiter_that_never_held_a_place_asks_for_one_as_with_a_join(full):
    """Some enter before a process counts; the one who has been alone for longer gives way; the wait is as old."""
    person = full.held[5]
    key = next(key for key in full.world.items() if key[0].startswith("places#"))
    others = [each for each in places_held(full.world) if person.id not in each]
    full.world.table.change(key, holders={"SS": others})
    full.come("the last one")
    begun = person.last("waiting")["ticket"].partition("-")[0]
    back = come_back(person)

    assert told(back) == "waiting"
    assert back.last("waiting")["ticket"].partition("-")[0] == begun
    assert told(full.held[0]) == "rate_limited"
    assert holds_place(full.world, back)
    assert len(places_held(full.world)) == PLACES


def test_a_waiter_back_at_another_address_holds_a_place_there(full):
    """And none where they were before: the next newcomer there finds it free."""
    back = [come_back(person, CAFE) for person in full.held[-3:]]
    items = {key: item for key, item in full.world.items().items() if key[0].startswith("places#")}
    there = next(item["holders"]["SS"] for item in items.values() if len(item["holders"]["SS"]) < PLACES)
    newcomer = full.come("a newcomer")

    assert sorted(each[8:] for each in there) == sorted(each.id for each in back)
    assert told(newcomer) == "waiting"
    assert [told(each) for each in full.held[:-3]] == ["waiting"] * (PLACES - 3)


def test_a_waiter_back_at_an_address_whose_places_are_held_by_newer_ones_gets_none(table):
    """A person who moves sockets from one address to another is counted at the new one."""
    world = crowded(table)
    ada = come(world, "Ada", address=CAFE)
    ada.join(interests=["Ada"])
    Full(world)
    before = places_held(world)

    assert told(come_back(ada, HOME)) == "resume_failed"
    assert places_held(world) == before


def test_people_of_a_household_come_back_for_nothing(table):
    """Nothing is counted in the table where few enter the queue, also of those who come by `resume`."""
    world = crowded(table)
    people = [come(world, f"person {number}") for number in range(5)]
    for person in people:
        person.join(interests=[person.name])
        person.disconnect(DEAD)
        new = come(world, f"{person.name} again")
        new.send("resume", token=person.token)
        assert told(new) == "waiting"

    assert places_held(world) == []


def test_a_resume_is_one_of_the_entries_of_an_address(table):
    """So that a person who comes back again and again is counted as one who joins again and again."""
    world = crowded(table)
    person = come(world, "Ada")
    person.join(interests=["Ada"])
    for number in range(11):
        person.disconnect(DEAD)
        new = come(world, f"Ada {number}")
        new.send("resume", token=person.token)
        person = new

    assert those_with_places(world) == [person.id]


def test_somebody_who_talked_here_before_comes_back_without_a_place(full):
    """As they wait without one."""
    known = come_known(full.world, "a neighbour")
    known.join(interests=["a neighbour"])
    before = places_held(full.world)
    device = full.world.backend.store.get_connection(known.id).device
    back = come_back(known)

    assert told(back) == "waiting"
    assert full.world.backend.store.get_connection(back.id).device == device
    assert places_held(full.world) == before


def test_a_resume_that_comes_twice_holds_one_place(full):
    """The platform may deliver a frame again."""
    person = full.held[4]
    back = come_back(person)
    watch(full.world, back)
    back.send("resume", token=person.token)

    assert told(back) == "waiting"
    assert those_with_places(full.world) == waiters(full.world)


@pytest.mark.parametrize("calls", range(8))
def test_of_two_who_show_one_token_one_waits_and_no_more_places_are_held(full, calls):
    """Before each call of the one in turn; a place that the other has got is free for the next newcomer."""
    person = full.held[4]
    person.disconnect(DEAD)
    one, other = (come(full.world, name) for name in ("One", "Other"))
    watch(full.world, one)
    full.world.client.interrupt(calls, lambda: other.send("resume", token=person.token))
    one.send("resume", token=person.token)
    newcomer = full.come("a newcomer")

    assert sorted(told(each) for each in (one, other)) == ["resume_failed", "waiting"]
    assert told(newcomer) == "waiting"
    assert len(places_held(full.world)) == PLACES
    assert set(waiters(full.world)) <= set(those_with_places(full.world))


@pytest.mark.parametrize("calls", range(8))
def test_a_newcomer_who_takes_the_place_at_that_moment_is_not_given_it_twice(full, calls):
    """Between the read of who holds the places and the write, or before either."""
    oldest = full.held[0]
    oldest.disconnect(DEAD)
    newcomer, back = come(full.world, "a newcomer"), come(full.world, "back")
    full.world.pass_time(3)
    watch(full.world, newcomer)
    full.world.client.interrupt(calls, lambda: newcomer.join(interests=["a newcomer"]))
    back.send("resume", token=oldest.token)

    assert len(places_held(full.world)) <= PLACES
    assert len(waiters(full.world)) <= PLACES
    assert set(waiters(full.world)) <= set(those_with_places(full.world))


@pytest.mark.parametrize("is_lost", [True, False], ids=["lost", "not known to be lost"])
def test_a_resume_that_ends_half_way_leaves_nobody_waiting_without_a_place(full, is_lost):
    """The table may refuse for a while. The next person who asks may have the place."""
    person = full.held[4]
    person.disconnect(DEAD) if is_lost else person.die()
    back = come(full.world, "back")
    watch(full.world, back)
    full.world.client.interrupt(3, lambda: full.world.client.fail("UpdateItem", *CONFLICTS))
    back.send("resume", token=person.token)
    assert told(back) == "busy"

    assert waiters(full.world) == sorted(each.id for each in full.held if each is not person)
    assert told(full.come("a newcomer")) == "waiting"
    assert [told(each) for each in full.held if each is not person] == ["waiting"] * (PLACES - 1)


class Watching(Meter):
    """A process that counts everybody who enters the queue."""

    def take(self, key: str, rate: Rate, now: float, amount: float = 1) -> Pace:
        return Pace.SILENT if key.startswith("entries ") else super().take(key, rate, now, amount)


@pytest.mark.parametrize("seed", range(4))
def test_in_whatever_order_sockets_die_and_come_back_everybody_who_waits_holds_a_place(table, seed):
    """Three times as many sockets as places: they die, come back, leave and join again, and newer ones come."""
    world, chance = metered(World(table, places_of_address=PLACES), Watching()), Random(seed)
    here, lost = [come(world, f"bot {number}") for number in range(3 * PLACES)], list[Person]()
    for step in range(160):
        world.pass_time(chance.choice([0, 0, 1, 3]))
        person = here[chance.randrange(len(here))]
        match chance.choice(["die", "die", "back", "back", "join", "join", "leave", "new"]):
            case "die" if len(here) > PLACES:
                here.remove(person)
                lost.append(person)
                person.disconnect(DEAD) if chance.random() < 0.5 else person.die()
            case "back" if lost:
                before = lost.pop(chance.randrange(len(lost)))
                here.append(come(world, f"bot {step} back"))
                if any("resume" in event for event in before.inbox):
                    here[-1].send("resume", token=before.token)
            case "leave":
                person.send("leave")
            case "new":
                here.append(come(world, f"bot {step} new"))
                here[-1].join(interests=[here[-1].name])
            case _:
                person.join(interests=[person.name])
        assert set(waiters(world)) <= set(those_with_places(world))
        assert len(places_held(world)) <= PLACES

    assert len(waiters(world)) > PLACES / 2


# A conversation that ended. `now` comes right before its end.


def ended_by(sender: int, action: str, **fields: str) -> End:
    """Return the script in which a frame of one of the two ends the conversation."""

    def end(ada: Person, dee: Person, now: Step) -> Person:
        now()
        (ada, dee)[sender].send(action, room=ada.room, **fields)
        return ada

    return end


def partner_closed(ada: Person, dee: Person, now: Step) -> Person:
    now()
    dee.disconnect()
    return ada


def partner_stayed_lost(ada: Person, dee: Person, now: Step) -> Person:
    dee.disconnect(DEAD)
    ada.world.pass_time(20)
    now()
    ada.world.deliver({"connection": dee.id})
    return ada


def the_skippers_handler_died(ada: Person, dee: Person, now: Step) -> Person:
    """Wait for the delay queue to look again."""
    _close(ada, dee)
    ada.world.pass_time(12)
    now()
    ada.world.deliver({"room": ada.room})
    return ada


def came_back_after_it_was_left(ada: Person, dee: Person, now: Step) -> Person:
    ada.disconnect(DEAD)
    dee.send("leave", room=ada.room)
    now()
    return come_back(ada)


def came_back_after_an_own_skip(ada: Person, _dee: Person, now: Step) -> Person:
    """Come back after a skip whose handler died behind its first write."""
    _close(ada, ada)
    now()
    return come_back(ada)


def joined_after_a_partner_left_unnoticed(ada: Person, dee: Person, now: Step) -> Person:
    """Ask again from a room that another handler closed, and told nobody of."""
    _close(ada, dee)
    now()
    ada.join(interests=["Ada"])
    return ada


def _close(ada: Person, skipper: Person) -> None:
    rooms = ada.world.backend.rooms
    room = rooms.get(ada.room)
    assert room is not None
    seat = room.seat(skipper.id)
    assert seat is not None
    assert rooms.close(room, seat, "skipped") is not None


ENDS: dict[str, End] = {
    "skipped": ended_by(0, "skip"),
    "was skipped": ended_by(1, "skip"),
    "was left": ended_by(1, "leave"),
    "was reported": ended_by(1, "report", reason="spam"),
    "partner closed": partner_closed,
    "partner stayed lost": partner_stayed_lost,
    "the skipper's handler died": the_skippers_handler_died,
    "came back after it was left": came_back_after_it_was_left,
    "came back after an own skip": came_back_after_an_own_skip,
    "joined after a partner left unnoticed": joined_after_a_partner_left_unnoticed,
}


class Talk:
    """Ada talks with Dee of another network, while others of Ada's address come to hold all of its places."""

    def __init__(self, table) -> None:
        self.world = crowded(table)
        self.ada, self.dee = come(self.world, "Ada"), come(self.world, "Dee", address="192.0.2.1")
        for person in (self.dee, self.ada):
            person.join(interests=["chess"])
        assert self.ada.room == self.dee.room
        self.others = Full(self.world)

    def count_all(self) -> None:
        """Have everybody of the address counted who enters the queue now."""
        watch(self.world, self.others.held[0])

    def count_all_and_wait_anew(self) -> None:
        """Have all who wait have come a moment ago, so that nobody gives way."""
        self.count_all()
        for each in self.others.held:
            each.send("leave")
            each.join(interests=[each.name])


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_waiter_after_a_conversation_holds_a_place(table, end: End):
    """They have just talked, so the waiter who has been alone for the longest gives way."""
    talk = Talk(table)
    ada = end(talk.ada, talk.dee, talk.count_all)

    assert told(ada) == "waiting"
    assert holds_place(talk.world, ada)
    assert told(talk.others.held[0]) == "rate_limited"
    assert len(places_held(talk.world)) == PLACES


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_person_who_may_not_wait_after_a_conversation_is_told_so_and_is_in_no_queue(table, end: End):
    """Their own `join` asks again, and gets a place when anybody has waited for some seconds."""
    talk = Talk(table)
    before = places_held(talk.world)
    ada = end(talk.ada, talk.dee, talk.count_all_and_wait_anew)

    assert told(ada) == "rate_limited"
    assert ada.id not in waiters(talk.world)
    assert places_held(talk.world) == before
    talk.world.pass_time(3)
    talk.count_all()
    ada.join(interests=["Ada"])
    assert told(ada) == "waiting"
    assert holds_place(talk.world, ada)


@pytest.mark.parametrize("dies", ["the joiner", "the waiter, a moment ago", "the waiter, long ago"])
def test_a_person_paired_with_a_dead_socket_waits_on_with_a_place(full, dies):
    """The room is ended before anybody has talked, by the handler that opened it."""
    world = full.world
    ada, dee = come(world, "Ada"), come(world, "Dee", address="192.0.2.1")
    if dies == "the joiner":
        watch(world, ada)
        ada.join(interests=["chess"])
        dee.die()
        world.call("join", dee.frame("join", mode="text", interests=["chess"]))
    else:
        dee.join(interests=["chess"])
        dee.die()
        world.pass_time(2 if dies == "the waiter, long ago" else 0)
        watch(world, ada)
        ada.join(interests=["chess"])

    assert told(ada) == "waiting"
    assert told(full.held[0]) == "rate_limited"
    assert [each for each in waiters(world) if each != dee.id] == those_with_places(world)
