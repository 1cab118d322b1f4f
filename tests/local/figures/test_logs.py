"""The lines that the functions print are counted and kept away from the console."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest

from infra.local.core.faults import Faults
from infra.local.figures.console import Console
from infra.local.figures.logs import LogSink

LAST_ERRORS_MAX = 50

METRICS = {"_aws": {"Timestamp": 1, "CloudWatchMetrics": []}, "Paired": [1.0]}


def test_lines_are_counted_by_level():
    """JSON lines by their level, embedded metrics and plain lines by their kind."""
    log = LogSink()
    for line in (
        '{"level":"INFO"}',
        '{"level":"INFO"}',
        '{"level":"ERROR"}',
        json.dumps(METRICS),
        "plain",
        "{broken",
        "",
    ):
        print(line, file=log)

    assert log.lines == {"INFO": 2, "ERROR": 1, "METRICS": 1, "PLAIN": 2}


def test_embedded_metrics_are_handed_on():
    """The live figures listen in one place."""
    log = LogSink()
    heard: list[Mapping[str, Any]] = []
    log.on_metrics = heard.append

    print(json.dumps(METRICS), file=log)
    print('{"level":"INFO"}', file=log)

    assert heard == [METRICS]


def test_the_last_errors_are_kept_and_no_more():
    """A handler that fails all night does not fill the memory."""
    log = LogSink()
    for number in range(LAST_ERRORS_MAX + 5):
        print(json.dumps({"level": "ERROR", "number": number}), file=log)

    assert len(log.last_errors) == LAST_ERRORS_MAX
    assert json.loads(log.last_errors[-1])["number"] == LAST_ERRORS_MAX + 4


def test_lines_of_many_threads_stay_whole():
    """Pieces that threads write at the same time are joined by thread."""
    echo = io.StringIO()
    log = LogSink(echo)

    def write() -> None:
        for _ in range(200):
            log.write('{"level":')
            log.write('"INFO"}\n')

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert log.lines == {"INFO": 800}
    assert {'{"level":"INFO"}'} == set(echo.getvalue().splitlines())


def test_a_failure_is_told_once_and_then_at_round_numbers():
    """The console names the handler and the exception; the traceback is in the log only."""
    stream, log = io.StringIO(), LogSink()
    console = Console(stream, log)
    for _ in range(100):
        console.report_failure("join", KeyError("room"))

    lines = stream.getvalue().splitlines()

    assert len(lines) == 3
    assert "The handler of join failed" in lines[0]
    assert lines[0].endswith("KeyError: 'room'")
    assert [line[-len(f"({n} times)") :] for line, n in zip(lines[1:], (10, 100), strict=True)] == [
        "(10 times)",
        "(100 times)",
    ]
    assert log.lines == {"ERROR": 100}


def test_a_failure_is_placed_in_the_products_code_and_not_in_the_gateways():
    """Both lie in this repository; a developer who looks for the cause begins with the line that called the gateway."""
    stream = io.StringIO()
    console = Console(stream, LogSink())
    with pytest.raises(ValueError, match="throttle_post") as problem:
        Faults(throttle_post=2)
    console.report_failure("join", problem.value)

    assert "failed at tests/local/figures/test_logs.py:" in stream.getvalue()


def test_a_listener_that_asyncio_opens_again_after_the_end_is_no_trouble():
    """A second after descriptors were used up asyncio listens again; by then the socket may be closed."""
    stream = io.StringIO()
    console = Console(stream, LogSink())
    taken: list[dict[str, Any]] = []

    class Loop(asyncio.SelectorEventLoop):
        def default_exception_handler(self, context: dict[str, Any]) -> None:
            taken.append(context)

    late = {"exception": ValueError("Invalid file descriptor: -1")}

    with closing(Loop()) as loop:
        console.report_trouble(loop, late)
        console.expect_the_end()
        console.report_trouble(loop, late)
        console.report_trouble(loop, other := {"exception": KeyError("room")})

    assert taken == [late, other]
