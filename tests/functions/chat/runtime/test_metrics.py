"""The table of numbers, held against the code that reports them and the document that explains them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.chat.conversation import ending
from functions.chat.protocol import errors, fields
from functions.chat.runtime import metrics
from functions.chat.runtime.metrics import BY_NAME, COUNT, METRICS, MILLISECONDS
from functions.chat.storage.store import Claim

REPOSITORY = Path(__file__).parents[4]
FUNCTIONS = REPOSITORY / "functions"
REPORTING = {"count", "_count", "observe_milliseconds"}


def reported() -> Iterator[str]:
    """Give what the code names where it reports a number; of a name that is put together its beginning and a star."""
    for path in FUNCTIONS.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute | ast.Name):
                name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id
                if name in REPORTING and call.args:
                    yield from named(call.args[0])


def named(argument: ast.expr) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(text)) if text[:1].isupper():
            yield text
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]) if text[0].isupper():
            yield f"{text}*"


def test_the_code_reports_exactly_what_is_in_the_table():
    """A new number is explained, and one that nobody reports any more is gone."""
    families = {f"{metric.name}_*" for metric in METRICS if metric.kinds}
    plain = {metric.name for metric in METRICS if not metric.kinds}
    found = set(reported()) - {"RelayFailed_*"}  # its code goes to the log (telemetry.count_relay)

    assert found | {"RelayFailed", "Calls_*", "CallsFailed_*"} == plain | families  # by metric_of_call


@pytest.mark.parametrize(
    ("family", "kinds"),
    [
        ("Rooms", {ending.SKIPPED, ending.LEFT, ending.DISCONNECTED}),
        ("Claims", {claim.name for claim in Claim}),
    ],
)
def test_the_kinds_of_a_number_are_those_of_the_code(family, kinds):
    """A reason that is added somewhere is a number too."""
    (metric,) = (each for each in METRICS if each.name == family)

    assert set(metric.kinds) == kinds


def test_every_error_code_has_a_number():
    """For each code that the contract lets the server answer."""
    codes = {
        getattr(errors, name)
        for name in (
            *("INVALID_MESSAGE", "UNKNOWN_ACTION", "STALE_ROOM", "TOO_LONG", "RATE_LIMITED", "BANNED", "WARNED"),
            *("AGE_REQUIRED", "CLOSED", "UNKNOWN_CASE", "RESUME_FAILED", "BUSY"),
        )
    }

    assert {f"Refused_{code}" for code in codes} == {name for name in BY_NAME if name.startswith("Refused_")}


def test_names_units_and_meanings_can_be_read():
    """No name is a beginning of another family's, and every meaning is a sentence."""
    assert len(BY_NAME) == sum(len(metric.names) for metric in METRICS)
    for metric in METRICS:
        assert metric.name.isalpha()
        assert metric.unit in {COUNT, MILLISECONDS}
        assert metric.meaning.endswith(".")


@pytest.mark.parametrize("went", fields.call.choices)
def test_however_a_call_went_it_counts(went):
    """The direct and the relayed ones as calls, all others as failed ones."""
    assert metrics.metric_of_call(went) in BY_NAME


def test_the_page_and_the_numbers_know_the_same_reasons_why_a_call_fails():
    """Another one would be an invalid frame, and the skip with it. The page has words for each that its call names."""
    frontend = REPOSITORY / "frontend"
    named = set(re.findall(r"'([a-z_]+)'", "".join(path.read_text() for path in (frontend / "call").glob("*.js"))))
    worded = set(re.findall(r"^  call_([a-z_]+):", (frontend / "strings" / "en.js").read_text(), re.MULTILINE))
    reasons = (named & worded) - {"waiting", "connecting", "weak", "reconnecting"}  # phases
    (metric,) = (each for each in METRICS if each.name == "CallsFailed")

    assert set(metric.kinds) == reasons
