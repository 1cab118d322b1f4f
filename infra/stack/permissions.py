"""What a policy may hold beside the rows of functions/routes.py, once: each wildcard with its reason."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

# Where a policy's resource ends in `*`, and why it cannot be narrower. Tests find no other.
WILDCARDS: Mapping[str, str] = {
    "/@connections/*": "API Gateway makes connection ids while the product runs; the stage and the method are named.",
}

# What `make deploy` and `make diff` ask an account by themselves.
ASKED = (
    "ce:ListCostAllocationTags",
    "cloudfront:ListDistributions",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetMetricStatistics",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeInstanceTypeOfferings",
    "lambda:GetAccountSettings",
    "servicequotas:GetServiceQuota",
    "sns:ListSubscriptions",
)

# Actions on services that have no resources, and why they are allowed at all. Tests find no other.
NAMELESS: Mapping[str, str] = {
    **dict.fromkeys(("xray:PutTraceSegments", "xray:PutTelemetryRecords"), "Writing traces, only with `tracing`."),
    **dict.fromkeys(ASKED, "A pipeline's questions about the whole account; they change nothing."),
}


def of_parameter(scope: Construct, name: str, *actions: str) -> iam.PolicyStatement:
    """Allow actions on one parameter of Systems Manager in the stack's own account and Region."""
    arn = Stack.of(scope).format_arn(service="ssm", resource="parameter", resource_name=name.removeprefix("/"))
    return iam.PolicyStatement(actions=[f"ssm:{action}" for action in actions], resources=[arn])
