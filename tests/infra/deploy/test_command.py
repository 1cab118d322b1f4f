"""The programs that `make bootstrap`, `deploy` and `destroy` start, and their own work besides CloudFormation."""

from __future__ import annotations

import argparse
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.deploy import command, prerequisites
from infra.options.options import Options
from infra.tools import account

ACCOUNT = "123456789012"
EDGE = "Passerby-eu-west-1-edge"
RELAY_SECRET = "/passerby/turn-secret"


class FakeAccount:
    """An account with stacks by Region, and parameters with the site that each was made for."""

    region_name = "eu-west-1"

    class exceptions:  # noqa: N801 - boto3's own name
        ClientError = ClientError

    def __init__(self, *stacks: tuple[str, str], parameters: dict[str, str] | None = None) -> None:
        self.stacks = {*stacks}
        self.parameters = parameters or {}
        self.region = ""

    def client(self, service: str, *, region_name: str = "eu-west-1") -> FakeAccount:
        assert service in {"cloudformation", "ssm"}
        self.region = region_name
        return self

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - AWS's own spelling, here and below
        if (self.region, StackName) not in self.stacks:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "does not exist"}}, "DescribeStacks")
        return {"Stacks": [{"StackStatus": "CREATE_COMPLETE", "Outputs": []}]}

    def set_stack_policy(self, **_: str) -> None:
        """Keep nothing: tests/infra/deploy/test_protection.py looks at it."""

    def delete_stack(self, StackName: str) -> None:  # noqa: N803
        self.stacks.remove((self.region, StackName))

    def list_tags_for_resource(self, ResourceType: str, ResourceId: str) -> dict[str, Any]:  # noqa: N803
        return {"TagList": [{"Key": "passerby-site", "Value": self.parameters[ResourceId]}]}

    def delete_parameters(self, Names: list[str]) -> None:  # noqa: N803
        for name in Names:
            self.parameters.pop(name, None)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The arguments of the CDK's command line, which always succeeds."""
    noted: list[tuple[str, ...]] = []

    def run(*arguments: str, **_: object) -> int:
        noted.append(arguments)
        return 0

    monkeypatch.setattr(command, "_cdk", run)
    monkeypatch.setattr(account, "for_children", lambda _: {})
    monkeypatch.setattr(command, "_say_where", lambda *_: 0)
    monkeypatch.setattr(prerequisites, "warnings", lambda *_: ())
    return noted


def deploy(there: FakeAccount, options: Options) -> int:
    return command._deploy(there, options, command._cdk, argparse.Namespace(yes=True, untried=True))


def test_every_region_with_a_stack_is_prepared(ran: list[tuple[str, ...]]) -> None:
    """A WAF's is us-east-1, wherever the site is; without one nothing is prepared there."""
    for options in (Options(), Options(waf_requests_per_5_minutes=500)):
        assert command._bootstrap(FakeAccount(), options, ACCOUNT, [], smallest=False) == 0

    assert ran == [
        ("bootstrap", f"aws://{ACCOUNT}/eu-west-1"),
        ("bootstrap", f"aws://{ACCOUNT}/eu-west-1", f"aws://{ACCOUNT}/us-east-1"),
    ]


def test_a_firewall_that_is_no_longer_wanted_goes_and_one_that_is_stays(ran: list[tuple[str, ...]]) -> None:
    """Nothing would use it, and it costs $6 a month."""
    home, edge = ("eu-west-1", "Passerby"), ("us-east-1", EDGE)
    kept, given_up = FakeAccount(home, edge), FakeAccount(home, edge)

    deploy(kept, Options(waf_requests_per_5_minutes=500))
    deploy(given_up, Options())

    assert kept.stacks == {home, edge}
    assert given_up.stacks == {home}
    assert [arguments[:2] for arguments in ran] == [("deploy", "Passerby")] * 2


def test_a_firewall_that_nobody_may_look_for_is_told(
    ran: list[tuple[str, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be there, and be paid for."""

    class Closed(FakeAccount):
        def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
            if self.region == "us-east-1":
                raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not allowed"}}, "DescribeStacks")
            return super().describe_stacks(StackName)

    assert deploy(Closed(("eu-west-1", "Passerby")), Options()) == 0
    assert f"Whether the stack {EDGE} of a WAF is in us-east-1 cannot be told" in capsys.readouterr().err

    deploy(FakeAccount(("eu-west-1", "Passerby")), Options())
    assert capsys.readouterr().err == ""
    assert len(ran) == 2


@pytest.mark.parametrize(("table_name", "adopts"), [("Passerby-Table", True), ("", False)])
def test_a_table_that_is_named_is_adopted(ran: list[tuple[str, ...]], table_name: str, adopts: bool) -> None:
    """Where none is, none may be taken in by chance."""
    deploy(FakeAccount(("eu-west-1", "Passerby")), Options(table_name=table_name))

    assert ("--import-existing-resources" in ran[0]) is adopts


@pytest.mark.parametrize(("made_for", "stays"), [("Passerby", False), ("Another", True)])
def test_a_secret_that_another_site_uses_stays(made_for: str, stays: bool) -> None:
    """The keys of the site itself go with its table."""
    there = FakeAccount(parameters={RELAY_SECRET: made_for, "/Passerby/identity-keys": "Passerby"})

    assert command._remove_the_rest(there, Options(removal_policy="destroy"), "") == 0
    assert there.parameters == ({RELAY_SECRET: made_for} if stays else {})


def test_things_worth_keeping_are_named_with_the_way_back(capsys: pytest.CaptureFixture[str]) -> None:
    """A removed site leaves its table and the keys that it is read with."""
    there = FakeAccount(parameters={RELAY_SECRET: "Passerby", "/Passerby/identity-keys": "Passerby"})

    assert command._remove_the_rest(there, Options(), "Passerby-Table") == 0
    assert len(there.parameters) == 2
    assert "deploy with table_name = Passerby-Table" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--profile=other"], ["--profile", "other"]])
def test_a_profile_for_the_cdk_alone_is_refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """Our own checks would look at another account than the one that is deployed to."""
    assert command.main(["deploy", *arguments]) == 1
    assert "Export AWS_PROFILE" in capsys.readouterr().err
