"""Three sizes of the site on paper: what happens each second, which limit is met first, and what an hour costs.

People do what infra/reports/costs.py assumes. Limits are those of an account that nobody raised (docs.aws.amazon.com:
"Quotas for configuring and running a WebSocket API", "Lambda quotas", "Quotas in Amazon DynamoDB").
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from functions.chat.runtime.settings import SHARDS_MAX
from infra.options.capacity import JOINS_OF_SHARD
from infra.reports import costs
from tests.bench.bill import Tally

CROWDS = (1_000, 100_000, 5_000_000)
SECONDS = 3600


@dataclass(frozen=True)
class Limit:
    """A quota, and whether AWS raises it on request."""

    name: str
    most: float
    can_be_raised: bool = True


REQUESTS = Limit("requests a second (frames and posts)", 10_000)
CONNECTS = Limit("new connections a second", 500)
CONCURRENCY = Limit("Lambdas at once", 1_000)
WRITES = Limit("write units a second of the table", 40_000)
SHARDS = Limit("shards of the queue", SHARDS_MAX, can_be_raised=False)


def use(people: int) -> dict[Limit, float]:
    """Return how much of each limit so many people need."""

    def each_second(field: str) -> float:
        return people / SECONDS * sum(number * float(getattr(work, field)) for number, work in costs.HABITS.values())

    return {
        REQUESTS: each_second("messages"),
        CONNECTS: people * costs.HABITS["visits"][0] / SECONDS,
        CONCURRENCY: sum(
            people / SECONDS * number * work.milliseconds / 1000 for number, work in costs.HABITS.values()
        ),
        WRITES: each_second("writes"),
        SHARDS: math.ceil(_joins(people) / JOINS_OF_SHARD),
    }


def table(ours: Mapping[str, Tally]) -> list[str]:
    """Return the lines of the table in Markdown."""
    rows: dict[str, list[str]] = {
        "pairs a second": [f"{_joins(each) / 2:,.1f}" for each in CROWDS],
        "lines a second": [f"{each * costs.HABITS['lines'][0] / SECONDS:,.0f}" for each in CROWDS],
    }
    for limit in use(0):
        cells = [(use(each)[limit], use(each)[limit] / limit.most) for each in CROWDS]
        rows[f"{limit.name}, of {limit.most:,.0f}"] = [f"{used:,.0f} ({share:.0%})" for used, share in cells]
    rows["met first"] = [_first(each) for each in CROWDS]
    rows["dollars an hour"] = [f"{sum(costs.month(each).values()) / costs.HOURS:,.2f}" for each in CROWDS]
    pair = ours["two people come and meet"].dollars * 1e6
    rows["dollars of a million pairs, without those limits"] = [f"{pair:,.2f}"] * len(CROWDS)
    heads = " | ".join(f"{each:,} people" for each in CROWDS)
    return [
        f"| at once | {heads} |",
        f"|---|{'---:|' * len(CROWDS)}",
        *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items()),
    ]


def notes() -> list[str]:
    """Return the sentences that belong to the table."""
    return [
        "A limit above 100 % has to be raised first. Each is one account's in one Region, and people of two Regions",
        "do not meet: beyond what AWS raises, and beyond the shards, the site is run once for each part of the world.",
    ]


def _joins(people: int) -> float:
    """Return the searches a second: each of two who meet has one."""
    return people * costs.HABITS["meetings"][0] / SECONDS


def _first(people: int) -> str:
    limit, used = max(use(people).items(), key=lambda each: each[1] / each[0].most)
    return limit.name if used > limit.most else f"none; nearest: {limit.name}"
