"""A workflow on GitHub deploys with a role that only its own branch opens, and that may do what our commands do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import boto3
import pytest
import yaml

from infra.deploy import alarms_on, pipeline, prerequisites, preview, protection
from infra.deploy.prerequisites import NotReadyError
from infra.options.options import Options
from tests.docs.documents import ROOT
from tests.infra.deploy.test_alarms_on import FakeSite
from tests.infra.deploy.test_changes import FakeStacks, change
from tests.infra.deploy.test_prerequisites import FakeAws
from tests.infra.stack.templates import flat, synthesise

ISSUER = "token.actions.githubusercontent.com"
MAILED = Options(pipeline_repository="somebody/passerby", alarm_email="somebody@example.org", monthly_budget_usd=10)


def role() -> dict[str, Any]:
    (found,) = (
        each["Properties"]
        for each in synthesise("mailed").templates["Passerby-pipeline"]["Resources"].values()
        if each["Type"] == "AWS::IAM::Role"
    )
    return found


def allowed() -> dict[str, set[str]]:
    """Return the resources by action."""
    (policy,) = role()["Policies"]
    found: dict[str, set[str]] = {}
    for statement in policy["PolicyDocument"]["Statement"]:
        actions, resources = statement["Action"], statement["Resource"]
        for action in [actions] if isinstance(actions, str) else actions:
            listed = resources if isinstance(resources, list) else [resources]
            found.setdefault(action, set()).update(flat(each) for each in listed)
    return found


def test_only_the_main_branch_of_that_repository_opens_it() -> None:
    """Neither a fork, nor another branch, nor a token for somebody else."""
    (statement,) = role()["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert role()["MaxSessionDuration"] == 3600, "a token that is stolen from a workflow is worth an hour"
    assert flat(statement["Principal"]["Federated"]).endswith(f":oidc-provider/{ISSUER}")
    assert statement["Condition"] == {
        "StringEquals": {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:sub": "repo:somebody/passerby:ref:refs/heads/main",
        }
    }


class Recording:
    """A session that notes which action of which service was called, and answers as an account does."""

    region_name = "eu-west-1"

    def __init__(self, account: Any) -> None:
        self.account = account
        self.called: set[str] = set()

    def client(self, service: str, *, region_name: str | None = None) -> Any:
        return Noting(self, service, self.account.client(service, region_name=region_name))


class Noting:
    def __init__(self, session: Recording, service: str, answering: Any) -> None:
        self._session = session
        self._service = service
        self._answering = answering
        self._names = boto3.client(service, region_name="eu-west-1").meta.method_to_api_mapping

    def __getattr__(self, name: str) -> Any:
        if name == "get_paginator":
            return self._get_paginator
        if name in self._names:
            self._note(name)
        return getattr(self._answering, name)

    def _get_paginator(self, method: str) -> Any:
        self._note(method)
        return self._answering.get_paginator(method)

    def _note(self, method: str) -> None:
        prefix = self._service.replace("service-quotas", "servicequotas")  # IAM spells one of them differently
        self._session.called.add(f"{prefix}:{self._names[method]}")


def test_it_may_do_what_our_own_commands_do_and_nothing_else_by_itself() -> None:
    """Each of their calls is allowed, and each of its rights is used; everybody may ask AWS who they are."""
    account = Recording(FakeAws())
    prerequisites.account(account.client)
    list(prerequisites.warnings(account.client, MAILED))
    prerequisites.check(account.client, "eu-west-1", MAILED)
    stacks = Recording(FakeStacks([change("Add", "AWS::SNS::Topic")]))
    preview.say(stacks, MAILED, lambda *_: 0, lambda _: None)
    stacks.account.set_stack_policy = lambda **_: None
    protection.set_policy(stacks.client("cloudformation"), MAILED)
    alarms = Recording(FakeSite())
    assert list(alarms_on.problems(alarms, replace(MAILED, gradual="canary"))) == []
    called = (account.called | stacks.called | alarms.called) - {"sts:GetCallerIdentity"}

    assert called <= allowed().keys()
    of_the_cdk = {"sts:AssumeRole"}
    # Asked of a relay that the stack builds; of numbers after a deployment; the WAF's stack when it is given up.
    elsewhere = {
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstanceTypeOfferings",
        "cloudwatch:GetMetricStatistics",
        "cloudformation:DeleteStack",
    }
    assert allowed().keys() - called == of_the_cdk | elsewhere


def test_the_role_is_allowed_named_resources_only() -> None:
    """It becomes the CDK's roles of this account, and touches the stacks of this site."""
    rights = allowed()

    for resource in rights["sts:AssumeRole"]:
        assert ":role/cdk-hnb659fds-" in resource
        assert "cfn-exec" not in resource
    for action in ("cloudformation:SetStackPolicy", "cloudformation:DeleteChangeSet"):
        assert all(":stack/Passerby" in each for each in rights[action])
    assert all("-edge/*" in each for each in rights["cloudformation:DeleteStack"])
    assert not any("*" in action for action in rights)


class FakeIam:
    def __init__(self, *providers: str) -> None:
        self.providers = [*providers]

    def list_open_id_connect_providers(self) -> dict[str, Any]:
        return {"OpenIDConnectProviderList": [{"Arn": each} for each in self.providers]}

    def create_open_id_connect_provider(self, Url: str, ClientIDList: list[str]) -> None:  # noqa: N803
        assert ClientIDList == ["sts.amazonaws.com"]
        self.providers.append(Url)


@pytest.mark.parametrize(
    ("there", "made"), [([], 1), ([f"arn:aws:iam::1:oidc-provider/{ISSUER}"], 0), (["arn:…/gitlab.com"], 1)]
)
def test_an_account_has_one_provider_for_all_sites(there: list[str], made: int) -> None:
    """A second one for the same issuer would be refused."""
    iam = FakeIam(*there)
    pipeline.make_provider(iam, MAILED)

    assert iam.providers[len(there) :] == [f"https://{ISSUER}"] * made


def test_without_a_repository_it_says_what_is_missing() -> None:
    """And makes nothing."""
    iam = FakeIam()
    with pytest.raises(NotReadyError, match="pipeline_repository is not set"):
        pipeline.make_provider(iam, Options())
    assert iam.providers == []


def test_the_workflow_deploys_what_was_pushed_and_passed_and_nothing_else() -> None:
    """A fork may call its branch main and have its CI pass; it must not be deployed."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "deploy.yml").read_text())
    (job,) = workflow["jobs"].values()
    condition = " ".join(job["if"].split())

    assert "vars.PASSERBY_ROLE != ''" in condition
    for demanded in ("event == 'push'", "head_branch == 'main'", "conclusion == 'success'"):
        assert f"github.event.workflow_run.{demanded}" in condition
    assert workflow["permissions"] == {"contents": "read", "id-token": "write"}
    assert [step["run"] for step in job["steps"] if "run" in step][-1].startswith("make deploy ")
    assert workflow["concurrency"]["cancel-in-progress"] is False
