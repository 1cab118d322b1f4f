"""The scheduled trial of the site from outside (`smoke_minutes`): a Lambda that may do nothing but log one number."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct, IDependable

from infra.asset import smoke_asset
from infra.options.options import Options
from infra.smoke.handler import METRIC, SERVICE
from infra.smoke.steps import STEP_SECONDS_MAX, STEPS
from infra.stack.lambdas import ARCHITECTURE, RUNTIME
from infra.stack.logs import log_group, writing

MEGABYTES = 256
# Every step may take its whole time, and the first call its start.
TIMEOUT = Duration.seconds(STEPS * STEP_SECONDS_MAX + 10)


class Canary(Construct):
    """Tries the site that is there `after` these are made."""

    def __init__(
        self, scope: Construct, id: str, options: Options, url: str, websocket_url: str, after: IDependable
    ) -> None:
        super().__init__(scope, id)
        group = log_group(self, "logs", options.log_retention_days)
        role = iam.Role(
            self,
            "role",
            description=f"{options.stack_name}: what the scheduled trial may do",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={"log": iam.PolicyDocument(statements=[writing(group)])},
        )
        function = lambda_.Function(
            self,
            "function",
            description=f"{options.stack_name}: the trial of the site, every {options.smoke_minutes} minutes",
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            code=lambda_.Code.from_asset(str(smoke_asset.build())),
            handler=smoke_asset.HANDLER,
            role=role,
            memory_size=MEGABYTES,
            timeout=TIMEOUT,
            log_group=group,
            logging_format=lambda_.LoggingFormat.JSON,
            system_log_level_v2=lambda_.SystemLogLevel.WARN,
            environment={
                "SITE_URL": url,
                "WEBSOCKET_URL": websocket_url,
                "EXPECTS_RELAY": str(options.turn != "none").lower(),
                "METRICS_NAMESPACE": options.stack_name,
            },
        )
        # A trial that did not come about is made up for by the next; a second one at once would only be counted twice.
        function.configure_async_invoke(retry_attempts=0, max_event_age=Duration.minutes(options.smoke_minutes))
        target = targets.LambdaFunction(function, retry_attempts=0)
        schedule = events.Schedule.rate(Duration.minutes(options.smoke_minutes))
        rule = events.Rule(self, "schedule", schedule=schedule, targets=[target])
        rule.node.add_dependency(after)


def failures(options: Options) -> cloudwatch.Metric:
    """Return how many trials failed in the time between two of them."""
    return cloudwatch.Metric(
        namespace=options.stack_name,
        metric_name=METRIC,
        dimensions_map={"service": SERVICE},
        statistic="Sum",
        period=Duration.minutes(options.smoke_minutes),
    )
