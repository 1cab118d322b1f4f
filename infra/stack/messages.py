"""Queues that keep what failed, and topics that one service of AWS may publish to."""

from __future__ import annotations

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

FAILED_KEPT_DAYS = 14


def failed(scope: Construct, id: str) -> sqs.Queue:
    """Return a queue that keeps failed messages aside for somebody to look at; an alarm watches it."""
    return sqs.Queue(
        scope,
        id,
        retention_period=Duration.days(FAILED_KEPT_DAYS),
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
    )


def topic_of(scope: Construct, id: str, publisher: str, display_name: str | None = None) -> sns.Topic:
    """Return a topic that this service of AWS may publish to for this account, and nobody else.

    A topic allows that by itself until it has a policy, and `enforce_ssl` is one that only denies. Without these rights
    nothing is ever sent, and only an alarm's history says so (docs: "Example cases for Amazon SNS access control").
    No address appears in a message, only names of alarms and budgets: a key of its own would cost $1 a month.
    """
    topic = sns.Topic(scope, id, display_name=display_name, enforce_ssl=True)
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal(publisher)],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        )
    )
    return topic
