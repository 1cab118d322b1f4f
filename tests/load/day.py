"""A whole day of visitors in minutes, against the local gateway or any server of the protocol; and what became of it.

People arrive by the hours of a day, are impatient, skip, write, lose their networks, vanish and flood. Each is a client
of its own on a real socket. Afterwards every promise of the protocol is checked over everything that all of them saw,
and a report with plots is written. It is the load test as well: --people is how many come.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.gateway import Gateway
from tests.load import day_report
from tests.load.day_figures import Sample, Watcher, started
from tests.load.day_history import History
from tests.load.day_plan import Plan, draw
from tests.load.day_promises import Finding, check
from tests.load.day_visitor import CANARY, Clock, Visitor

DRAIN_SECONDS = 70.0  # the last visitors of the day are not sent away: a long talk, and the grace of a lost peer
SPARE_FILES = 200
BROKEN_SHOWN_MAX = 10
REPORT = Path("build") / "day.html"
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Day:
    """The result of a day."""

    history: History
    samples: list[Sample]
    findings: list[Finding]
    figures: dict[str, Any]
    settings: dict[str, Any]

    @property
    def broken(self) -> list[str]:
        """Everything that was promised and not kept."""
        return day_report.broken(self.findings)

    @property
    def report(self) -> str:
        """The report, as HTML."""
        return day_report.write(self.history, self.samples, self.findings, self.settings, self.figures)


def run(url: str, people: int, seconds: float, seed: int = 1, drain_seconds: float = DRAIN_SECONDS) -> Day:
    """Let a day happen on a server; a visitor who is still there `drain_seconds` after it is sent away."""
    _allow_files(2 * people + SPARE_FILES)
    plans = draw(people, seconds, seed)
    settings = {"people": people, "seconds": seconds, "seed": seed, "server": urlsplit(url).netloc}
    return asyncio.run(_run(url, plans, settings, drain_seconds))


async def _run(url: str, plans: Sequence[Plan], settings: dict[str, Any], drain_seconds: float) -> Day:
    clock, stop, seconds = started(), asyncio.Event(), float(settings["seconds"])
    history = History(seconds)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        async with http.ws_connect(url):
            pass  # a server that does not answer is told before the day begins
        watcher = Watcher(history, clock, seconds, figures_of(url))
        watching = asyncio.create_task(watcher.watch(http, stop))
        visitors = [Visitor(plan, url, clock, int(settings["seed"])) for plan in plans]
        visits = [asyncio.create_task(_visit(visitor, history, clock)) for visitor in visitors]
        _, late = await asyncio.wait(visits, timeout=seconds + drain_seconds)
        history.seconds = clock()
        for visit in late:
            visit.cancel()
        failed = await asyncio.gather(*visits, return_exceptions=True)
        stop.set()
        await watching
    for problem in failed:
        if isinstance(problem, Exception):
            raise problem
    findings = [*check(history), _silence(watcher.last)]
    return Day(history, watcher.samples, findings, watcher.last, settings)


async def _visit(visitor: Visitor, history: History, clock: Clock) -> None:
    await asyncio.sleep(max(0.0, visitor.arrives_at - clock()))
    history.diaries.append(visitor.diary)
    await visitor.live()


def figures_of(url: str) -> str | None:
    """Return where a local gateway shows its figures; others do not show them."""
    parts = urlsplit(url)
    return f"http://{parts.netloc}/_local.json" if parts.hostname in LOCAL else None


def _silence(figures: dict[str, Any]) -> Finding:
    finding = Finding("Nothing that people say is logged, as far as the gateway shows its log.")
    if figures:
        finding.check(CANARY not in json.dumps(figures), "a line that somebody wrote is in the gateway's figures")
    return finding


def _allow_files(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.load.day", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", help="ws:// or wss:// (default: a gateway of its own)")
    parser.add_argument("--people", type=_positive, default=400, help="how many visit (default %(default)s)")
    parser.add_argument("--minutes", type=float, default=5.0, help="how long the day takes (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another day (default %(default)s)")
    parser.add_argument("--report", type=Path, default=REPORT, help="where the report goes (default %(default)s)")
    options = parser.parse_args(arguments)
    if options.url and urlsplit(options.url).scheme not in {"ws", "wss"}:
        parser.error(f"argument --url: {options.url!r} is no WebSocket's address; it begins with ws:// or wss://")
    if options.minutes <= 0:
        parser.error("argument --minutes: a day takes longer than nothing")
    return options


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of people")
    return int(text)


def main(arguments: Sequence[str]) -> int:
    """Run a day; the exit code is 0 when every promise was kept."""
    options = _parse(arguments)
    gateway = Gateway()
    try:
        if not options.url:
            sys.stderr.write("Starting a gateway ...\n")
            gateway.start()
            sys.stderr.write(f"Watch it at {gateway.url}/_local\n")
        day = run(options.url or gateway.websocket_url, options.people, options.minutes * 60, options.seed)
    except (aiohttp.ClientError, OSError) as problem:
        sys.stderr.write(f"The server does not answer: {problem}\n")
        return 1
    finally:
        with suppress(AssertionError):
            gateway.stop()
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(day.report)
    for name, value in day_report.summary(day.history, day.samples, day.figures).items():
        print(f"{name:38}{value}")
    for each in day.broken[:BROKEN_SHOWN_MAX]:
        print(f"broken: {each}")
    print(f"{len(day.broken)} promises broken. The report is {options.report}.")
    return 1 if day.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
