"""The needs of the busiest second: shards of the queue, and how near it comes to AWS's quotas. Pure.

Quotas are those of an account that nobody raised (docs.aws.amazon.com: "Quotas for configuring and running a WebSocket
API", "Lambda quotas", "Quotas in Amazon DynamoDB"). The use of a person is that of a pair that comes and meets
(docs/performance.md). Their lines afterwards are spread over minutes, and do not count for that second.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from functions.chat.runtime.settings import SHARDS_MAX
from functions.routes import BY_KEY
from infra.options.options import Options

JOINS_OF_SHARD = 250  # a second; its partition takes 1,000 write units, and a join through it needs two
NEAR = 0.8  # of a quota: AWS takes days to raise one


@dataclass(frozen=True)
class Limit:
    """A quota of a second, the use of one person who comes, and the operator's remedy."""

    name: str
    most: float
    of_person: float
    remedy: str


LIMITS = (
    Limit("new connections", 500, 1, "Service Quotas, API Gateway, new connections per second"),
    Limit("requests to API Gateway", 10_000, 2.5, "Service Quotas, API Gateway, Throttle rate"),
    Limit("Lambdas at once", 1_000, 0.15, "Service Quotas, AWS Lambda, Concurrent executions"),
    Limit("write units of the table", 40_000, 8, "Service Quotas, DynamoDB, table-level write throughput"),
)
SHARDS = Limit("shards of the queue", SHARDS_MAX, 1 / JOINS_OF_SHARD, "run the site once for each part of the world")


def shards(options: Options) -> int:
    """Return over how many partitions the lobby for anyone is spread: as set, or as the people need."""
    needed = math.ceil(options.people_at_busiest_second / JOINS_OF_SHARD)
    return min(SHARDS_MAX, max(options.queue_shards, needed))


def warnings(options: Options) -> Iterator[str]:
    """Yield a sentence for each quota that the busiest second meets, or comes near to."""
    people = options.people_at_busiest_second
    for limit in (*LIMITS, SHARDS, _own_throttle(options)):
        used = people * limit.of_person
        if used > NEAR * limit.most:
            yield (
                f"people_at_busiest_second = {people:,} needs {used:,.0f} {limit.name} in that second, of "
                f"{limit.most:,.0f}: {limit.remedy}."
            )


def _own_throttle(options: Options) -> Limit:
    most = BY_KEY["join"].throttle.rate_per_second * options.throttle_percent / 100
    return Limit("searches", most, 1, "the route's own throttle; raise throttle_percent in cdk.json")
