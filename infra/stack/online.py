"""How visitors learn how many people are here: one Lambda may write one file of the site."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3

from functions.chat.aws import site_bucket


def let_write(function: lambda_.Function, bucket: s3.Bucket) -> None:
    """Let the function that counts write the file, and nothing else there."""
    function.add_environment("ONLINE_BUCKET", bucket.bucket_name)
    resource = bucket.arn_for_objects(site_bucket.FILE)
    function.add_to_role_policy(iam.PolicyStatement(actions=["s3:PutObject"], resources=[resource]))
