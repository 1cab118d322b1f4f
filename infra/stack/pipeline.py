"""The role of a pipeline: GitHub's own tokens (OIDC) open it, so that no key of this account is kept anywhere else.

A stack of its own, which `make pipeline` deploys with an administrator's rights, and no deployment of the site changes.
The role may become the CDK's own roles, which `make bootstrap` made, and call what our own commands call. In the end it
can do all that CloudFormation may do on its behalf.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.options.options import BOOTSTRAP, CDK_ROLES, EDGE_REGION, PIPELINE_ISSUER, Options
from infra.stack.permissions import ASKED

# `make deploy` and `make diff` do these with the site's own stacks, besides what the CDK does with its own roles.
WITH_STACKS = (
    "cloudformation:DeleteChangeSet",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStacks",
    "cloudformation:ListStackResources",
    "cloudformation:SetStackPolicy",
)
# A first deployment with CloudFront and two relays' worth of waiting is over by then.
SESSION = Duration.hours(1)


class Pipeline(Stack):
    """One role; its ARN is an output."""

    def __init__(self, scope: Construct, options: Options, home: str, **stack: Any) -> None:
        super().__init__(
            scope, options.pipeline_stack_name, description="Passerby: who deploys the site from a pipeline", **stack
        )
        provider = self.format_arn(service="iam", region="", resource="oidc-provider", resource_name=PIPELINE_ISSUER)
        branch = f"repo:{options.pipeline_repository}:ref:refs/heads/main"
        conditions = {f"{PIPELINE_ISSUER}:aud": "sts.amazonaws.com", f"{PIPELINE_ISSUER}:sub": branch}
        role = iam.Role(
            self,
            "Role",
            description=f"Deploys {options.stack_name} from {options.pipeline_repository}",
            assumed_by=iam.WebIdentityPrincipal(provider, {"StringEquals": conditions}),
            max_session_duration=SESSION,
            inline_policies={"deploy": iam.PolicyDocument(statements=[*self._statements(options, home)])},
        )
        CfnOutput(self, "RoleArn", value=role.role_arn, description="What the workflow's variable PASSERBY_ROLE holds")

    def _statements(self, options: Options, home: str) -> Iterator[iam.PolicyStatement]:
        regions = options.regions(home)
        roles = [f"cdk-{BOOTSTRAP}-{name}-role-{self.account}-{region}" for region in regions for name in CDK_ROLES]
        yield _allow(["sts:AssumeRole"], [self._arn("iam", "role", name, region="") for name in roles])
        yield _allow(ASKED, ["*"])
        stacks = [self._arn("cloudformation", "stack", f"{options.stack_name}/*", region=home)]
        edge = self._arn("cloudformation", "stack", f"{options.edge_stack_name(home)}/*", region=EDGE_REGION)
        yield _allow(WITH_STACKS, [*stacks, edge])
        # A WAF that is no longer asked for is removed, with the role that made it.
        yield _allow(["cloudformation:DeleteStack"], [edge])
        versions = [
            self._arn("ssm", "parameter", f"cdk-bootstrap/{BOOTSTRAP}/version", region=region) for region in regions
        ]
        secrets = [
            self._arn("ssm", "parameter", name.lstrip("/"), region=home) for _, name in options.secret_parameters
        ]
        yield _allow(["ssm:GetParameter"], [*versions, *secrets])
        if options.makes_relay_secret:
            yield _allow(["ssm:PutParameter", "ssm:AddTagsToResource"], secrets[-1:])

    def _arn(self, service: str, resource: str, name: str, *, region: str) -> str:
        return self.format_arn(service=service, region=region, resource=resource, resource_name=name)


def _allow(actions: Iterable[str], resources: list[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=[*actions], resources=resources)
