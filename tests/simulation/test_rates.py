"""The costs and waits of pairing, in virtual time; `python -m tests.simulation.rates` prints the table."""

from __future__ import annotations

import pytest

from tests.simulation.rates import Outcome, apart, burst, percentile, sustained

# Seconds: a run's first arrivals find an empty lobby, and its last ones nobody behind them, so neither may weigh much.
QUICK_SECONDS = {10: 30.0, 500: 1.5, 2000: 0.4}
LONG_SECONDS = 10.0
MINUTES = 60
# A start, a look, an entry, a look, a transaction and two posts, each as slow as they come.
QUERY_MILLISECONDS = 7
TWO_ALONE_MILLISECONDS = 15 + 5 + QUERY_MILLISECONDS + 7 + 8 + QUERY_MILLISECONDS + 20 + 15 + 15


def test_a_thousand_who_join_at_once_are_all_paired_within_half_a_second() -> None:
    """Exactly 500 pairs, nobody left, and nowhere near one claim for every rival."""
    outcome = burst(1000, limits=False)

    assert (outcome.pairs, outcome.stranded, outcome.mispaired) == (500, 0, 0)
    assert outcome.transactions_per_pair <= 1.5
    assert percentile(outcome.told, 50) <= 100
    assert percentile(outcome.told, 99) <= 300


def test_a_crowd_is_paired_as_fast_on_eight_shards_with_every_partition_at_its_limit() -> None:
    """Shards change where people wait, and no promise."""
    outcome = burst(500, 8)

    assert outcome.is_whole
    assert outcome.transactions_per_pair <= 2.5
    assert percentile(outcome.told, 50) <= 150
    assert percentile(outcome.told, 99) <= 450


def test_a_crowd_that_one_partition_cannot_carry_is_late_and_whole() -> None:
    """A throttled partition costs time; nobody is stranded or paired twice."""
    outcome = burst(700)

    assert outcome.throttled > 0
    assert outcome.is_whole


@pytest.mark.parametrize("rate", [500, 2000])
def test_a_sustained_rate_costs_little_more_than_one_transaction_a_pair(rate: int) -> None:
    """The neighbours agree without a word, and the wait does not grow with the rate."""
    outcome = sustained(rate, QUICK_SECONDS[rate], limits=False)

    check_sustained(outcome)


def test_the_cost_of_a_pair_is_the_same_at_ten_and_at_five_thousand_a_second() -> None:
    """With the limits of every partition, and as many of them as such a rate needs."""
    few, many = sustained(10, QUICK_SECONDS[10]), sustained(5000, 0.2, 16)

    assert few.is_whole
    assert many.is_whole
    assert many.throttled == 0
    assert max(few.transactions_per_pair, many.transactions_per_pair) <= 2.5
    assert percentile(many.told, 50) <= 120


def test_one_interest_that_half_of_the_people_have_strands_nobody() -> None:
    """Its lobby is one partition; a waiter who finds nobody there for a while takes anybody."""
    outcome = sustained(500, 0.5, 2, hot_share=0.5)

    assert outcome.is_whole
    assert outcome.transactions_per_pair <= 1.6
    assert percentile(outcome.told, 50) <= 100


def test_a_hot_interest_beyond_its_partition_is_late_and_whole() -> None:
    """A thousand a second have it, which is twice what a partition carries."""
    outcome = sustained(2000, 0.4, 8, hot_share=0.5)

    assert outcome.is_whole
    assert percentile(outcome.told, 50) <= 150


@pytest.mark.parametrize("seed", [0, 1])
def test_a_shard_that_refuses_everything_keeps_nobody_from_meeting(seed: int) -> None:
    """Half of the lobby is gone: a search passes it over, and whose ticket cannot be shown there draws another."""
    outcome = sustained(500, 0.3, 2, lost_shards=1, seed=seed)

    assert outcome.is_whole
    assert percentile(outcome.told, 50) <= 2000
    assert outcome.told[-1] <= 6_000


@pytest.mark.parametrize("shards", [1, 8])
def test_two_strangers_in_an_empty_lobby_meet_at_once_with_one_transaction(shards: int) -> None:
    """However far apart they arrive: no pause that a crowd needs is spent on two."""
    for gap_milliseconds in (*range(0, 60, 3), 80, 120, 300, 1000):
        outcome = apart(gap_milliseconds / 1000, shards, seed=gap_milliseconds)

        assert outcome.is_whole
        assert outcome.transactions_per_pair == 1
        # The later one's own handler, from frame to event, with every partition to look into twice.
        assert outcome.told[-1] <= gap_milliseconds + TWO_ALONE_MILLISECONDS + 2 * QUERY_MILLISECONDS * (shards - 1)


@pytest.mark.long
@pytest.mark.timeout(30 * MINUTES)
@pytest.mark.parametrize("rate", [500, 2000])
def test_a_rate_that_lasts_stays_fair(rate: int) -> None:
    """For ten seconds."""
    check_sustained(sustained(rate, LONG_SECONDS, limits=False))


@pytest.mark.long
@pytest.mark.timeout(30 * MINUTES)
def test_five_thousand_a_second_cost_no_more_each() -> None:
    """For four seconds, which is 20,000 people."""
    outcome = sustained(5000, 4, 16)

    assert outcome.is_whole
    assert outcome.transactions_per_pair <= 2.5
    assert outcome.overtaken_longest <= 2000


def check_sustained(outcome: Outcome) -> None:
    """Cheap, quick and fair."""
    median = percentile(outcome.paired, 50)

    assert outcome.is_whole
    assert outcome.transactions_per_pair <= 1.6
    assert median <= 50
    assert percentile(outcome.told, 50) <= 60
    assert percentile(outcome.told, 99.9) <= 10 * median
    assert outcome.overtaken_longest <= 2000
