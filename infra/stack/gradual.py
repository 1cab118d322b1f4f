"""New versions of the Lambdas take over bit by bit, and go back by themselves when an alarm says so (`gradual`).

CodeDeploy moves the alias that routes call. It watches the alarms that people with a new version would notice; one of
them in alarm ends the deployment, and CloudFormation takes everything back. The page is uploaded after that, so until
then every page that is open talks to both versions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.options.options import Options

# Each lasts longer than the alarms need, which look at ten and fifteen minutes (alarms.py).
WAYS: Mapping[str, codedeploy.ILambdaDeploymentConfig] = {
    "canary": codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_15_MINUTES,
    "linear": codedeploy.LambdaDeploymentConfig.LINEAR_10_PERCENT_EVERY_3_MINUTES,
}


def shift(
    scope: Construct, options: Options, aliases: Mapping[str, lambda_.Alias], alarms: Sequence[cloudwatch.IAlarm]
) -> None:
    """Move these aliases from version to version as the options say, if they do."""
    if options.gradual not in WAYS:
        return
    home = Construct(scope, "Gradual")
    application = codedeploy.LambdaApplication(home, "application")
    # AWS keeps what CodeDeploy may do for a Lambda; a role of our own would break when it needs more.
    policy = iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AWSCodeDeployRoleForLambdaLimited")
    role = iam.Role(
        home,
        "role",
        description=f"{options.stack_name}: moving routes to new versions of their Lambdas",
        assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"),
        managed_policies=[policy],
    )
    for name, alias in aliases.items():
        codedeploy.LambdaDeploymentGroup(
            home,
            name,
            application=application,
            alias=alias,
            alarms=list(alarms),
            deployment_config=WAYS[options.gradual],
            role=role,
        )
