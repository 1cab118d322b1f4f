"""The purpose of a site, in one word: a row for each preset, with the options that it sets. Pure.

An option that is set beside the preset, in cdk.json, in a site's file or on the command line, wins over its row.
docs/options.md lists this table, with the price of an attack under each (infra/reports/attack.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

NONE = "none"


class Preset(NamedTuple):
    """`meaning` says whose it is. Its budget lasts for more than a day of everything that the throttles let pass."""

    name: str
    meaning: str
    sets: Mapping[str, Any]


_EDGE = {"websocket": "cloudfront", "edge_secret": True, "waf_requests_per_5_minutes": 500}

TABLE: tuple[Preset, ...] = (
    Preset(NONE, "Every option is its own default, or what you set. Nothing ends a bill that grows.", {}),
    Preset("small", "Up to 500 people at once.", {"throttle_percent": 1, "monthly_budget_usd": 370}),
    Preset("open", "Up to 4,000 people at once.", {"throttle_percent": 10, "monthly_budget_usd": 2000}),
    Preset(
        "guarded",
        "The same for a site that is attacked: sockets open through CloudFront alone, where a WAF counts each address.",
        {**_EDGE, "throttle_percent": 10, "monthly_budget_usd": 2000},
    ),
)
BY_NAME: Mapping[str, Preset] = {each.name: each for each in TABLE}
