"""The scheduled trial: its schedule, its rights, and its alarm."""

from __future__ import annotations

from typing import Any

from tests.infra.stack.templates import flat, synthesise

VARIANT, MINUTES = "coturn", 5


def function() -> dict[str, Any]:
    functions = synthesise(VARIANT).resources("AWS::Lambda::Function").values()
    (found,) = (
        each["Properties"] for each in functions if each["Properties"]["Handler"] == "infra.smoke.handler.handle"
    )
    return found


def trials(*variant: str) -> list[Any]:
    """Return the schedules of trials; that of the figures, once a day, is every site's."""
    rules = synthesise(*variant).resources("AWS::Events::Rule")
    return [rule for name, rule in rules.items() if not name.startswith("Figures")]


def test_it_is_called_every_so_many_minutes_and_not_again_when_it_failed() -> None:
    """The next one makes up for it."""
    (rule,) = trials(VARIANT)
    (target,) = rule["Properties"]["Targets"]

    assert rule["Properties"]["ScheduleExpression"] == f"rate({MINUTES} minutes)"
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 0}
    asked = synthesise(VARIANT).only("AWS::Lambda::EventInvokeConfig")
    assert asked["MaximumRetryAttempts"] == 0
    assert asked["MaximumEventAgeInSeconds"] == MINUTES * 60
    assert any("Upload" in name for name in rule["DependsOn"]), "before the page is there every trial fails"


def test_it_may_write_its_log_and_nothing_else() -> None:
    """Its number is a line of the log."""
    site = synthesise(VARIANT)
    role = site.template["Resources"][function()["Role"]["Fn::GetAtt"][0]]["Properties"]
    (policy,) = role["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]

    assert sorted(statement["Action"]) == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert flat(statement["Resource"]).startswith("Canarylogs")
    assert "ManagedPolicyArns" not in role


def test_it_knows_the_site_and_has_time_for_every_step() -> None:
    """Each of six may take twenty seconds."""
    made = function()
    variables = made["Environment"]["Variables"]
    outputs = synthesise(VARIANT).template["Outputs"]

    assert flat(variables["SITE_URL"]) == flat(outputs["Url"]["Value"])
    assert flat(variables["WEBSOCKET_URL"]) == flat(outputs["WebsocketUrl"]["Value"])
    assert (variables["EXPECTS_RELAY"], variables["METRICS_NAMESPACE"]) == ("true", "Passerby")
    assert 6 * 20 < made["Timeout"] < MINUTES * 60


def test_two_failures_in_a_row_are_an_alarm() -> None:
    """Of the very number that the trial reports."""
    properties = synthesise(VARIANT).only("AWS::CloudWatch::Alarm", "SiteFails")

    assert (properties["Namespace"], properties["MetricName"]) == ("Passerby", "SiteFails")
    assert properties["Dimensions"] == [{"Name": "service", "Value": "smoke"}]
    assert (properties["Period"], properties["EvaluationPeriods"], properties["Threshold"]) == (MINUTES * 60, 2, 1)


def test_without_it_nothing_is_scheduled() -> None:
    """And nothing is paid for."""
    assert trials() == []
