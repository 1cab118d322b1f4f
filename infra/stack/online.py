"""How the site tells of itself: one Lambda writes how many people are here, another one the figures of each month."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from functions.chat.aws import site_bucket
from functions.routes import EXPIRY, PUBLISHING

# Which function writes which file of the site.
FILES: Mapping[str, str] = {EXPIRY.key: site_bucket.FILE, PUBLISHING.key: site_bucket.FIGURES_FILE}


def let_write(scope: Construct, functions: Mapping[str, lambda_.Function], bucket: s3.Bucket) -> None:
    """Let each of these functions write its file and nothing else there; the figures are written once a day."""
    for key, file in FILES.items():
        functions[key].add_environment("ONLINE_BUCKET", bucket.bucket_name)
        resource = bucket.arn_for_objects(file)
        functions[key].add_to_role_policy(iam.PolicyStatement(actions=["s3:PutObject"], resources=[resource]))
    # A day that failed is made up for by the next.
    target = targets.LambdaFunction(functions[PUBLISHING.key], retry_attempts=0)
    events.Rule(scope, "Figures", schedule=events.Schedule.rate(Duration.days(1)), targets=[target])
