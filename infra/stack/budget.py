"""The month's budget: it writes to the operator, and closes the queues when it is used up.

Budgets look at the bill a few times a day (docs: "Managing your costs with AWS Budgets"), so this ends an attack that
goes on for days. The throttles bound the costs of an hour (infra/reports/attack.py). Nobody waits for the closing's
answer, so a call that fails for good is kept in a queue that an alarm watches.
"""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from infra.options.checks import SITE_TAG
from infra.options.options import Options
from infra.stack import messages

WARNING_PERCENTAGE = 80
USED_UP_PERCENTAGE = 100
# Lambda tries again after one minute and after two (docs: "Asynchronous invocation", error handling).
RETRIES = 2


def add(stack: Stack, options: Options, close: lambda_.IFunction) -> sqs.IQueue | None:
    """Add the budget when there is a limit; `close` is called when it is reached, unless that is switched off.

    Return where a closing that failed is kept.
    """
    if not options.monthly_budget_usd:
        return None
    failed = messages.failed(stack, "ClosingFailed") if options.budget_closes else None
    mail = budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=options.alarm_email)
    at_the_end = [mail, _closing(stack, close, failed)] if failed else [mail]
    budgets.CfnBudget(
        stack,
        "Budget",
        budget=budgets.CfnBudget.BudgetDataProperty(
            budget_type="COST",
            time_unit="MONTHLY",
            # Without the tag's activation in the billing console it counts nothing (infra/deploy/prerequisites.py).
            cost_filters={"TagKeyValue": [f"user:{SITE_TAG}${options.stack_name}"]},
            budget_limit=budgets.CfnBudget.SpendProperty(amount=options.monthly_budget_usd, unit="USD"),
        ),
        notifications_with_subscribers=[_notice(WARNING_PERCENTAGE, [mail]), _notice(USED_UP_PERCENTAGE, at_the_end)],
    )
    return failed


def _closing(stack: Stack, close: lambda_.IFunction, failed: sqs.IQueue) -> budgets.CfnBudget.SubscriberProperty:
    """Return a topic that calls the function."""
    topic = messages.topic_of(stack, "BudgetUsedUp", "budgets.amazonaws.com")
    # Two may lose it: the topic, which cannot call the function, and Lambda, in which it fails each time.
    topic.add_subscription(subscriptions.LambdaSubscription(close, dead_letter_queue=failed))
    close.configure_async_invoke(retry_attempts=RETRIES, on_failure=destinations.SqsDestination(failed))
    return budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=topic.topic_arn)


def _notice(
    percentage: int, subscribers: list[budgets.CfnBudget.SubscriberProperty]
) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
    return budgets.CfnBudget.NotificationWithSubscribersProperty(
        notification=budgets.CfnBudget.NotificationProperty(
            notification_type="ACTUAL",
            comparison_operator="GREATER_THAN",
            threshold=percentage,
            threshold_type="PERCENTAGE",
        ),
        subscribers=subscribers,
    )
