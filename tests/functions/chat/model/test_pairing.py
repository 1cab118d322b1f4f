"""The rules of pairing: which two may meet, and which ticket is claimed first; each example read from both sides."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from functions.chat.model.pairing import LOBBY_FOR_ANYONE, choose, lobbies, may_meet, rank
from functions.chat.model.people import Meeting, Ticket, Wish

SHORT_QUEUE_MAX = 4

NOW = 1_800_000_000.0


def ticket(name: str, /, avoided: str = "", met: dict[str, float] | None = None, **wish: Any) -> Ticket:
    """Return somebody's ticket; `met` says how many seconds ago they parted from whom."""
    meetings = tuple(Meeting(person, NOW - seconds) for person, seconds in (met or {}).items())
    return Ticket(name, f"{name}=", name, Wish(**{"mode": "text", **wish}), meetings, frozenset(avoided.split()))


def ranked(seeker: Ticket, *hints: Ticket, seed: int = 1) -> list[str]:
    ranking = rank(seeker, hints, NOW, random.Random(seed))
    return [each.id for each in ranking.strangers or ranking.met]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish("text"), (LOBBY_FOR_ANYONE,)),
        (Wish("text", widened=True), (LOBBY_FOR_ANYONE,)),
        (Wish("text", ("Café", "Go")), ("=cafe", "=go")),
        (Wish("text", ("Café", "Go"), widened=True), ("=cafe", "=go", LOBBY_FOR_ANYONE)),
        (Wish("text", ("*",)), ("=*",)),
        (Wish("text", ("हिंदी",)), ("=हिंदी",)),
    ],
)
def test_somebody_waits_in_the_lobby_of_each_interest_and_with_anyone_if_they_accept_anyone(wish, expected):
    """No interest can be spelled like the lobby for anyone."""
    assert lobbies(wish) == expected


STRANGERS_MAY_MEET = [
    ({}, {}, True),
    ({"mode": "video"}, {"mode": "video"}, True),
    ({"mode": "text"}, {"mode": "video"}, False),
    ({"interests": ("Go",)}, {"interests": ("GO", "Chess")}, True),
    ({"interests": ("Café",)}, {"interests": ("CAFE\u0301",)}, True),
    ({"interests": ("ガンダム",)}, {"interests": ("ｶﾞﾝﾀﾞﾑ",)}, True),
    ({"interests": ("Straße",)}, {"interests": ("STRASSE",)}, True),
    ({"interests": ("Любовь",)}, {"interests": ("ЛЮБОВЬ",)}, True),
    ({"interests": ("हिंदी",)}, {"interests": ("हदी",)}, False),
    ({"interests": ("か",)}, {"interests": ("が",)}, False),
    ({"interests": ("Go",)}, {"interests": ("Chess",)}, False),
    ({"interests": ("Go",)}, {}, False),
    ({"interests": ("Go",), "widened": True}, {}, True),
    ({"interests": ("Go",), "widened": True}, {"interests": ("Chess",)}, False),
    ({"interests": ("Go",), "widened": True}, {"interests": ("Chess",), "widened": True}, True),
    ({"interests": ("Go",), "widened": True}, {"interests": ("Go",)}, True),
    ({"languages": ("en",)}, {"languages": ("en-GB",)}, True),
    ({"languages": ("en",)}, {"languages": ("de",)}, False),
    ({"languages": ("en",)}, {}, True),
    ({"languages": ("en",), "widened": True}, {"languages": ("de",)}, False),
    ({"languages": ("en",), "widened": True}, {"languages": ("de",), "widened": True}, True),
    ({"languages": ("en",), "interests": ("Go",)}, {"languages": ("de",), "interests": ("Go",)}, False),
    ({"languages": ("en",), "interests": ("Go",)}, {"languages": ("en",), "interests": ("Go",)}, True),
    ({"avoided": "bo"}, {}, False),
    ({"avoided": "cy dee"}, {}, True),
    ({"interests": ("Go",), "widened": True, "avoided": "bo"}, {"interests": ("Go",)}, False),
]


@pytest.mark.parametrize(("one", "other", "expected"), STRANGERS_MAY_MEET)
def test_two_people_may_meet_when_each_accepts_the_other(one, other, expected):
    """Nobody is given a stranger whom they did not ask for, and a reported person is never met again."""
    ada, bo = ticket("ada", **one), ticket("bo", **other)

    assert may_meet(ada, bo) is expected
    assert may_meet(bo, ada) is expected


def test_nobody_meets_themself():
    """Neither by the same socket, nor by a socket that continued it and is somebody's own old hint."""
    own = ticket("ada")

    assert not may_meet(own, own)
    assert ranked(own, own, Ticket("old", "ada=", "ada", Wish("text"))) == []


def test_people_who_may_meet_always_look_where_the_other_waits():
    """Over every pair of some hundred wishes: two people who may meet share a lobby."""
    interests = [(), ("Go",), ("Chess",), ("GO", "Chess"), ("*",)]
    languages = [(), ("en",), ("de",), ("en", "de")]
    wishes = [Wish("text", *each) for each in product(interests, languages, (False, True))]

    for one, other in product(wishes, wishes):
        first, second = Ticket("a", "a", "a", one), Ticket("b", "b", "b", other)
        if may_meet(first, second):
            assert set(lobbies(one)) & set(lobbies(other)), f"{one} and {other} never find each other"


def test_in_a_short_queue_the_oldest_goes_first():
    """Fairness matters where nobody runs for the same one, in any order in which the hints were read."""
    names = [f"{number}" for number in range(SHORT_QUEUE_MAX)]

    for seed in range(5):
        assert ranked(ticket("me"), *map(ticket, reversed(names)), seed=seed) == names


def test_in_a_long_queue_searchers_spread_out():
    """Losers that all ran for the same next one would lose again: everybody is offered, in orders that differ."""
    names = [f"{number:02}" for number in range(50)]
    orders = [ranked(ticket("me"), *map(ticket, names), seed=seed) for seed in range(20)]

    assert all(sorted(order) == names for order in orders)
    assert len({order[0] for order in orders}) > 10


REMATCHES = [
    (60, ["bo", "cy"]),
    (59.9, ["cy"]),
    (10, ["cy"]),
    (0.0, ["cy"]),
]
REMATCHES_ALONE = [
    (60, ["bo"]),
    (10, ["bo"]),
    (9.9, []),
    (0.0, []),
    (-1.0, []),
]


@pytest.mark.parametrize("who_remembers", ["ada", "bo", "both"])
@pytest.mark.parametrize(("seconds", "others"), REMATCHES)
def test_the_same_two_do_not_meet_for_a_minute_when_there_is_somebody_else(seconds, others, who_remembers):
    """It is enough that one of the two remembers."""
    ada = ticket("ada", met={} if who_remembers == "bo" else {"bo": seconds})
    bo = ticket("bo", met={} if who_remembers == "ada" else {"ada": seconds})

    assert ranked(ada, bo, ticket("cy")) == others


@pytest.mark.parametrize("who_remembers", ["ada", "bo"])
@pytest.mark.parametrize(("seconds", "others"), REMATCHES_ALONE)
def test_the_same_two_meet_after_ten_seconds_when_nobody_else_is_there(seconds, others, who_remembers):
    """A machine's clock may be a second behind another's: that is no reason to meet sooner."""
    ada = ticket("ada", met={} if who_remembers == "bo" else {"bo": seconds})
    bo = ticket("bo", met={} if who_remembers == "ada" else {"ada": seconds})

    assert ranked(ada, bo) == others
    assert ranked(ada, bo, ticket("no friend of chess", interests=("Chess",))) == others


def test_of_two_memories_the_later_one_counts():
    """One of the two may have heard of the end late."""
    ada, bo = ticket("ada", met={"bo": 30.0}), ticket("bo", met={"ada": 5.0})

    assert ranked(ada, bo) == ranked(bo, ada) == []


def test_of_people_met_before_the_oldest_ticket_is_tried_first():
    """When nobody else is there the usual order holds among them."""
    ada = ticket("ada", met={"bo": 20.0, "cy": 50.0, "dee": 5.0})

    assert ranked(ada, ticket("cy"), ticket("dee"), ticket("bo")) == ["bo", "cy"]


def test_a_person_who_shares_a_language_comes_before_one_who_does_not():
    """After widening, somebody understood is better than somebody who waited longer."""
    ada = ticket("ada", languages=("en",), widened=True)
    german, english = ticket("1", languages=("de",), widened=True), ticket("2", languages=("en",))

    assert ranked(ada, german, english, ticket("3")) == ["2", "3", "1"]


def test_a_person_who_may_not_be_met_is_not_offered():
    """Other modes, other interests, and people whom either reported."""
    ada = ticket("ada", avoided="1")
    hints = [ticket("1"), ticket("2", avoided="ada"), ticket("3", mode="video"), ticket("4", interests=("Go",))]

    assert ranked(ada, *hints, ticket("5")) == ["5"]


@pytest.mark.parametrize(
    ("arrived", "waits", "patient", "expected"),
    [
        ("", False, True, "1"),
        ("1", False, True, "1"),
        ("1 2", False, True, None),
        ("1 2 3", True, True, "3"),
        ("1 2", True, False, "1"),
    ],
)
def test_in_a_crowd_somebody_waits_first_and_then_goes_with_a_neighbour(arrived, waits, patient, expected):
    """A seeker that sees no crowd claims the oldest at once; so does one that has let others come for long enough."""
    found = [ticket(name) for name in ("1", "2", "3")]
    seeker = ticket("4" if waits else "")
    new = [each for each in found if each.id in arrived.split()]

    chosen = choose(seeker, found, new, NOW, patient=patient)

    assert (chosen and chosen.id) == expected


def test_of_two_neighbours_the_newer_claims():
    """The older lets it come, unless the other's search is over and nobody will come."""
    older, newer = ticket("1"), ticket("2")

    assert choose(newer, [older], [older], NOW, patient=True) == older
    assert choose(older, [newer], [newer], NOW, patient=True) is None
    assert choose(older, [newer], [], NOW, patient=True) == newer


def test_two_newcomers_meet_two_who_just_parted_and_not_each_other():
    """All four are here since a moment; the two who parted may only meet the newcomers."""
    first, second = ticket("1", met={"2": 0.0}), ticket("2", met={"1": 0.0})
    third, fourth = ticket("3"), ticket("4")

    assert choose(third, [first, second, fourth], [first, second, fourth], NOW, patient=True) == first
    assert choose(fourth, [first, second, third], [first, second, third], NOW, patient=True) == second
    assert choose(first, [third, fourth], [third, fourth], NOW, patient=True) is None


# The person that a newcomer is taken for.

HOME, CAFE = "a.k.home.1", "a.k.caferoute.2"


def stalker(**changed: Any) -> Ticket:
    """Return the ticket of somebody who dropped their token and came back over the same network."""
    fields = {"device": "d.new", "address": CAFE, "newcomer_since": NOW - 10, **changed}
    return replace(ticket("eve"), **fields)


def remembering(*meetings: Meeting) -> Ticket:
    return replace(ticket("ada"), address=HOME, device="d.ada", meetings=meetings)


@pytest.mark.parametrize(
    ("changed", "is_stranger"),
    [
        ({}, False),
        ({"newcomer_since": None}, True),
        ({"newcomer_since": NOW - 80}, True),
        ({"newcomer_since": NOW - 70}, False),  # a window that was open already
        ({"address": HOME}, True),
        ({"address": None}, True),
        ({"device": "d.eve", "newcomer_since": None}, False),
    ],
)
def test_the_minute_holds_for_a_device_and_for_newcomers_of_its_network(changed, is_stranger):
    """Across closed sockets: by the token if it is shown, and otherwise by where a new one comes from."""
    ada = remembering(Meeting("d.eve", NOW - 11, CAFE.rpartition(".")[0][-6:]))

    for seeker, hint in ((ada, stalker(**changed)), (stalker(**changed), ada)):
        ranking = rank(seeker, [hint], NOW, random.Random(1))
        assert [bool(ranking.strangers), bool(ranking.met)] == [is_stranger, not is_stranger]


@pytest.mark.parametrize(
    ("avoided", "changed", "meets"),
    [
        ("a.k.caferoute", {}, False),
        ("a.k.caferoute", {"newcomer_since": None}, True),
        ("a.k.caferoute", {"address": HOME}, True),
        (f"a.k.caferoute@{NOW - 20:.0f}", {}, False),
        (f"a.k.caferoute@{NOW - 5:.0f}", {}, True),
        (f"a.k.caferoute@{NOW - 10:.0f}", {}, False),  # in the same second
        (f"a.k.caferoute@{NOW - 20:.0f}", {"newcomer_since": None}, True),
        (f"a.k.home@{NOW - 20:.0f}", {}, True),
    ],
)
def test_newcomers_of_a_reported_ones_network_are_not_met(avoided, changed, meets):
    """Of one's own network only those who came since; a person who talked here on an earlier day is met."""
    ada = replace(remembering(), avoided=frozenset({avoided}))

    assert may_meet(ada, stalker(**changed)) is may_meet(stalker(**changed), ada) is meets


@pytest.mark.parametrize(
    ("ready_at", "address", "meets"), [(NOW, HOME, True), (NOW + 1, HOME, False), (NOW + 1, CAFE, True)]
)
def test_a_newcomer_that_has_to_wait_meets_nobody_of_another_network_before(ready_at, address, meets):
    """Whichever of the two looks; on a campus they meet each other meanwhile."""
    waits, other = stalker(ready_at=ready_at), replace(remembering(), address=address)

    assert bool(rank(waits, [other], NOW, random.Random(1)).strangers) is meets
    assert bool(rank(other, [waits], NOW, random.Random(1)).strangers) is meets
