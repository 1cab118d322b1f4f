"""Every expression is a sentence of its language, which CloudWatch alone would say; of queries see test_watching.py."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.infra.stack.languages import LanguageError, check_expression, fields_of
from tests.infra.stack.templates import VARIANTS, flat, synthesise


@pytest.mark.parametrize(
    "text",
    [
        'filter "X" in [connection, peer]',
        "filter message = ",
        "filter message == 1",
        "stats count(*) as n by",
        "stats median(waited_ms)",
        "stats pct(waited_ms)",
        "fields a b",
        "sort @timestamp down",
        "limit 20000",
        "limit many",
        "fields a || sort a",
        "where a = 1",
        'filter message in "connected"',
        'filter (message = "a"',
        "fields fancy(a)",
    ],
)
def test_a_text_that_is_no_query_is_refused(text: str) -> None:
    """So that passing means something."""
    with pytest.raises(LanguageError):
        fields_of(text)


@pytest.mark.parametrize("variant", VARIANTS)
def test_an_expression_calculates_with_the_numbers_that_it_names(variant: str) -> None:
    """In alarms and on the dashboard: each id is fetched and used, and each function has its arguments."""
    found = [*_of_alarms(variant), *_of_dashboard(variant)]

    assert len(found) >= 8
    for text, ids in found:
        check_expression(text, ids)


@pytest.mark.parametrize(
    "text",
    ["a + c", "a", "FILL(a) + b", "IF(a, b, a, b)", "a + b)", "(a + b", "a b", "fill(a, 0) + b", "a ** b", "a & b", ""],
)
def test_a_text_that_is_no_expression_is_refused(text: str) -> None:
    """For instance one that fetches a number and forgets it."""
    with pytest.raises(LanguageError):
        check_expression(text, frozenset({"a", "b"}))


def test_an_id_begins_with_a_small_letter() -> None:
    """CloudWatch refuses the others."""
    with pytest.raises(LanguageError, match="cannot be ids"):
        check_expression("Errors", frozenset({"Errors"}))


def _of_alarms(variant: str) -> Iterator[tuple[str, frozenset[str]]]:
    for alarm in synthesise(variant).resources("AWS::CloudWatch::Alarm").values():
        rows = alarm["Properties"].get("Metrics", [])
        for row in rows:
            if "Expression" in row:
                yield row["Expression"], frozenset(each["Id"] for each in rows if "MetricStat" in each)


def _of_dashboard(variant: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Give each expression with the hidden metrics behind it: those that the CDK writes after it are its own."""
    (dashboard,) = synthesise(variant).resources("AWS::CloudWatch::Dashboard").values()
    for widget in json.loads(flat(dashboard["Properties"]["DashboardBody"]))["widgets"]:
        rows = widget["properties"].get("metrics", [])
        ids = {row[-1]["id"] for row in rows if isinstance(row[-1], dict) and "id" in row[-1]}
        for row in rows:
            if isinstance(row[0], dict) and "expression" in row[0]:
                text = row[0]["expression"]
                yield text, frozenset(each for each in ids if each in text.replace("(", " ").replace(",", " ").split())
