"""An operator who may not deploy is told so before a deployment, in a sentence with the role or the action."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.deploy import command, rights
from infra.options.options import Options
from infra.tools import node

ACCOUNT = "123456789012"


def refusal(code: str, message: str = "", operation: str = "GetParameter") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


class FakeSts:
    """Credentials that may become some roles, by the beginnings of their names."""

    region_name = "eu-west-1"

    def __init__(self, *roles: str, who: str = "user/olga", code: str = "AccessDenied") -> None:
        self.roles = roles
        self.who = who
        self.code = code
        self.asked: list[str] = []

    def client(self, service: str) -> FakeSts:
        assert service == "sts"
        return self

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": f"arn:aws:iam::{ACCOUNT}:{self.who}"}

    def assume_role(self, RoleArn: str, RoleSessionName: str) -> dict[str, Any]:  # noqa: N803 - AWS's own spelling
        name = RoleArn.removeprefix(f"arn:aws:iam::{ACCOUNT}:role/")
        self.asked.append(name)
        if not name.startswith(self.roles or ("none",)):
            raise refusal(self.code, operation="AssumeRole")
        return {"Credentials": {}}


def test_credentials_that_may_become_the_cdks_roles_are_told_nothing() -> None:
    """Nor is anything kept of them."""
    assert list(rights.warnings(FakeSts("cdk-hnb659fds-"), Options(), ACCOUNT)) == []


def test_each_role_that_is_out_of_reach_is_named_in_every_region_that_is_used() -> None:
    """A WAF lives in us-east-1, whose roles are others."""
    sts = FakeSts("cdk-hnb659fds-lookup", "cdk-hnb659fds-file")
    said = list(rights.warnings(sts, Options(waf_requests_per_5_minutes=500), ACCOUNT))

    assert [sentence.split(",")[0].rpartition(" ")[2] for sentence in said] == [
        f"cdk-hnb659fds-deploy-role-{ACCOUNT}-eu-west-1",
        f"cdk-hnb659fds-deploy-role-{ACCOUNT}-us-east-1",
    ]
    assert all("sts:AssumeRole" in sentence for sentence in said)


@pytest.mark.parametrize("sts", [FakeSts(who="root"), FakeSts(code="Throttling")], ids=["root", "busy"])
def test_an_error_that_says_nothing_about_rights_is_no_warning(sts: FakeSts) -> None:
    """Nobody becomes a role as root, and the CDK goes on as root itself."""
    assert list(rights.warnings(sts, Options(), ACCOUNT)) == []


def test_a_refused_call_is_a_sentence_and_another_fault_is_none() -> None:
    """With AWS's own words, which name who was refused what."""
    said = rights.sentence(refusal("AccessDeniedException", "olga is not authorized to perform: ssm:GetParameter."))

    assert said is not None
    assert "may not do GetParameter: olga is not authorized to perform: ssm:GetParameter. Sign in as" in said
    assert rights.sentence(refusal("Throttling")) is None


def test_no_command_ends_in_a_traceback_for_want_of_a_right(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whichever question AWS refuses; an error that is no refusal is a fault of ours, and shows itself."""

    def refuse(code: str) -> Any:
        def run(*_: object) -> int:
            raise refusal(code)

        return run

    monkeypatch.setattr(node, "install", lambda: None)
    monkeypatch.setattr(command, "_run", refuse("AccessDenied"))
    assert command.main(["deploy"]) == 1
    assert capsys.readouterr().err.startswith("These credentials may not do GetParameter: ")
    monkeypatch.setattr(command, "_run", refuse("InternalFailure"))
    with pytest.raises(ClientError):
        command.main(["deploy"])
