"""Numbers and logs: one line of metrics for each invocation, each invocation's own."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from functions.chat.runtime import telemetry
from tests.functions.child import run

WAIT_SECONDS_MAX = 10


def metrics_in(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines() if '"_aws"' in line]


def test_the_numbers_of_an_invocation_are_one_line_at_its_end(capsys):
    """In CloudWatch's embedded metric format, under the operator's namespace."""
    with telemetry.collecting("Mine"):
        telemetry.count("Claims_WON")
        telemetry.count("Claims_WON", 2)
        telemetry.observe_milliseconds("Waited", 12.5)
        assert capsys.readouterr().out == ""

    (line,) = metrics_in(capsys.readouterr().out)
    (metrics,) = line["_aws"]["CloudWatchMetrics"]
    assert (metrics["Namespace"], metrics["Dimensions"]) == ("Mine", [["service"]])
    assert (line["Claims_WON"], line["Waited"], line["service"]) == ([1.0, 2.0], [12.5], "passerby")


def test_an_invocation_without_numbers_prints_nothing(capsys):
    """CloudWatch charges for every line."""
    with telemetry.collecting("Mine"):
        pass

    assert capsys.readouterr().out == ""


def test_the_numbers_of_an_invocation_that_fails_are_kept(capsys):
    """An operator looks for the numbers of failures most."""
    with pytest.raises(ZeroDivisionError), telemetry.collecting("Mine"):
        telemetry.count("Reports", 1 / 1)
        telemetry.count("Bans", 1 / 0)

    (line,) = metrics_in(capsys.readouterr().out)
    assert (line["Reports"], line["Failures"]) == ([1.0], [1.0])


def test_invocations_at_the_same_time_do_not_mix_their_numbers(capsys):
    """The local gateway runs many in one process."""
    all_began, all_counted = Barrier(4), Barrier(4)

    def invoke(number: int) -> None:
        with telemetry.collecting(f"Namespace{number}"):
            all_began.wait(WAIT_SECONDS_MAX)
            for _ in range(number):
                telemetry.count("Resumes")
            all_counted.wait(WAIT_SECONDS_MAX)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(invoke, [1, 2, 3, 4]))

    counted = {
        line["_aws"]["CloudWatchMetrics"][0]["Namespace"]: sum(line["Resumes"])
        for line in metrics_in(capsys.readouterr().out)
    }
    assert counted == {"Namespace1": 1, "Namespace2": 2, "Namespace3": 3, "Namespace4": 4}


def test_a_number_that_is_in_no_table_is_a_mistake():
    """The dashboard would not show it, and nobody would know what it costs."""
    with pytest.raises(AssertionError, match="Pairz is in metrics"):
        telemetry.count("Pairz")
    with pytest.raises(AssertionError, match="Waited is a number of Milliseconds"):
        telemetry.count("Waited")


def test_the_code_of_a_failed_relay_is_logged_and_its_failure_counted(capsys, caplog):
    """There is no end of codes, and each name of a number costs."""
    with telemetry.collecting("Mine"):
        telemetry.count_relay("RelayFailed_http_503")
        telemetry.count_relay("RelayMinted")

    (line,) = metrics_in(capsys.readouterr().out)
    assert (line["RelayFailed"], line["RelayMinted"]) == ([1.0], [1.0])
    assert caplog.records[-1].__dict__["reason"] == "http_503"


def test_a_share_of_the_invocations_tells_what_led_to_a_change():
    """Level DEBUG, drawn anew for each invocation; all others are quiet."""
    program = """
from functions.chat.runtime import telemetry
from tests.functions.child import run
for number in range(200):
    with telemetry.collecting("Mine"):
        telemetry.logger.debug("looked", number=number)
"""
    some, none = (
        finished.stdout.count('"looked"')
        for finished in (run(program, POWERTOOLS_LOGGER_SAMPLE_RATE="0.3"), run(program))
    )

    assert 20 < some < 120
    assert none == 0


RARELY_SAMPLED = {"AWS_LAMBDA_LOG_LEVEL": "DEBUG", "POWERTOOLS_LOGGER_SAMPLE_RATE": "0.000001"}


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, {"told", "failed"}),
        ({"LOG_LEVEL": "WARNING"}, {"failed"}),
        ({"LOG_LEVEL": "WARNING", "AWS_LAMBDA_LOG_LEVEL": "WARN"}, {"failed"}),
        ({"LOG_LEVEL": "WARNING", "AWS_LAMBDA_LOG_LEVEL": "INFO"}, {"failed"}),
        ({"LOG_LEVEL": "INFO", "AWS_LAMBDA_LOG_LEVEL": "DEBUG"}, {"told", "failed"}),
        ({"LOG_LEVEL": "INFO", **RARELY_SAMPLED}, {"told", "failed"}),
        ({"LOG_LEVEL": "ERROR", **RARELY_SAMPLED}, {"failed"}),
        ({"LOG_LEVEL": "ERROR", "POWERTOOLS_LOGGER_SAMPLE_RATE": "1"}, {"looked", "told", "failed"}),
    ],
)  # fmt: skip
def test_the_operators_level_counts_whatever_lambda_keeps(environment, said):
    """Lambda's own level is set besides, and Powertools would put it above."""
    program = """
from functions.chat.runtime import telemetry
with telemetry.collecting("Mine"):
    telemetry.logger.debug("looked")
    telemetry.tell("told")
    telemetry.logger.error("failed")
"""

    out = run(program, **environment).stdout

    assert {each for each in ("looked", "told", "failed") if f'"{each}"' in out} == said


def test_a_line_leaves_out_what_is_not_known(caplog):
    """Somebody in no room has none, in the log too."""
    telemetry.tell("closed", connection="Ada=", room=None, lost=False)

    line = caplog.records[-1]
    assert (line.message, line.__dict__["connection"], line.__dict__["lost"]) == ("closed", "Ada=", False)
    assert "room" not in line.__dict__
    assert line.funcName == "test_a_line_leaves_out_what_is_not_known", "where it changed, not where it is logged"


def test_outside_of_an_invocation_nothing_is_counted(capsys):
    """A helper may be called by a test or a tool."""
    telemetry.count("Resumes")

    assert capsys.readouterr().out == ""
