"""`make bench`: every benchmark in turn, their tables on the screen and in build/bench.

Ratios are taken within one run. Wall time is worth what the machine was free; the load is printed with it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import cold, cost, page, warm
from tests.bench.bill import Meter
from tests.bench.stage import opened
from tests.gateway import REPOSITORY, Gateway
from tests.load import relay

FOLDER = REPOSITORY / "build" / "bench"
Part = Callable[[argparse.Namespace], list[str]]


def cold_start(options: argparse.Namespace) -> list[str]:
    return cold.table(cold.figures(options.rounds, options.python))


def warm_line(options: argparse.Namespace) -> list[str]:
    return warm.table(warm.measure(options.rounds))


def gateway(options: argparse.Namespace) -> list[str]:
    running, begun = Gateway(), time.perf_counter()
    running.start()
    rows = [("start to first answer", f"{time.perf_counter() - begun:.1f} s")]
    try:
        assert running._process is not None, "it runs"
        rows += asyncio.run(relay.measure(running, running._process.pid, options))
    finally:
        running.stop()
    return _table(rows)


def bill(_: argparse.Namespace) -> list[str]:
    with opened() as new_stage:
        return cost.table(*cost.tallies(Meter(new_stage)))


def browser(_: argparse.Namespace) -> list[str]:
    return _table(page.figures())


PARTS: dict[str, tuple[str, Part]] = {
    "cold": ("Cold start", cold_start),
    "warm": ("A line, warm", warm_line),
    "gateway": ("The local gateway", gateway),
    "page": ("The page", browser),
    "cost": ("The bill", bill),
}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help=f"which (default: all of {', '.join(PARTS)})")
    parser.add_argument("--rounds", type=int, default=9, help="of the interleaved ones (default: 9)")
    parser.add_argument("--python", help="the interpreter of cold starts (default: Python 3.13 if there is one)")
    parser.add_argument("--pairs", type=int, default=20, help="rooms that talk on the gateway (default: 20)")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement of the gateway (default: 5)")
    parser.add_argument("--rate", type=float, default=200.0, help="lines a second of its open loop (default: 200)")
    parser.add_argument("--sockets", type=int, default=1000, help="its idle sockets (default: 1000)")
    parser.add_argument("--core", type=int, help="keep the gateway on this core (default: wherever the system puts it)")
    options = parser.parse_args(arguments)
    text = [f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} processors"]
    for title, part in (PARTS[name] for name in options.parts or PARTS):
        print(f"\n## {title}\n", flush=True)
        lines = [*part(options), "", f"Load average then: {os.getloadavg()[0]:.1f}"]
        print("\n".join(lines), flush=True)
        text += ["", f"## {title}", "", *lines]
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "tables.md").write_text("\n".join(text) + "\n")
    print(f"\nThe tables are in {Path(FOLDER).relative_to(REPOSITORY)}.")
    return 0


def _table(rows: Sequence[tuple[str, str]]) -> list[str]:
    return ["| what | figure |", "|---|---:|", *(f"| {name} | {figure} |" for name, figure in rows)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
