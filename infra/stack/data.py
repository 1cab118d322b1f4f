"""The one table. It outlives every deployment: a test freezes its logical id, because another one is another table."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from functions.chat import storage as schema
from infra.options.options import Options


def make_table(scope: Construct, options: Options) -> dynamodb.TableV2:
    """Make the table: paid by use, expiring by itself, encrypted with DynamoDB's own key, which costs nothing."""
    return dynamodb.TableV2(
        scope,
        "Table",
        table_name=options.table_name or None,
        partition_key=dynamodb.Attribute(name=schema.PARTITION_KEY, type=dynamodb.AttributeType.STRING),
        sort_key=dynamodb.Attribute(name=schema.SORT_KEY, type=dynamodb.AttributeType.STRING),
        time_to_live_attribute=schema.TTL_ATTRIBUTE,
        billing=dynamodb.Billing.on_demand(),
        encryption=dynamodb.TableEncryptionV2.dynamo_owned_key(),
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=options.point_in_time_recovery
        ),
        # Bans and reports are in it: nobody deletes it by a slip, in the console either.
        deletion_protection=options.removal_policy == "retain",
        removal_policy=RemovalPolicy.RETAIN if options.removal_policy == "retain" else RemovalPolicy.DESTROY,
    )
