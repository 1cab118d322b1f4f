"""New versions take over bit by bit and go back by themselves: CodeDeploy's settings and its rights."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.options.options import Options
from tests.infra.stack.templates import Synthesis, flat, synthesise

# Minutes until all calls go to the new version, as AWS names its ways.
WAYS = {
    "coturn": "CodeDeployDefault.LambdaCanary10Percent15Minutes",
    "mailed": "CodeDeployDefault.LambdaLinear10PercentEvery3Minutes",
}
EVERY_WAY = pytest.mark.parametrize("variant", WAYS)


def groups(site: Synthesis) -> dict[str, Any]:
    return site.resources("AWS::CodeDeploy::DeploymentGroup")


def watched(site: Synthesis) -> set[str]:
    """Return the logical ids of the alarms that take a deployment back, which are the same in each group."""
    (found,) = {
        frozenset(each["Name"]["Ref"] for each in group["Properties"]["AlarmConfiguration"]["Alarms"])
        for group in groups(site).values()
    }
    return set(found)


@EVERY_WAY
def test_every_alias_moves_in_a_group_of_its_own(variant: str) -> None:
    """One for each Lambda; CloudFormation tells CodeDeploy the versions."""
    site = synthesise(variant)
    aliases = site.resources("AWS::Lambda::Alias")
    handlers = [
        each
        for each in site.resources("AWS::Lambda::Function").values()
        if each["Properties"]["Handler"].startswith("functions.handlers.")
    ]
    moved = [each["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"] for each in aliases.values()]

    assert len(aliases) == len(handlers) == len(groups(site))
    assert sorted(each["DeploymentGroupName"]["Ref"] for each in moved) == sorted(groups(site))
    assert {each["Properties"]["DeploymentConfigName"] for each in groups(site).values()} == {WAYS[variant]}


@EVERY_WAY
def test_callers_of_a_lambda_call_its_alias(variant: str) -> None:
    """Or it would be on the new version at once: the integrations of routes, their permissions, and the delay queue."""
    site = synthesise(variant)
    aliases = set(site.resources("AWS::Lambda::Alias"))
    integrations = [each["Properties"] for each in site.resources("AWS::ApiGatewayV2::Integration").values()]
    called = [json.dumps(each["IntegrationUri"]) for each in integrations if each["IntegrationType"] == "AWS_PROXY"]
    (mapping,) = site.resources("AWS::Lambda::EventSourceMapping").values()
    permitted = [
        flat(each["Properties"]["FunctionName"])
        for each in site.resources("AWS::Lambda::Permission").values()
        if each["Properties"]["Principal"] == "apigateway.amazonaws.com"
    ]

    assert len(called) > 10
    assert all(any(f'"{alias}"' in uri for alias in aliases) for uri in called)
    assert set(permitted) <= aliases
    assert len(permitted) == len(called)
    assert any(alias in json.dumps(mapping["Properties"]["FunctionName"]) for alias in aliases)


@pytest.mark.parametrize(
    ("variant", "minutes", "tried"), [("coturn", 5, {"SiteFails"}), ("mailed", 0, set())], ids=["tried", "not tried"]
)
def test_an_alarm_that_people_would_notice_takes_everything_back(variant: str, minutes: int, tried: set[str]) -> None:
    """Failing handlers, and people who wait; not what an old version may have left behind, nor a bill.

    Before a deployment the same ones are looked at: one name too many would stop what AWS does not, one too few would
    let it begin in vain.
    """
    site = synthesise(variant)
    names = {name.rstrip("0123456789ABCDEF") for name in watched(site)}

    assert names == {"FramesFail", "PeopleWait"} | tried
    assert names == set(Options(gradual="canary", smoke_minutes=minutes).alarms_of_versions)
    assert watched(site) <= set(site.resources("AWS::CloudWatch::Alarm"))
    for group in groups(site).values():
        assert group["Properties"]["AlarmConfiguration"]["Enabled"] is True
        events = group["Properties"]["AutoRollbackConfiguration"]["Events"]
        assert {"DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_FAILURE"} <= set(events)


@EVERY_WAY
def test_each_way_lasts_longer_than_the_alarms_look_back(variant: str) -> None:
    """An alarm that comes after everything has moved takes nothing back."""
    site = synthesise(variant)
    alarms = site.resources("AWS::CloudWatch::Alarm")
    for name in watched(site):
        properties = alarms[name]["Properties"]
        numbers = [each["MetricStat"] for each in properties.get("Metrics", ()) if "MetricStat" in each]
        periods = {each["Period"] for each in (numbers or [properties])}
        assert max(periods) * properties["EvaluationPeriods"] <= 15 * 60


def test_without_it_nothing_of_codedeploy_is_there() -> None:
    """Nor a version that somebody would have to pay for keeping."""
    site = synthesise()

    assert not site.resources("AWS::Lambda::Alias", "AWS::Lambda::Version", "AWS::CodeDeploy::Application")
