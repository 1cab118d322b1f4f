"""docs/metrics.md, from the table of numbers."""

from __future__ import annotations

import textwrap

from functions.chat.runtime.metrics import BY_NAME, METRICS
from infra import prices


def document() -> str:
    """Return docs/metrics.md."""
    return "\n".join([*_introduction(), *table(), ""])


def table() -> list[str]:
    rows = [f"| `{metric.name}`{_kinds(metric.kinds)} | {metric.unit} | {metric.meaning} |" for metric in METRICS]
    return ["| name | unit | meaning |", "|---|---|---|", *rows]


def month() -> float:
    """Return the dollars of a month in which every number happens in every hour."""
    return max(0, len(BY_NAME) - prices.FREE_METRICS) * prices.METRIC_MONTH


def _introduction() -> list[str]:
    names, free, each = len(BY_NAME), prices.FREE_METRICS, prices.METRIC_MONTH
    what = (
        "The numbers that handlers report, as CloudWatch embedded metrics: a log line at the end of an invocation, and "
        "no call. The namespace is the stack's name, and the one dimension is `service` = `passerby`. `make documents` "
        "writes this page from functions/chat/runtime/metrics.py, where a new number goes."
    )
    cost = (
        f"CloudWatch charges for a name in the hours in which it happens. {names} names are ${month():.2f} a month "
        f"where every one of them happens in every hour: {free} are free, and each other one is ${each:.2f} (prices of "
        f"{prices.READ_ON}). An empty site pays nothing."
    )
    kinds = "A name with kinds stands for one number for each, such as `Rooms_skipped`."
    filled = [line for text in (what, cost, kinds) for line in (*textwrap.wrap(text, 120), "")]
    return ["# Metrics", "", *filled]


def _kinds(kinds: tuple[str, ...]) -> str:
    return "" if not kinds else ": " + ", ".join(f"`{kind}`" for kind in kinds)
