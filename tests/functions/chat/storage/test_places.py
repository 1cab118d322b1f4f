"""The places of one address: their holders, their order, and every condition of the writes."""

from __future__ import annotations

import pytest

from functions.chat.model.people import Connection, Meeting
from functions.chat.storage.places import Places, connection_id_of, holder_of, since_of
from functions.chat.storage.table import Table
from tests.functions.tables import FaultyClient, MotoTable
from tests.functions.world import START, StillClock

KEY = ("places#a.k.1", "places")


@pytest.fixture
def client(table: MotoTable) -> FaultyClient:
    return FaultyClient(table.client)


@pytest.fixture
def places(client: FaultyClient, table: MotoTable) -> Places:
    return Places(Table(client, table.name, StillClock()))


def take(places: Places, *holders: str, most: int = 2) -> list[bool]:
    return [places.take("a.k.1", each, most) for each in holders]


def test_an_address_holds_only_so_many_places(places, table):
    """A holder may take its place again; one connection too many changes nothing."""
    assert take(places, "1ada", "2bo", "1ada") == [True, True, True]
    before = table.items()

    assert take(places, "3cy") == [False]
    assert table.items() == before
    assert places.holders("a.k.1") == ["1ada", "2bo"]


def test_a_taker_stands_in_the_place_of_former_holders(places):
    """All of theirs are free then."""
    take(places, "1ada", "2bo")

    assert places.take_over("a.k.1", "3cy", {"1ada", "2bo"}, 2)
    assert places.holders("a.k.1") == ["3cy"]


def test_of_two_who_take_over_one_place_the_second_gets_none(places):
    """And an address holds no more than it may."""
    take(places, "1ada", "2bo")
    places.take("a.k.1", "3cy", 3)  # the other has written one of its two writes

    assert not places.take_over("a.k.1", "4dee", {"1ada"}, 2)
    assert places.holders("a.k.1") == ["2bo", "3cy"]


def test_a_place_that_was_taken_over_is_given_once(places):
    """A seeker that read the same holders, and comes later, finds the place taken."""
    take(places, "1ada", "2bo")
    assert places.take_over("a.k.1", "3cy", {"1ada"}, 2)

    assert not places.take_over("a.k.1", "4dee", {"1ada"}, 2)
    assert places.holders("a.k.1") == ["2bo", "3cy"]


def test_a_taker_that_lets_several_go_gets_no_place_of_theirs_where_one_was_given_before(places):
    """Another handler may be about to let the other one go, for a place that it has taken already."""
    take(places, "1ada", "2bo")
    assert places.take_over("a.k.1", "3cy", {"1ada"}, 2)
    places.take("a.k.1", "4dee", 3)  # the first of two writes

    assert not places.take_over("a.k.1", "5eve", {"1ada", "2bo"}, 2)
    assert places.holders("a.k.1") == ["3cy", "4dee"]


def test_a_taker_that_lets_several_go_takes_one_place_whatever_others_let_go_meanwhile(places):
    """Then there are fewer than there may be."""
    take(places, "1ada", "2bo", "5eve", most=3)
    assert places.take_over("a.k.1", "3cy", {"1ada", "2bo"}, 3)

    assert places.take_over("a.k.1", "4dee", {"2bo", "5eve"}, 3)
    assert places.holders("a.k.1") == ["3cy", "4dee"]


def test_places_that_a_handler_left_that_died_half_way_are_let_go_by_the_next_one(places):
    """It had taken a place, and not yet let the former one go: for a moment there is one too many."""
    take(places, "1ada", "2bo")
    places.take("a.k.1", "3cy", 3)

    assert [places.take_over("a.k.1", "4dee", {"1ada"}, 2) for _ in range(2)] == [False, False]
    assert places.take_over("a.k.1", "4dee", {"2bo"}, 2)
    assert places.holders("a.k.1") == ["3cy", "4dee"]


def test_a_place_is_handed_on_where_all_are_held(places):
    """The former one has none then, and nobody else loses theirs."""
    take(places, "1ada", "2bo")

    assert places.hand_on("a.k.1", "1ada", "1cy", 2)
    assert places.holders("a.k.1") == ["1cy", "2bo"]
    assert not places.hand_on("a.k.1", "1ada", "1dee", 2)
    assert places.holders("a.k.1") == ["1cy", "2bo"]


def test_a_holder_with_nothing_to_hand_on_leaves_a_free_place_or_none(places, client, table):
    """One write either way: where there is room, and where there is not, which changes nothing."""
    assert places.hand_on("a.k.1", "1ada", "1cy", 1)
    assert len(client.requests) == 1
    before = table.items()

    assert not places.hand_on("a.k.1", "1ada", "2bo", 1)
    assert len(client.requests) == 2
    assert table.items() == before
    assert places.holders("a.k.1") == ["1cy"]


def test_a_place_that_was_handed_on_is_handed_on_once_more_by_nobody(places):
    """The same frame may come twice, and two may show one token."""
    take(places, "1ada", "2bo")
    assert [places.hand_on("a.k.1", "1ada", "1cy", 2) for _ in range(2)] == [True, True]

    assert not places.hand_on("a.k.1", "1ada", "1dee", 2)
    assert places.holders("a.k.1") == ["1cy", "2bo"]


def test_taking_over_where_nobody_held_anything_leaves_nothing_behind_but_the_place(places):
    """The item may have expired since it was read."""
    assert places.take_over("a.k.1", "3cy", {"1ada"}, 2)
    assert places.holders("a.k.1") == ["3cy"]
    assert places.holders("a.k.2") == []


def test_letting_go_where_nobody_holds_a_place_leaves_no_item(places, table):
    """It would have no end."""
    places._let_go("a.k.1", {"1ada"})

    assert table.items() == {}


def test_an_item_of_places_expires(places, table):
    """Nothing that counts stays for ever."""
    take(places, "1ada")

    assert START < float(table.items()[KEY]["expires_at"]["N"]) <= START + 3 * 3600


def test_holders_sort_by_since_when_they_have_been_alone():
    """When the socket was opened, or when the last conversation ended; and the id is found again."""
    opened = Connection("Zoe=", "zoe", newcomer_since=START)
    talked = Connection(
        "Ada=", "ada", newcomer_since=START - 60, meetings=(Meeting("bo", 5.0), Meeting("cy", START + 1))
    )
    holders = [holder_of(opened), holder_of(talked)]

    assert holders == sorted(holders)
    assert since_of(holders[0]) < since_of(holders[1])
    assert [connection_id_of(each) for each in holders] == ["Zoe=", "Ada="]


def test_two_hundred_places_cost_few_write_units(places, table):
    """Each entry of a busy address writes the whole item: five kilobytes."""
    for number in range(200):
        take(places, holder_of(Connection(f"UJ2kXcWqFiACHe{number:03}=", "x", newcomer_since=START)), most=200)

    held = table.items()[KEY]["holders"]["SS"]
    assert len(held) == 200
    assert sum(len(each) + 1 for each in held) < 5.5 * 1024
