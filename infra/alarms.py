"""What writes to the operator: alarms that a person should act on, each saying what to do, and a budget."""

from __future__ import annotations

from aws_cdk import Duration, Stack
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.options import Options

WINDOW = Duration.minutes(5)

# A handler that fails now and then is repaired by the client's next frame; five in five minutes are a fault.
FAILURES_MIN = 5
BUDGET_PERCENTAGES = (80, 100)


def add(stack: Stack, options: Options, stage: gateway.WebSocketStage, table: dynamodb.TableV2) -> None:
    """Add alarms when there is somebody to write to, and a budget when there is a limit."""
    if not options.alarm_email:
        return
    # Anonymous addresses never appear in it, only names of alarms: its own encryption key would cost $1 a month.
    topic = sns.Topic(stack, "Alarms", display_name=f"{options.stack_name} alarms", enforce_ssl=True)
    topic.add_subscription(subscriptions.EmailSubscription(options.alarm_email))
    for name, metric, least, text in _alarms(stage, table):
        alarm = metric.create_alarm(
            stack,
            name,
            threshold=least,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=text,
        )
        alarm.add_alarm_action(actions.SnsAction(topic))
    if options.monthly_budget_usd:
        _add_budget(stack, options)


def _alarms(stage: gateway.WebSocketStage, table: dynamodb.TableV2) -> list[tuple[str, cloudwatch.Metric, int, str]]:
    return [
        (
            "FramesFail",
            stage.metric("IntegrationError", statistic="Sum", period=WINDOW),
            FAILURES_MIN,
            "Handlers fail. Search the log groups of the stack for ERROR, and deploy the last version that worked.",
        ),
        (
            "LambdasThrottled",
            lambda_.Function.metric_all_throttles(statistic="Sum", period=WINDOW),
            1,
            "Lambdas run at this account's limit and frames are lost: Service Quotas, Lambda, Concurrent executions.",
        ),
        (
            "TableThrottled",
            table.metric("WriteThrottleEvents", statistic="Sum", period=WINDOW),
            1,
            "One partition of the table is too hot, most likely the lobby. Double queue_shards in cdk.json and deploy.",
        ),
    ]


def _add_budget(scope: Construct, options: Options) -> None:
    subscriber = budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=options.alarm_email)
    budgets.CfnBudget(
        scope,
        "Budget",
        budget=budgets.CfnBudget.BudgetDataProperty(
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=budgets.CfnBudget.SpendProperty(amount=options.monthly_budget_usd, unit="USD"),
        ),
        notifications_with_subscribers=[
            budgets.CfnBudget.NotificationWithSubscribersProperty(
                notification=budgets.CfnBudget.NotificationProperty(
                    notification_type="ACTUAL",
                    comparison_operator="GREATER_THAN",
                    threshold=percentage,
                    threshold_type="PERCENTAGE",
                ),
                subscribers=[subscriber],
            )
            for percentage in BUDGET_PERCENTAGES
        ],
    )
