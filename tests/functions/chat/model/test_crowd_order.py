"""The pairs of tickets in a crowd."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from functions.chat.model import crowd_order
from functions.chat.model.crowd_order import Suits


def partner(own: str, others: Iterable[str], suits: Suits = lambda _one, _other: True) -> str | None:
    return crowd_order.partner(own, others, suits)


def crowd(number: int, seed: int = 0) -> list[str]:
    chance = random.Random(seed)
    return sorted(f"{chance.getrandbits(64):016x}" for _ in range(number))


def test_two_go_with_each_other():
    """The second ticket finds the first."""
    assert (partner("2", ["1"]), partner("1", ["2"])) == ("1", "2")


def test_a_ticket_that_is_alone_goes_with_nobody():
    assert partner("1", []) is None


@pytest.mark.parametrize("number", [2, 3, 10, 101])
def test_everybody_who_sees_the_same_agrees(number):
    """If one goes with another, the other goes with the one; so no two run for the same."""
    for seed in range(20):
        tickets = crowd(number, seed)
        chosen = {each: partner(each, tickets) for each in tickets}

        assert all(other is None or chosen[other] == each for each, other in chosen.items())


def test_most_of_a_crowd_has_a_partner():
    """A ticket without a partner gets one a moment later, when the others are gone."""
    tickets = crowd(1000)
    alone = [each for each in tickets if partner(each, tickets) is None]

    assert len(alone) < 200


@pytest.mark.parametrize("seed", range(10))
def test_newer_tickets_change_nothing_for_who_claims(seed):
    """Not everybody sees the newest arrivals yet: a seeker claims an older ticket with or without them."""
    tickets = crowd(40, seed)
    for place, own in enumerate(tickets):
        with_all, without = partner(own, tickets), partner(own, tickets[:place])
        older = {each for each in (with_all, without) if each is not None and each < own}

        assert len(older) <= 1
        assert with_all == without or not older


@pytest.mark.parametrize("seed", range(10))
def test_a_few_neighbours_are_enough_to_know(seed):
    """A piece is short, so a seeker that reads the 15 tickets before its own claims as if it had read all."""
    tickets = crowd(200, seed)
    claims = {own: partner(own, tickets[:place]) for place, own in enumerate(tickets)}
    seen = {own: partner(own, tickets[max(0, place - 15) : place]) for place, own in enumerate(tickets)}

    assert sum(claims[own] != seen[own] for own in tickets) <= 2


def test_somebody_who_leaves_changes_only_their_own_piece():
    """Nobody else has to think again."""
    tickets = crowd(300)
    gone = tickets[150]
    before = {each: partner(each, tickets) for each in tickets}
    after = {each: partner(each, [other for other in tickets if other != gone]) for each in tickets if each != gone}
    changed = [tickets.index(each) for each in after if after[each] != before[each]]

    assert all(abs(place - 150) < 10 for place in changed)


def test_two_who_just_parted_each_go_with_a_newcomer():
    """A ticket that waited longer comes first: the newcomers do not go with each other."""
    parted = {"1", "2"}
    order = ["1", "2", "3", "4"]

    chosen = {own: partner(own, order, lambda one, other: {one, other} != parted) for own in order}

    assert chosen == {"1": "3", "3": "1", "2": "4", "4": "2"}


@pytest.mark.parametrize("number", range(2, 9))
def test_of_a_few_nobody_is_left_but_the_odd_one(number):
    """No cut keeps the last two of a few apart."""
    for seed in range(20):
        tickets = crowd(number, seed)

        assert sum(partner(each, tickets) is None for each in tickets) == number % 2
