"""`python -m infra.reports.costs`: the costs of a month, idle and with so many people at once, by service.

Habits are assumptions, stated here and printed with the result; prices are in infra/prices.py. Traffic of a relay is
not in it: it depends on the provider (docs/video.md).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from functions.chat.runtime.metrics import BY_NAME
from infra import prices
from infra.reports import usage

HOURS = 730  # of a month
CROWDS = (0, 100, 10_000, 100_000)


@dataclass(frozen=True, slots=True)
class Work:
    """The work of one event on AWS; milliseconds at the 512 MB of a Lambda."""

    messages: float = 0
    milliseconds: float = 0
    invocations: float = 0
    reads: float = 0
    writes: float = 0
    log_bytes: float = 0
    sent_bytes: float = 0


# A frame for the peer: in and out; 7 ms of processor and two calls nearby; one consistent read.
RELAYED = Work(messages=2, invocations=1, milliseconds=20, reads=1, log_bytes=0, sent_bytes=300)

# The gateway answers by itself.
PING = Work(messages=2, sent_bytes=20)

# Meeting somebody and leaving them, for each of the two: half of a skip, a search, a transaction, and the events to
# both.
MEETING = Work(messages=3, invocations=1.5, milliseconds=120, reads=8, writes=10, log_bytes=900, sent_bytes=1500)

# Opening and closing a socket, with its checks and its place among those who are counted; the delay queue only for
# sockets that break.
VISIT = Work(invocations=2, milliseconds=120, reads=4, writes=8, log_bytes=1200)

# The habits of a person in an hour, half of the people by text and half by video: assumptions, measured on no site.
HABITS: Mapping[str, tuple[float, Work]] = {
    "lines": (60, RELAYED),
    "typing and acknowledgements": (20, RELAYED),
    "signs of life where nobody writes": (50, RELAYED),
    "signals of calls": (8, RELAYED),
    "meetings": (12, MEETING),
    "visits": (3, VISIT),
}

# The work of a scheduled trial of the site (smoke_minutes): two rooms of two, a line, a sign of life. Its own Lambda
# has half the memory of a handler and mostly waits.
TRIAL: tuple[tuple[float, Work], ...] = (
    (5, VISIT),
    (4, MEETING),
    (1, RELAYED),
    (1, PING),
    (1, Work(invocations=1, milliseconds=2000, log_bytes=400)),
)
PAGE_BYTES = 100_000  # compressed, of a visit whose browser kept nothing
METRICS = len(BY_NAME)  # names that the handlers report, in every hour in which they happen
LAMBDA_GIGABYTES = 0.5


def month(people: int) -> dict[str, float]:
    """Return the dollars of a month with so many people there around the clock, by service."""
    hours = people * HOURS

    def total(field: str) -> float:
        return hours * sum(number * float(getattr(work, field)) for number, work in HABITS.values())

    visits = hours * HABITS["visits"][0]
    seconds = total("milliseconds") / 1000
    return {
        "API Gateway: messages": _messages(total("messages")),
        "API Gateway: connections": hours * 60 * prices.CONNECTION_MINUTE,
        "Lambda": _over(total("invocations"), prices.FREE_INVOCATIONS) * prices.INVOCATION
        + _over(seconds * LAMBDA_GIGABYTES, prices.FREE_GIGABYTE_SECONDS) * prices.GIGABYTE_SECOND,
        "DynamoDB": total("reads") * prices.READ_UNIT + total("writes") * prices.WRITE_UNIT,
        "CloudWatch": _over(total("log_bytes") / 1e9, prices.FREE_LOG_GIGABYTES) * prices.LOG_GIGABYTE
        + (_over(METRICS, prices.FREE_METRICS) * prices.METRIC_MONTH if people else 0),
        "Traffic": _over(total("sent_bytes") / 1e9, prices.FREE_SOCKET_GIGABYTES) * prices.SOCKET_GIGABYTE
        + _over(visits * PAGE_BYTES / 1e9, prices.FREE_PAGE_GIGABYTES) * prices.PAGE_GIGABYTE,
    }


def dollars(work: Work) -> float:
    """Return the price of one event but for its traffic, free tiers left out."""
    return (
        work.messages * prices.MESSAGE
        + work.invocations * prices.INVOCATION
        + work.milliseconds / 1000 * LAMBDA_GIGABYTES * prices.GIGABYTE_SECOND
        + work.reads * prices.READ_UNIT
        + work.writes * prices.WRITE_UNIT
        + work.log_bytes / 1e9 * prices.LOG_GIGABYTE
    )


def trials_month(minutes: int) -> float:
    """Return the dollars of a month with a trial every so many minutes, as if nothing of it were free."""
    once = sum(number * dollars(work) for number, work in TRIAL) + TRIAL[0][0] * prices.CONNECTION_MINUTE
    return once * HOURS * 60 / minutes + prices.METRIC_MONTH


def table() -> list[str]:
    """Return the lines of the table in Markdown."""
    months = [month(people) for people in CROWDS]
    heads = ["idle" if people == 0 else f"{people:,} people" for people in CROWDS]
    lines = [f"| a month in dollars | {' | '.join(heads)} |", f"|---|{'---:|' * len(CROWDS)}"]
    lines += [f"| {name} | {' | '.join(_dollars(each[name]) for each in months)} |" for name in months[0]]
    totals = [sum(each.values()) for each in months]
    each_hour = [
        "" if people == 0 else f"{total / people / HOURS:.5f}" for people, total in zip(CROWDS, totals, strict=True)
    ]
    return [
        *lines,
        f"| **together** | {' | '.join(f'**{_dollars(total)}**' for total in totals)} |",
        f"| for one person's hour | {' | '.join(each_hour)} |",
    ]


def assumptions() -> list[str]:
    """Return the sentences that belong to the table."""
    often, seldom = (f"{trials_month(minutes):.2f}" for minutes in (5, 60))
    habits = ", ".join(f"{number:g} {name}" for name, (number, _) in HABITS.items())
    return [
        f"Prices of {prices.REGION}, read in {prices.READ_ON}. People are there around the clock, on average.",
        f"In an hour each has {habits}.",
        f"A trial of the site every 5 minutes (smoke_minutes) adds ${often}, every 60 ${seldom}.",
    ]


def main() -> None:
    sys.stdout.write("\n".join([*table(), "", *assumptions()]) + "\n")


def _messages(number: float) -> float:
    billion = 1e9
    return min(number, billion) * prices.MESSAGE + _over(number, billion) * prices.MESSAGE_OVER_A_BILLION


def _over(number: float, free: float) -> float:
    return max(0.0, number - free)


def _dollars(amount: float) -> str:
    return f"{amount:,.2f}" if amount < 1000 else f"{amount:,.0f}"


if __name__ == "__main__":
    usage.take_no_arguments("infra.reports.costs", __doc__)
    main()
