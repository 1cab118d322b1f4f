"""`python -m infra.reports.attack`: the worst bill of an hour of attack, and what bounds it.

An attacker meets limits one after another: those of a connection, a device and an address
(functions/chat/model/rates.py), the throttles of the stage (functions/routes.py), and the quotas of the account. An
attacker with very many addresses meets only the last two, so these bound the bill; free tiers are left out, as a busy
site has used them up. A budget (infra/stack/budget.py) ends an attack that goes on for days.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace

from functions.chat.model.rates import FLOOD, FRAMES_OF_REFUSED
from functions.routes import BY_KEY, ROUTES, Route
from infra import prices
from infra.options import presets
from infra.options.options import Options
from infra.reports import costs, usage
from infra.reports.costs import MEETING, PING, RELAYED, VISIT, Work

SECONDS = 3600
FLOODED_PER_SECOND = 500
PERCENT = 100

# Quotas of an account that nobody has raised (docs: "Quotas for configuring and running a WebSocket API"). Frames that
# come in and posts to sockets share the first one.
ACCOUNT_REQUESTS_PER_SECOND = 10_000
ACCOUNT_CONNECTIONS_PER_SECOND = 500

# A frame for a room that is not the sender's, or none at all: one read, one answer.
REFUSED = Work(messages=2, invocations=1, milliseconds=10, reads=1, sent_bytes=120)
# A report that is sent again: read, blocked, answered; as many lines as a frame holds (26 KB) are verified, and those
# that were kept are read.
REPEATED = Work(messages=4, invocations=1, milliseconds=180, reads=14, writes=9, log_bytes=400, sent_bytes=400)
# The first one of a person in a room is kept and listed as well, and its lines are sealed: together 30 ms of a whole
# processor, of which Lambda lends a third.
REPORTED = Work(messages=4, invocations=1, milliseconds=230, reads=6, writes=35, log_bytes=800, sent_bytes=400)
# The data of a device is erased: its history is read, ten reports are taken back and forgotten with their evidence. To
# show it costs less: a hundred cases are read, and nothing is written.
OWNED = Work(messages=2, invocations=1, milliseconds=60, reads=12, writes=32, log_bytes=150, sent_bytes=30_000)

# A complaint is kept, and listed twice; its address is counted before.
COMPLAINED = Work(messages=2, invocations=1, milliseconds=25, reads=1, writes=6, log_bytes=150, sent_bytes=200)

# By the name in a route's row.
WORK: Mapping[str, Work] = {
    "nothing": Work(), "visit": VISIT, "refusal": REFUSED, "ping": PING, "meeting": MEETING, "relay": RELAYED,
    "report": REPORTED, "mine": OWNED, "complaint": COMPLAINED,
}  # fmt: skip
# The largest relayed frame of each kind, in bytes (functions/chat/protocol/fields.py, with names and marks around it).
LARGEST_BYTES: Mapping[str, int] = {"message": 11_000, "signal": 24_700}


@dataclass(frozen=True, slots=True)
class Attack:
    """An attack, the limit that stops it, and the dollars that an hour of it costs."""

    what: str
    bound: str
    dollars: float


def dollars(work: Work) -> float:
    """Return the price of one event, free tiers left out."""
    return costs.dollars(work) + work.sent_bytes / 1e9 * prices.SOCKET_GIGABYTE


def work_of(route: Route) -> Work:
    """Return what one call of a route costs at most, with its largest frame."""
    work = WORK[route.work]
    return replace(work, sent_bytes=max(work.sent_bytes, LARGEST_BYTES.get(route.key, 0)))


def worst_hour(percent: int = PERCENT) -> float:
    """Return the most that the stage lets anybody spend in an hour, at a share of the routes' throttles.

    The requests of the account go first to what costs most for each of them.
    """
    left = float(ACCOUNT_REQUESTS_PER_SECOND)
    total = 0.0
    for price, requests, most in sorted(_offers(percent), reverse=True):
        number = min(most, left / requests)
        left -= number * requests
        total += number * price * requests
    return total * SECONDS


def sent_on_and_on(route: Route) -> float:
    """Return how many frames a second of a route one socket may send for ever without being cut off."""
    assert route.rate is not None, f"the gateway answers {route.key} by itself"
    refused = (FLOOD.per_second - route.rate.per_second) / FRAMES_OF_REFUSED
    return route.rate.per_second + refused


def sockets_that_close(route: Route, percent: int) -> int:
    """Return how many sockets that are not cut off leave nothing of a route to others."""
    return math.ceil(route.throttle.at(percent)[0] / sent_on_and_on(route))


def attacks() -> list[Attack]:
    """Return the table's rows."""
    floods = SECONDS * FLOODED_PER_SECOND / FLOOD.burst
    honest = sum(route.rate.per_second * dollars(work_of(route)) for route in ROUTES if route.rate)
    connects = min(ACCOUNT_CONNECTIONS_PER_SECOND, BY_KEY["$connect"].throttle.rate_per_second)
    everything = "Everything at once, from any number of addresses"
    return [
        Attack(
            f"One address sends {FLOODED_PER_SECOND} frames a second, each time as a newcomer",
            f"cut off after {FLOOD.burst:,.0f} frames at most; only its device is locked out",
            floods * (FLOOD.burst * dollars(work_of(BY_KEY["signal"])) + dollars(VISIT)),
        ),
        Attack("One socket does as much of everything as is let through", "rates of its frames", honest * SECONDS),
        Attack("A hundred such sockets", "rates of each one's frames", 100 * honest * SECONDS),
        Attack(
            "Sockets are opened as fast as the account allows",
            f"{ACCOUNT_CONNECTIONS_PER_SECOND} a second",
            connects * dollars(VISIT) * SECONDS,
        ),
        Attack(everything, "throttles and quotas", worst_hour()),
    ]


def table() -> list[str]:
    """Return the lines of the table in Markdown."""
    lines = ["| an hour of | what bounds it | dollars |", "|---|---|---:|"]
    return [*lines, *(f"| {each.what} | {each.bound} | {each.dollars:.2f} |" for each in attacks())]


def lockouts() -> list[str]:
    """Return for each preset, in Markdown, the options that it sets and the price of an attack on it."""
    shown = ("join", "message", "report")
    heads = ["preset", "for", "sets", "worst hour", "budget lasts", *(f"sockets that close `{key}`" for key in shown)]
    lines = [
        f"| {' | '.join(heads)} |",
        f"|---|---|---|---:|---:|{'---:|' * len(shown)}",
    ]
    for preset in presets.TABLE:
        options = Options(**preset.sets)
        sockets = [sockets_that_close(BY_KEY[key], options.throttle_percent) for key in shown]
        sets = ", ".join(f"`{key}` = {str(value).lower()}" for key, value in preset.sets.items()) or "nothing"
        hours = budget_hours(options)
        lasts = f"{hours:.0f} hours" if hours else "no budget"
        dollars_an_hour = f"${worst_hour(options.throttle_percent):.2f}"
        counts = " | ".join(map(str, sockets))
        lines.append(f"| `{preset.name}` | {preset.meaning} | {sets} | {dollars_an_hour} | {lasts} | {counts} |")
    return lines


def budget_hours(options: Options) -> float:
    """Return after how many hours of the worst a month's budget is gone; 0 where there is none."""
    return options.monthly_budget_usd / worst_hour(options.throttle_percent)


def _offers(percent: int) -> list[tuple[float, float, float]]:
    """Return for each route the price of one request, the requests of one event, and the most events a second."""
    offers = []
    for route in ROUTES:
        work, most = work_of(route), float(route.throttle.at(percent)[0])
        if route.key == "$connect":
            most = min(most, ACCOUNT_CONNECTIONS_PER_SECOND)
        if route.work == "report":
            # A person reports a room once: there are no more first reports than people who come into a room.
            first = min(most, _brought_into_rooms(percent))
            offers.append(_offer(REPEATED, most - first))
            most = first
        offers.append(_offer(work, most))
    return offers


def _offer(work: Work, most: float) -> tuple[float, float, float]:
    requests = max(work.messages, 1.0)
    return dollars(work) / requests, requests, most


def _brought_into_rooms(percent: int) -> float:
    """Return how many people a second may come into rooms: every search brings at most two."""
    searches = [route for route in ROUTES if WORK[route.work] is MEETING]
    return sum(2.0 * route.throttle.at(percent)[0] for route in searches)


def main() -> None:
    source = f"Prices of {prices.REGION}, read in {prices.READ_ON}; free tiers left out."
    sys.stdout.write("\n".join([*table(), "", *lockouts(), "", source]) + "\n")


if __name__ == "__main__":
    usage.take_no_arguments("infra.reports.attack", __doc__)
    main()
