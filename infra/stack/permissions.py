"""Policies: their statements beside the rows of functions/routes.py."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

# `make deploy` and `make diff` ask an account these by themselves.
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


def of_parameter(scope: Construct, name: str, *actions: str) -> iam.PolicyStatement:
    """Allow actions on one parameter of Systems Manager in the stack's own account and Region."""
    arn = Stack.of(scope).format_arn(service="ssm", resource="parameter", resource_name=name.removeprefix("/"))
    return iam.PolicyStatement(actions=[f"ssm:{action}" for action in actions], resources=[arn])
