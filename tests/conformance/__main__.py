"""`python -m tests.conformance URL`: checks any server against the protocol."""

from __future__ import annotations

import argparse
import sys
import time

from infra.reports.digests import of_checkout
from tests.conformance import page
from tests.conformance.registry import CASES
from tests.conformance.runner import AT_ONCE, PATIENCE_SECONDS, Options, Result, run_cases, select

# The meaning of the exit code for a script.
KEPT, BROKEN, NOT_ASKED = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Play the cases, print a line for each, and return the exit code."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    options = Options(
        origin=asked.origin,
        insecure=asked.insecure,
        platform=asked.platform,
        alone=asked.alone,
        only=asked.only,
        at_once=asked.at_once,
        patience_seconds=asked.patience,
    )
    if asked.list:
        print("\n".join(f"{case.name}\n    {case.guarantee}" for case in select(options)))
        return KEPT
    if not (asked.url or "").startswith(("ws://", "wss://")):
        parser.error("give the WebSocket's URL, as it stands in the site's config.json: wss://…")
    if not select(options):
        parser.error(f"no case has {asked.only!r} in its name; --list shows them")
    status = _run(asked.url, options)
    return status if asked.page is None else max(status, _compare_page(asked.page, insecure=asked.insecure))


def _compare_page(url: str, *, insecure: bool) -> int:
    faults = list(page.faults(page.fetcher(url, insecure=insecure), of_checkout))
    print(f"{'BROKEN' if faults else 'kept  '}           the page is the one that it says it is")
    for fault in faults:
        print(f"  {fault}")
    return BROKEN if faults else KEPT


def _run(url: str, options: Options) -> int:
    started = time.monotonic()
    results = run_cases(url, options, report=_print)
    broken = [result.name for result in results if not result.passed]
    left_out = len(CASES) - len(results)
    print(f"\n{len(results) - len(broken)} of {len(results)} kept in {time.monotonic() - started:.1f} s", end="")
    print(f", {left_out} not asked for" if left_out else "")
    for name in broken:
        print(f"  broken: {name}")
    return BROKEN if broken else KEPT


def _print(result: Result) -> None:
    print(f"{'kept  ' if result.passed else 'BROKEN'} {result.seconds:6.2f} s  {result.name}", flush=True)
    if not result.passed:
        print(f"  {result.failure}", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.conformance",
        description="Checks whether a server keeps the protocol, with people of its own who meet only each other.",
        epilog=f"Exit code: {KEPT} everything was kept, {BROKEN} something was broken, {NOT_ASKED} wrong arguments.",
    )
    parser.add_argument(
        "url", nargs="?", help="the WebSocket, for example wss://example.org/ws or ws://127.0.0.1:8080/ws"
    )
    parser.add_argument("--origin", help="the Origin header to send, where the server accepts only its own site's")
    parser.add_argument("--insecure", action="store_true", help="accept any TLS certificate (a test deployment)")
    parser.add_argument(
        "--platform",
        action="store_true",
        help="also the limits that API Gateway keeps by itself (frame, message, binary)",
    )
    parser.add_argument(
        "--alone",
        action="store_true",
        help="nobody else is on the server: also the cases whose people meet anyone, who might be one of your users",
    )
    parser.add_argument(
        "--page",
        metavar="URL",
        help="the site's address: also compare its files with their published hashes, and with this checkout",
    )
    parser.add_argument("--only", default="", metavar="WORDS", help="only cases with these words in their name")
    parser.add_argument("--list", action="store_true", help="print the cases and what they guarantee, and play none")
    parser.add_argument(
        "--at-once", type=int, default=AT_ONCE, metavar="N", help="cases at the same time (default %(default)s)"
    )
    parser.add_argument(
        "--patience",
        type=float,
        default=PATIENCE_SECONDS,
        metavar="SECONDS",
        help="how long to wait for an answer (default %(default)s)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
