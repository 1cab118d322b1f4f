"""The site tells of itself: two functions, a file of its bucket each, and once a day the figures."""

from __future__ import annotations

import json

from tests.infra.stack.templates import synthesise


def test_the_figures_are_published_once_a_day() -> None:
    """A day that failed is made up for by the next, so nothing is tried again."""
    (rule,) = (rule for name, rule in synthesise().resources("AWS::Events::Rule").items() if name.startswith("Figures"))
    (target,) = rule["Properties"]["Targets"]

    assert rule["Properties"]["ScheduleExpression"] == "rate(1 day)"
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 0}
    assert "publish" in json.dumps(target["Arn"])


def test_each_of_the_two_writes_its_own_file_and_no_other() -> None:
    policies = synthesise().resources("AWS::IAM::Policy")
    writing = {
        name: json.dumps(statement["Resource"])
        for name, policy in policies.items()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Action"] == "s3:PutObject"
    }

    assert sorted(
        file for file in ("online.json", "transparency.json") for text in writing.values() if file in text
    ) == [
        "online.json",
        "transparency.json",
    ]
    assert len(writing) == 2
    assert not any("/*" in text for text in writing.values())
