"""Log groups that end: each has a retention and goes away with the stack, so that nobody pays for forgotten lines."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct


def log_group(scope: Construct, id: str, retention_days: int) -> logs.LogGroup:
    """Make a log group that keeps lines so long; the CDK names retentions by words, the options by days."""
    group = logs.LogGroup(scope, id, removal_policy=RemovalPolicy.DESTROY)
    resource = group.node.default_child
    assert isinstance(resource, logs.CfnLogGroup), "a log group is one resource"
    resource.retention_in_days = retention_days
    return group


def writing(group: logs.LogGroup) -> iam.PolicyStatement:
    """Allow writing into this group; the ready-made policy would allow it in every group of the account."""
    return iam.PolicyStatement(actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[group.log_group_arn])
