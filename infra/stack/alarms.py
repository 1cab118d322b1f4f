"""Alarms on which a person should act: each says what to do, and is e-mailed where an address is given.

CloudWatch bills each number that an alarm watches, and ten are free in an account; a test counts them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from infra.options.options import TRIALS_IN_A_ROW, Options
from infra.stack import canary, messages, spending
from infra.stack.dashboard import PERIOD, computed, metric

# A handler that fails now and then is repaired by the client's next frame; five in five minutes are a fault.
FAILURES_MIN = 5
# Two counters are compared that do not tick together: if one window has too many, the next has too few.
FAILURE_WINDOWS = 2
# A call that the relay's provider refuses costs one room its relay; this many in five minutes are an outage.
RELAY_FAILURES_MIN = 10
# Where so many are paired in five minutes, others are there for everybody: half of them within seconds.
PAIRS_MIN = 30
WAITED_MS_MAX = 10_000
WAITING_WINDOWS = 3
# A day may cost this many times a thirtieth of the monthly budget: a good weekend does, a flood does more.
GOOD_DAY = 3
DAYS_OF_MONTH = 30


@dataclass(frozen=True)
class Sources:
    """Where the numbers come from."""

    stage: gateway.WebSocketStage
    table: dynamodb.TableV2
    failed_work: sqs.IQueue
    failed_closing: sqs.IQueue | None = None


@dataclass(frozen=True)
class Rule:
    """Alarm when a number reaches `least` in so many windows in a row; `text` says what it means and what to do."""

    name: str
    number: cloudwatch.IMetric
    least: float
    text: str
    windows: int = 1


@dataclass(frozen=True)
class Alarms:
    """All of them, and among them those that a new version may bring about."""

    all: list[cloudwatch.Alarm]
    of_versions: list[cloudwatch.Alarm]


def add(stack: Stack, options: Options, sources: Sources) -> Alarms:
    """Add the alarms, and send them by e-mail when there is somebody to write to."""
    rules = [*_rules(options, sources)]
    alarms = [_alarm(stack, rule) for rule in rules]
    if options.alarm_email:
        topic = messages.topic_of(stack, "Alarms", "cloudwatch.amazonaws.com", f"{options.stack_name} alarms")
        topic.add_subscription(subscriptions.EmailSubscription(options.alarm_email))
        for alarm in alarms:
            alarm.add_alarm_action(actions.SnsAction(topic))
            alarm.add_ok_action(actions.SnsAction(topic))
    of_versions = options.alarms_of_versions
    return Alarms(alarms, [alarm for rule, alarm in zip(rules, alarms, strict=True) if rule.name in of_versions])


def _alarm(stack: Stack, rule: Rule) -> cloudwatch.Alarm:
    return cloudwatch.Alarm(
        stack,
        rule.name,
        metric=rule.number,
        threshold=rule.least,
        evaluation_periods=rule.windows,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        alarm_description=rule.text,
    )


def _rules(options: Options, sources: Sources) -> Iterator[Rule]:
    yield Rule(
        "FramesFail",
        _failures(options.stack_name, sources.stage),
        FAILURES_MIN,
        "Handlers fail, and clients repeat their frames. Run the saved query 'What fails', and deploy the last version "
        "that worked.",
        FAILURE_WINDOWS,
    )
    yield Rule(
        "LaterWorkFails",
        _kept(sources.failed_work),
        1,
        "What a lost connection left behind could not be ended five times, so somebody may wait for a ghost. Run the "
        "saved query 'What fails' for the time; purge the queue of failed messages when the cause is gone.",
    )
    yield from _throttles(sources)
    yield Rule(
        "PeopleWait",
        _waiting_in_a_crowd(options.stack_name),
        WAITED_MS_MAX,
        "Many people come and yet half of them wait for more than 10 s. Look at Races on the dashboard: with many lost "
        "races double queue_shards in cdk.json and deploy; without, run the saved query 'Why was this person not "
        "paired'.",
        WAITING_WINDOWS,
    )
    yield from _of_options(options, sources)


def _of_options(options: Options, sources: Sources) -> Iterator[Rule]:
    """Yield the alarms that only chosen options need."""
    if options.smoke_minutes:
        yield _trials(options)
    if options.turn != "none":
        yield Rule(
            "RelayFails",
            metric(options.stack_name, "RelayFailed"),
            RELAY_FAILURES_MIN,
            "The relay hands out no credentials, and video falls back to direct connections or none. Look at its "
            "provider, its secret and its quota (docs/video.md); the log says how it fails.",
        )
    if sources.failed_closing:
        yield Rule(
            "ClosingFails",
            _kept(sources.failed_closing),
            1,
            "The month's budget is used up, and the site could not close itself. Run python -m infra.operator close "
            "text, and close video; purge the queue of failed closings when that is done.",
        )
    if options.monthly_budget_usd:
        yield Rule(
            "SpendsFast",
            spending.mostly(sources.stage, sources.table),
            GOOD_DAY * options.monthly_budget_usd / DAYS_OF_MONTH,
            "Today costs three times its share of the monthly budget. See on the dashboard what for; if it is a flood, "
            "close the modes (python -m infra.operator close) and choose a smaller preset.",
        )


def _trials(options: Options) -> Rule:
    return Rule(
        "SiteFails",
        canary.failures(options),
        1,
        "Two trials of the site from outside failed in a row. Look into the log of the trials, which says at which "
        "step, or run `make smoke`. After a deployment, deploy the last version that worked.",
        TRIALS_IN_A_ROW,
    )


def _throttles(sources: Sources) -> Iterator[Rule]:
    yield Rule(
        "LambdasThrottled",
        lambda_.Function.metric_all_throttles(statistic="Sum", period=PERIOD),
        1,
        "Lambdas run at this account's limit and frames are lost: Service Quotas, Lambda, Concurrent executions.",
    )
    yield Rule(
        "TableThrottled",
        sources.table.metric("WriteThrottleEvents", statistic="Sum", period=PERIOD),
        1,
        "One partition of the table is too hot, most likely the lobby. Double queue_shards in cdk.json and deploy.",
    )


def _kept(queue: sqs.IQueue) -> cloudwatch.Metric:
    """Return how many messages lie in a queue of calls that failed for good."""
    return queue.metric_approximate_number_of_messages_visible(statistic="Maximum", period=PERIOD)


def _failures(namespace: str, stage: gateway.WebSocketStage) -> cloudwatch.MathExpression:
    """Return the failures; API Gateway also counts each socket that connect refuses, which scanners bring about."""
    errors = stage.metric("IntegrationError", statistic="Sum", period=PERIOD)
    numbers = {"errors": errors, "refused": metric(namespace, "ConnectionsRefused")}
    return computed("FILL(errors, 0) - FILL(refused, 0)", "handlers that failed", numbers)


def _waiting_in_a_crowd(namespace: str) -> cloudwatch.MathExpression:
    """Return half of all waiting times where many are paired: a small site's people wait, and nothing is wrong."""
    numbers = {"pairs": metric(namespace, "Claims_WON"), "waited": metric(namespace, "Waited", "p50")}
    return computed(f"IF(FILL(pairs, 0) >= {PAIRS_MIN}, waited, 0)", "half waited (ms)", numbers)
