"""`python -m tests.simulation.rates`: what pairing costs and how long people wait, in bursts and at sustained rates."""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from tests.simulation.quiet import quiet
from tests.simulation.traffic import Traffic, Visitor

BURST_SECONDS = 0.001
SETTLING_SECONDS = 30.0


@dataclass(frozen=True)
class Outcome:
    """The results of a run; times in milliseconds since the frame was sent.

    `paired` is when the transaction commits, `told` when the event has arrived: two posts later for the joiner.
    """

    people: int
    pairs: int
    stranded: int
    mispaired: int
    transactions_per_pair: float
    throttled: int
    paired: list[float]
    told: list[float]
    overtaken_longest: float

    @property
    def is_whole(self) -> bool:
        """Whether everybody is in exactly one room of two, and knows it."""
        return self.stranded == self.mispaired == 0 and self.pairs * 2 == self.people


def burst(people: int, queue_shards: int = 1, *, limits: bool = True, seed: int = 0) -> Outcome:
    """Let everybody join within a millisecond."""
    chance = random.Random(f"burst {seed}")
    joins = [chance.uniform(0, BURST_SECONDS) for _ in range(people)]
    return outcome_of(joins, Traffic(queue_shards, seed, limits))


def sustained(
    rate: float,
    seconds: float,
    queue_shards: int = 1,
    *,
    limits: bool = True,
    hot_share: float = 0.0,
    lost_shards: int = 0,
    seed: int = 0,
) -> Outcome:
    """Let people join independently of one another, `rate` a second: their intervals are exponential.

    Unlucky ones have one interest, as large a share of them as `hot_share`, or shards that refuse every request.
    """
    lost = frozenset(f"queue#text#*#{shard}" for shard in range(lost_shards))
    chance, joins = random.Random(f"sustained {seed}"), [0.0]
    while joins[-1] < seconds:
        joins.append(joins[-1] + chance.expovariate(rate))
    traffic = Traffic(queue_shards, seed, limits, hot_share=hot_share, lost_partitions=lost)
    # An even number, so that somebody who waits at the end was not simply the last one.
    return outcome_of(joins[: len(joins) // 2 * 2], traffic)


def apart(gap_seconds: float, queue_shards: int = 1, seed: int = 0) -> Outcome:
    """Let two strangers join an empty lobby, one after the other."""
    return outcome_of([0.0, gap_seconds], Traffic(queue_shards, seed))


def outcome_of(joins: list[float], traffic: Traffic) -> Outcome:
    """Run the joins and add up."""
    traffic.run(sorted(joins), max(joins) + SETTLING_SECONDS)
    visitors = sorted(traffic.visitors.values(), key=lambda visitor: visitor.joined_at)
    rooms = Counter(room for visitor in visitors for room in set(visitor.rooms))
    pairs = sum(count == 2 for count in rooms.values())
    return Outcome(
        people=len(visitors),
        pairs=pairs,
        stranded=sum(visitor.told_at is None for visitor in visitors),
        mispaired=sum(len(set(visitor.rooms)) > 1 for visitor in visitors) + len(rooms) - pairs,
        transactions_per_pair=traffic.calls["TransactWriteItems"] / max(1, pairs),
        throttled=traffic.refused["throttled"],
        paired=waits(visitors, lambda visitor: visitor.paired_at),
        told=waits(visitors, lambda visitor: visitor.told_at),
        overtaken_longest=longest_overtaking(visitors),
    )


def waits(visitors: list[Visitor], moment: Callable[[Visitor], float | None]) -> list[float]:
    """Return how long each waited, the shortest first."""
    return sorted(((moment(visitor) or float("inf")) - visitor.joined_at) * 1000 for visitor in visitors)


def longest_overtaking(visitors: list[Visitor]) -> float:
    """Return for how long somebody waited after the first who came later had been told."""
    longest, earliest = 0.0, float("inf")
    for visitor in reversed(visitors):
        told_at = visitor.told_at or float("inf")
        longest = max(longest, told_at - earliest)
        earliest = min(earliest, told_at)
    return longest * 1000


def percentile(values: list[float], percent: float) -> float:
    """Return the value below which so many percent of sorted values lie."""
    return values[min(len(values) - 1, int(len(values) * percent / 100))]


RUNS: tuple[tuple[str, Callable[[], Outcome]], ...] = (
    ("2 at once, 1 shard", lambda: burst(2)),
    ("2 at once, 8 shards", lambda: burst(2, 8)),
    ("1,000 at once, 1 shard, no limits", lambda: burst(1000, limits=False)),
    ("1,000 at once, 1 shard", lambda: burst(1000)),
    ("1,000 at once, 2 shards", lambda: burst(1000, 2)),
    ("1,000 at once, 8 shards", lambda: burst(1000, 8)),
    ("10 a second, 1 shard", lambda: sustained(10, 60)),
    ("50 a second, 1 shard", lambda: sustained(50, 20)),
    ("400 a second, 1 shard", lambda: sustained(400, 10)),
    ("500 a second, 1 shard, no limits", lambda: sustained(500, 10, limits=False)),
    ("500 a second, 1 shard", lambda: sustained(500, 10)),
    ("500 a second, 8 shards", lambda: sustained(500, 10, 8)),
    ("2,000 a second, 1 shard, no limits", lambda: sustained(2000, 10, limits=False)),
    ("2,000 a second, 8 shards", lambda: sustained(2000, 10, 8)),
    ("5,000 a second, 16 shards", lambda: sustained(5000, 4, 16)),
    ("5,000 a second, 20 shards, half have one interest", lambda: sustained(5000, 1, 20, hot_share=0.5)),
    ("500 a second, 2 shards, half have one interest", lambda: sustained(500, 5, 2, hot_share=0.5)),
    ("5,000 a second, 20 shards, one refuses everything", lambda: sustained(5000, 1, 20, lost_shards=1)),
    ("500 a second, 2 shards, one refuses everything", lambda: sustained(500, 5, 2, lost_shards=1)),
)
COLUMNS = (
    "joins",
    "pairs",
    "nobody left",
    "transactions a pair",
    "paired p50",
    "told p50",
    "p99",
    "p99.9",
    "overtaken at most",
    "throttled",
)


def row(name: str, outcome: Outcome) -> str:
    """Return a run as a line of the table."""
    told = [f"{percentile(outcome.told, percent):.0f}" for percent in (50, 99, 99.9)]
    paired = f"{percentile(outcome.paired, 50):.0f}"
    nobody_left = "yes" if outcome.is_whole else f"{outcome.stranded} left"
    cost = f"{outcome.transactions_per_pair:.2f}"
    cells = [name, f"{outcome.pairs:,}", nobody_left, cost, paired, *told, f"{outcome.overtaken_longest:.0f}"]
    return f"| {' | '.join([*cells, f'{outcome.throttled:,}'])} |"


def main() -> None:
    """Print the table; times in milliseconds."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.rates", description=main.__doc__)
    parser.add_argument("--only", default="", help="runs with this in their name")
    only = parser.parse_args().only
    print(f"| {' | '.join(COLUMNS)} |")
    print(f"|{'---|' * len(COLUMNS)}")
    with quiet():
        for name, run in (each for each in RUNS if only in each[0]):
            print(row(name, run()), flush=True)


if __name__ == "__main__":
    main()
