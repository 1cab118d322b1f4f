"""One page for the operator: is the site healthy, how long do people wait, how much does today cost.

Three rows, three questions. Numbers are those of functions/chat/runtime/metrics.py and AWS's own free ones. A page of
up to 50 metrics is free, a larger one costs $3 a month; a test counts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from functions.chat.runtime.metrics import BY_NAME, MILLISECONDS
from functions.chat.runtime.telemetry import SERVICE
from infra import prices
from infra.stack import names, spending

PERIOD = Duration.minutes(5)
WIDTH = 24  # of a dashboard, in its own units
HEIGHT = 6


@dataclass(frozen=True)
class Watched:
    """The sources of the page's metrics."""

    namespace: str
    stage: gateway.WebSocketStage
    table: dynamodb.TableV2
    memory_mb: int


def metric(namespace: str, name: str, statistic: str = "Sum") -> cloudwatch.Metric:
    """Return one of the handlers' own metrics."""
    assert name in BY_NAME, f"{name} is in functions/chat/runtime/metrics.py"
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        dimensions_map={"service": SERVICE},
        statistic=statistic,
        period=PERIOD,
        label=name if BY_NAME[name].unit != MILLISECONDS else f"{name}, {statistic}",
    )


def computed(expression: str, label: str, numbers: Mapping[str, cloudwatch.IMetric]) -> cloudwatch.MathExpression:
    """Return a number that CloudWatch computes of others in each window."""
    return cloudwatch.MathExpression(expression=expression, using_metrics=numbers, label=label, period=PERIOD)


def add(scope: Construct, watched: Watched, alarms: Iterable[cloudwatch.IAlarm]) -> cloudwatch.Dashboard:
    """Add the page; its name is the stack's and the Region's."""
    page = cloudwatch.Dashboard(
        scope, "Dashboard", dashboard_name=names.account_wide(scope, "site"), default_interval=Duration.hours(12)
    )
    page.add_widgets(_title("Is it healthy?", "Nothing red, no failures, few frames refused."))
    page.add_widgets(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=list(alarms), width=WIDTH, height=3))
    page.add_widgets(*_health(watched))
    page.add_widgets(_title("Who waits?", "Half of all pairs within seconds while people come; skips tell the rest."))
    page.add_widgets(*_waiting(watched))
    page.add_widgets(*_talking(watched))
    assumed = f"At {prices.REGION} prices of {prices.READ_ON}, without free tiers; Lambda is that of the whole account."
    page.add_widgets(_title("What does it cost today?", assumed))
    page.add_widgets(*_costs(watched))
    return page


def _health(watched: Watched) -> list[cloudwatch.IWidget]:
    own = partial(metric, watched.namespace)
    failures = [own("Failures"), watched.stage.metric("IntegrationError", statistic="Sum", period=PERIOD)]
    throttles = [
        watched.table.metric("WriteThrottleEvents", statistic="Sum", period=PERIOD, label="table"),
        lambda_.Function.metric_all_throttles(statistic="Sum", period=PERIOD, label="Lambdas of the account"),
        own("Refused_rate_limited"),
        own("Refused_busy"),
        own("PostsRefused"),
    ]
    return [
        _graph("Handlers that failed", failures),
        _graph("Throttled", throttles),
        _graph("Sockets lost, gone, resumed", [own("ConnectionsLost"), own("Gone"), own("Resumes")]),
        _graph("Relay", [own("RelayMinted"), own("RelayFailed"), own("RelayRested")]),
    ]


def _waiting(watched: Watched) -> list[cloudwatch.IWidget]:
    own = partial(metric, watched.namespace)
    waited = [own("Waited", statistic) for statistic in ("p50", "p95")]
    claims = {"s": own("Claims_SEEKER_CHANGED"), "c": own("Claims_CANDIDATE_CHANGED"), "w": own("Claims_WON")}
    races = computed("(FILL(s, 0) + FILL(c, 0)) / w", "lost races a pair", claims)
    retries = computed("FILL(r, 0) / w", "retries a pair", {"r": own("Claims_CONTENDED"), "w": own("Claims_WON")})
    return [
        _graph("People here", [own("PeopleHere", "Maximum")]),
        _graph("Waiting time (ms)", waited),
        _graph("Pairs", [own("Claims_WON")]),
        _graph("Races", [races, retries, own("SearchesGivenUp")]),
    ]


def _talking(watched: Watched) -> list[cloudwatch.IWidget]:
    own = partial(metric, watched.namespace)
    skips = {"q": own("QuickSkips"), "s": own("Claims_WON")}
    quick = computed("100 * FILL(q, 0) / s", "% skipped within 5 s", skips)
    calls = [own(name) for name in BY_NAME if name.startswith(("Calls_", "CallsFailed_"))]
    safety = [own(name) for name in ("Reports", "Bans", "Appeals", "FloodsCutOff", "ConnectionsRefused")]
    return [
        _graph("Conversations (ms)", [own("Conversation", statistic) for statistic in ("p50", "p95")], [quick]),
        _graph("How rooms end", [own(name) for name in BY_NAME if name.startswith("Rooms_")]),
        _graph("How calls go", calls),
        _graph("Reports and bans", safety),
    ]


def _costs(watched: Watched) -> list[cloudwatch.IWidget]:
    spent = spending.by_service(watched.stage, watched.table, watched.memory_mb)
    today = cloudwatch.SingleValueWidget(
        title="Dollars today", metrics=spent, width=WIDTH // 2, height=HEIGHT, period=spending.DAY, full_precision=True
    )
    units = [
        watched.table.metric_consumed_write_capacity_units(statistic="Sum", period=PERIOD),
        watched.table.metric_consumed_read_capacity_units(statistic="Sum", period=PERIOD),
    ]
    return [
        today,
        _graph("Messages", [watched.stage.metric("MessageCount", statistic="Sum", period=PERIOD)]),
        _graph("Table units", units),
    ]


def _graph(
    title: str, left: Sequence[cloudwatch.IMetric], right: Sequence[cloudwatch.IMetric] = ()
) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=[*left], right=[*right], width=WIDTH // 4, height=HEIGHT)


def _title(question: str, answer: str) -> cloudwatch.TextWidget:
    return cloudwatch.TextWidget(markdown=f"## {question}\n{answer}", width=WIDTH, height=2)
