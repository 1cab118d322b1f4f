"""CloudFormation's rights for a site: those that its resources need by AWS's schemas, and no role but its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.deploy import execution_policy
from infra.options.options import Options
from tests.infra.stack.templates import VARIANTS, synthesise

ACCOUNT = "123456789012"
CHARACTERS_MAX, POLICIES_MAX = 6144, 10  # docs: "IAM and AWS STS quotas"


def documents(variant: str) -> list[dict[str, Any]]:
    kinds = {resource["Type"] for _, resource in synthesise(variant).all_resources()}
    return [*execution_policy.documents(kinds, ACCOUNT, "Passerby")]


def allowed(variant: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for document in documents(variant):
        (statement,) = document["Statement"]
        for action in statement["Action"]:
            found.setdefault(action, set()).update(statement["Resource"])
    return found


@pytest.mark.parametrize("variant", VARIANTS)
def test_it_fits_a_role(variant: str) -> None:
    """As many policies as a role may have, each as long as one may be."""
    found = documents(variant)

    assert len(found) < POLICIES_MAX
    assert all(len(json.dumps(each)) <= CHARACTERS_MAX for each in found)
    assert all(each["Statement"][0]["Action"] for each in found)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_program_that_may_make_any_role_may_do_anything(variant: str) -> None:
    """So only the site's own may be made, changed and handed on, and no user or group is touched."""
    for action, resources in allowed(variant).items():
        assert action != "*"
        assert not action.endswith(":*")
        if action.startswith("iam:"):
            assert "User" not in action
            assert "Group" not in action
            assert resources == {f"arn:aws:iam::{ACCOUNT}:{kind}/Passerby-*" for kind in ("role", "instance-profile")}


def test_a_long_name_is_shortened_as_cloudformation_shortens_it() -> None:
    """In a role's 64 characters there is room for the beginning of a stack's name only."""
    name = "A-site-with-a-long-name-of-its-own"
    roles, *_ = execution_policy.documents({"AWS::IAM::Role"}, ACCOUNT, name)
    (statement,) = roles["Statement"]

    assert statement["Resource"][0] == f"arn:aws:iam::{ACCOUNT}:role/A-site-with-a-long-n*"


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_role_can_be_given_its_policies(variant: str) -> None:
    """Each role of a template has some within it; a role without them can do nothing."""
    needed = {"iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:AttachRolePolicy", "iam:PassRole"}

    assert needed | {"iam:UpdateAssumeRolePolicy", "iam:DetachRolePolicy", "iam:DeleteRole"} <= allowed(variant).keys()


# By variant, and whether they are needed there. The firewall's stack lies in another Region, and CloudFormation looks
# there with the same role. To move aliases bit by bit it asks CodeDeploy, by their update policy.
ACTIONS = [
    ("default", "lambda:CreateFunction lambda:InvokeFunction dynamodb:CreateTable cloudfront:CreateDistribution", True),
    ("default", "iam:PassRole iam:TagRole sqs:DeleteQueue sqs:TagQueue ssm:GetParameters apigateway:POST", True),
    ("default", "logs:TagResource s3:DeleteBucketTagging", True),
    ("default", "wafv2:CreateWebACL secretsmanager:CreateSecret budgets:ModifyBudget", False),
    ("guarded", "wafv2:CreateWebACL secretsmanager:CreateSecret budgets:ModifyBudget", True),
    ("guarded", "wafv2:TagResource secretsmanager:TagResource budgets:TagResource cloudformation:DescribeStacks", True),
    ("default", "ec2:RunInstances ec2:AllocateAddress", False),
    ("coturn", "ec2:RunInstances ec2:AllocateAddress", True),
    ("default", "codedeploy:CreateDeployment codedeploy:GetDeployment codedeploy:CreateDeploymentGroup", False),
    ("coturn", "codedeploy:CreateDeployment codedeploy:GetDeployment codedeploy:CreateDeploymentGroup", True),
    ("coturn", "codedeploy:GetDeploymentConfig codedeploy:StopDeployment codedeploy:GetApplicationRevision", True),
    ("coturn", "codedeploy:RegisterApplicationRevision", True),
]


@pytest.mark.parametrize(("variant", "actions", "are_allowed"), ACTIONS)
def test_resources_of_a_template_can_be_made_tagged_and_removed(variant: str, actions: str, are_allowed: bool) -> None:
    """And what is not in it cannot."""
    for action in actions.split():
        assert (action in allowed(variant)) is are_allowed, action


class FakeIam:
    """An account's policies, each with its versions; the first one made is the oldest."""

    class exceptions:  # noqa: N801 - boto3's own name
        NoSuchEntityException = type("NoSuchEntityException", (Exception,), {})

    def __init__(self) -> None:
        self.versions: dict[str, list[dict[str, Any]]] = {}

    def list_policy_versions(self, PolicyArn: str) -> dict[str, Any]:  # noqa: N803
        if PolicyArn not in self.versions:
            raise self.exceptions.NoSuchEntityException
        return {"Versions": self.versions[PolicyArn][::-1]}

    def create_policy(self, PolicyName: str, PolicyDocument: str) -> None:  # noqa: N803
        self.versions[f"arn:aws:iam::{ACCOUNT}:policy/{PolicyName}"] = [self._version(1, PolicyDocument)]

    def create_policy_version(self, PolicyArn: str, PolicyDocument: str, SetAsDefault: bool) -> None:  # noqa: N803
        there = self.versions[PolicyArn]
        assert len(there) < 5, "LimitExceeded"
        for each in there:
            each["IsDefaultVersion"] = False
        there.append(self._version(int(there[-1]["VersionId"]) + 1, PolicyDocument))

    def delete_policy_version(self, PolicyArn: str, VersionId: str) -> None:  # noqa: N803
        (gone,) = (each for each in self.versions[PolicyArn] if each["VersionId"] == VersionId)
        assert not gone["IsDefaultVersion"], "DeleteConflict"
        self.versions[PolicyArn].remove(gone)

    def _version(self, number: int, document: str) -> dict[str, Any]:
        made = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)
        return {"VersionId": str(number), "IsDefaultVersion": True, "CreateDate": made, "document": document}


def test_it_is_made_once_and_changed_with_the_options(tmp_path: Path) -> None:
    """A policy keeps five versions: the oldest one goes."""
    template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}, "Meta": {"Type": "AWS::CDK::Metadata"}}}
    (tmp_path / "Passerby.template.json").write_text(json.dumps(template))
    iam = FakeIam()
    for _ in range(7):
        arns = execution_policy.put(iam, ACCOUNT, Options(), tmp_path)

    assert arns == [f"arn:aws:iam::{ACCOUNT}:policy/Passerby-execution-{number}" for number in range(len(arns))]
    assert sorted(iam.versions) == sorted(arns)
    assert all([int(each["VersionId"]) for each in there] == [3, 4, 5, 6, 7] for there in iam.versions.values())
    assert "sqs:CreateQueue" in iam.versions[arns[-1]][-1]["document"]
