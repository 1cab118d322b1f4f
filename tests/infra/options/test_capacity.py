"""One number, the people of the busiest second, says how many shards there are and which quota comes near."""

from __future__ import annotations

import pytest

from infra.options import capacity
from infra.options.context import read


@pytest.mark.parametrize(
    ("people", "set_by_hand", "shards"),
    [(0, 1, 1), (0, 4, 4), (250, 1, 1), (251, 1, 2), (5000, 1, 20), (5000, 32, 32), (1_000_000, 1, 64)],
)
def test_there_are_as_many_shards_as_the_people_need_or_as_were_set(people: int, set_by_hand: int, shards: int) -> None:
    """One for each 250 joins of that second, and never more than a search can look into."""
    options = read({"people_at_busiest_second": people, "queue_shards": set_by_hand})

    assert capacity.shards(options) == shards


@pytest.mark.parametrize(
    ("people", "named"),
    [
        (0, []),
        (400, []),
        (401, ["new connections"]),
        (1601, ["new connections", "searches"]),
        (4001, ["new connections", "requests to API Gateway", "write units", "searches"]),
        (16_000, ["new connections", "requests", "Lambdas at once", "write units", "shards", "searches"]),
    ],
)
def test_a_quota_is_named_before_it_is_met(people: int, named: list[str]) -> None:
    """At four fifths of it, with the remedy; nobody is warned of a distant limit."""
    said = list(capacity.warnings(read({"people_at_busiest_second": people})))

    assert len(said) == len(named)
    assert all(name in sentence for name, sentence in zip(named, said, strict=True))


def test_a_warning_says_how_much_is_needed_and_what_to_do() -> None:
    """In one sentence."""
    (first, *_) = capacity.warnings(read({"people_at_busiest_second": 5000}))

    assert first == (
        "people_at_busiest_second = 5,000 needs 5,000 new connections in that second, of 500: "
        "Service Quotas, API Gateway, new connections per second."
    )


def test_the_throttle_of_the_stage_is_a_limit_too() -> None:
    """An operator may have lowered the routes' throttles."""
    options = read({"people_at_busiest_second": 300, "throttle_percent": 10})

    assert any("throttle_percent" in sentence for sentence in capacity.warnings(options))
