"""Numbers and logs: one line of metrics for each invocation, each invocation's own."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from functions.chat import telemetry

WAIT_SECONDS_MAX = 10


def metrics_in(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines() if '"_aws"' in line]


def test_the_numbers_of_an_invocation_are_one_line_at_its_end(capsys):
    """In CloudWatch's embedded metric format, under the operator's namespace."""
    with telemetry.collecting("Mine"):
        telemetry.count("Pairings")
        telemetry.count("Pairings", 2)
        telemetry.observe_milliseconds("Waited", 12.5)
        assert capsys.readouterr().out == ""

    (line,) = metrics_in(capsys.readouterr().out)
    (metrics,) = line["_aws"]["CloudWatchMetrics"]
    assert (metrics["Namespace"], metrics["Dimensions"]) == ("Mine", [["service"]])
    assert (line["Pairings"], line["Waited"], line["service"]) == ([1.0, 2.0], [12.5], "passerby")


def test_an_invocation_without_numbers_prints_nothing(capsys):
    """CloudWatch charges for every line."""
    with telemetry.collecting("Mine"):
        pass

    assert capsys.readouterr().out == ""


def test_the_numbers_of_an_invocation_that_fails_are_kept(capsys):
    """What went wrong is what an operator looks for."""
    with pytest.raises(ZeroDivisionError), telemetry.collecting("Mine"):
        telemetry.count("Attempts", 1 / 1)
        telemetry.count("Failures", 1 / 0)

    assert metrics_in(capsys.readouterr().out)[0]["Attempts"] == [1.0]


def test_invocations_at_the_same_time_do_not_mix_their_numbers(capsys):
    """The local gateway runs many in one process."""
    all_began, all_counted = Barrier(4), Barrier(4)

    def invoke(number: int) -> None:
        with telemetry.collecting(f"Namespace{number}"):
            all_began.wait(WAIT_SECONDS_MAX)
            for _ in range(number):
                telemetry.count("Calls")
            all_counted.wait(WAIT_SECONDS_MAX)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(invoke, [1, 2, 3, 4]))

    counted = {
        line["_aws"]["CloudWatchMetrics"][0]["Namespace"]: sum(line["Calls"])
        for line in metrics_in(capsys.readouterr().out)
    }
    assert counted == {"Namespace1": 1, "Namespace2": 2, "Namespace3": 3, "Namespace4": 4}


def test_outside_of_an_invocation_nothing_is_counted(capsys):
    """A helper may be called by a test or a tool."""
    telemetry.count("Calls")

    assert capsys.readouterr().out == ""
