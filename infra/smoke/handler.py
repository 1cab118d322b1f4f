"""The scheduled trial: the steps of `make smoke` in a Lambda of their own, which reports one number.

The number is a line of its log in CloudWatch's embedded format, so that it may do nothing but log.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping

from infra.smoke.steps import SmokeError, Trial, Wire, run
from infra.smoke.wire import PlainWire

METRIC = "SiteFails"  # 1 where a step failed, 0 where all went well
SERVICE = "smoke"


def handle(event: object, context: object) -> None:  # noqa: ARG001 - what Lambda hands over
    """Try the site that the environment names."""
    sys.stdout.write(f"{try_out(os.environ, PlainWire(), time.time())}\n")


def try_out(environment: Mapping[str, str], wire: Wire, now: float) -> str:
    """Return the line for the log."""
    said: list[str] = []
    trial = Trial(
        environment["SITE_URL"],
        environment["WEBSOCKET_URL"],
        expects_relay=environment.get("EXPECTS_RELAY") == "true",
        is_strict=True,
        say=said.append,
    )
    failed = ""
    try:
        asyncio.run(run(trial, wire))
    except SmokeError as problem:
        failed = str(problem)
    except Exception as fault:  # noqa: BLE001 - a trial that breaks off would report nothing, and no alarm would ring
        failed = f"the trial broke off: {type(fault).__name__} {fault}"
    number = {"Name": METRIC, "Unit": "Count"}
    row = {"Namespace": environment["METRICS_NAMESPACE"], "Dimensions": [["service"]], "Metrics": [number]}
    told = {"service": SERVICE, METRIC: int(bool(failed)), "went_well": len(said), "failed": failed}
    return json.dumps({"_aws": {"Timestamp": int(now * 1000), "CloudWatchMetrics": [row]}, **told})
