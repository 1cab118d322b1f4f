"""A gradual deployment that an alarm would stop at once does not begin, and somebody is told what to do."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.deploy import alarms_on, command
from infra.deploy.prerequisites import NotReadyError
from infra.options.options import Options

# As CloudFormation knows them: with the characters that the CDK puts behind a name.
ALARMS = (
    "FramesFailE728A879",
    "PeopleWait75D41E06",
    "SiteFailsF1DF731D",
    "LaterWorkFails50A356B7",
    "RelayFails542BCB34",
)
GRADUAL = Options(gradual="canary")


class FakeSite:
    """A site with the alarms of a template, some of which are on; `is_there` or not yet."""

    region_name = "eu-west-1"

    class exceptions:  # noqa: N801 - boto3's own name
        ClientError = ClientError

    def __init__(self, *on: str, is_there: bool = True, may_ask: bool = True) -> None:
        self.on = on
        self.is_there = is_there
        self.may_ask = may_ask

    def client(self, service: str, *, region_name: str | None = None) -> FakeSite:
        assert region_name is None, "the site is where the session is"
        assert service in {"cloudformation", "cloudwatch"}
        return self

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        if not self.is_there:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "it does not exist"}}, "DescribeStacks")
        return {"Stacks": [{"StackStatus": "UPDATE_COMPLETE"}]}

    def get_paginator(self, name: str) -> FakeSite:
        assert name == "list_stack_resources"
        return self

    def paginate(self, StackName: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        if not self.may_ask:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "ListStackResources")
        queue = {"LogicalResourceId": "FramesFailQueue", "PhysicalResourceId": "q", "ResourceType": "AWS::SQS::Queue"}
        yield {"StackResourceSummaries": [queue]}
        for name in ALARMS:
            found = {"LogicalResourceId": name, "PhysicalResourceId": f"{StackName}-{name}"}
            yield {"StackResourceSummaries": [{**found, "ResourceType": "AWS::CloudWatch::Alarm"}]}

    def describe_alarms(self, AlarmNames: list[str], StateValue: str) -> dict[str, Any]:  # noqa: N803
        assert StateValue == "ALARM"
        assert AlarmNames, "without names every alarm of the account is told"
        on = [name for name in AlarmNames if name.removeprefix("Passerby-").startswith(self.on or ("nothing",))]
        return {"MetricAlarms": [{"AlarmName": name} for name in on]}


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (("FramesFail",), "FramesFail is already on"),
        (("FramesFail", "PeopleWait"), "FramesFail and PeopleWait are already on"),
    ],
)
def test_an_alarm_that_is_on_is_named_with_what_to_do(on: tuple[str, ...], said: str) -> None:
    """The cure has to be deployed at once."""
    (sentence,) = alarms_on.problems(FakeSite(*on), GRADUAL)

    assert sentence.startswith(said)
    assert 'make deploy ARGS="-c gradual=none"' in sentence


@pytest.mark.parametrize(
    ("site", "options"),
    [
        (FakeSite(), GRADUAL),
        (FakeSite("FramesFail"), Options()),
        (FakeSite("FramesFail", is_there=False), GRADUAL),
        (FakeSite("FramesFail", may_ask=False), GRADUAL),
        (FakeSite("LaterWorkFails", "RelayFails"), GRADUAL),
        (FakeSite("SiteFails"), Options(gradual="canary", smoke_minutes=60)),
    ],
    ids=["none is on", "at once", "a new site", "who may not ask", "what no version watches", "slow trials"],
)
def test_nothing_else_stops_a_deployment(site: FakeSite, options: Options) -> None:
    """Only what CodeDeploy watches."""
    assert list(alarms_on.problems(site, options)) == []


def test_deploying_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """With any other options; with `gradual` = `none` it does."""

    def begins(*_: object) -> bool:
        raise AssertionError("it began")

    monkeypatch.setattr(command, "_agrees", begins)
    given = argparse.Namespace(yes=False, untried=True)

    with pytest.raises(NotReadyError, match="FramesFail is already on"):
        command._deploy(FakeSite("FramesFail"), GRADUAL, command._cdk, given)
    with pytest.raises(AssertionError, match="it began"):
        command._deploy(FakeSite("FramesFail"), Options(), command._cdk, given)
