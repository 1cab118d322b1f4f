"""The dollars being spent, worked out from the use: AWS's own figures are a day late.

Prices are those of infra/prices.py; free tiers are left out, and so are small costs (connection minutes, logs,
traffic).
"""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_

from infra import prices

DAY = Duration.days(1)
MEGABYTES_OF_GIGABYTE = 1024


_MESSAGES = f"FILL(messages, 0) * {prices.MESSAGE:.8f}"
_UNITS = f"FILL(writes, 0) * {prices.WRITE_UNIT:.10f} + FILL(reads, 0) * {prices.READ_UNIT:.10f}"


def by_service(stage: gateway.WebSocketStage, table: dynamodb.TableV2, memory_mb: int) -> list[cloudwatch.IMetric]:
    """Return the dollars of a day, by service."""
    millisecond = memory_mb / MEGABYTES_OF_GIGABYTE * prices.GIGABYTE_SECOND / 1000
    run = f"FILL(calls, 0) * {prices.INVOCATION:.8f} + FILL(milliseconds, 0) * {millisecond:.14f}"
    return [
        _dollars("API Gateway", _MESSAGES, _messages(stage)),
        _dollars("Lambda", run, _invocations()),
        _dollars("DynamoDB", _UNITS, _units(table)),
    ]


def mostly(stage: gateway.WebSocketStage, table: dynamodb.TableV2) -> cloudwatch.MathExpression:
    """Return a day's dollars of the two services that a flood would spend, in one number that an alarm can watch."""
    return _dollars("dollars", f"{_MESSAGES} + {_UNITS}", {**_messages(stage), **_units(table)})


def _dollars(label: str, expression: str, numbers: Mapping[str, cloudwatch.IMetric]) -> cloudwatch.MathExpression:
    return cloudwatch.MathExpression(expression=expression, using_metrics=numbers, label=label, period=DAY)


def _messages(stage: gateway.WebSocketStage) -> dict[str, cloudwatch.IMetric]:
    return {"messages": stage.metric("MessageCount", statistic="Sum", period=DAY)}


def _invocations() -> dict[str, cloudwatch.IMetric]:
    return {
        "calls": lambda_.Function.metric_all_invocations(statistic="Sum", period=DAY),
        "milliseconds": lambda_.Function.metric_all_duration(statistic="Sum", period=DAY),
    }


def _units(table: dynamodb.TableV2) -> dict[str, cloudwatch.IMetric]:
    return {
        "writes": table.metric_consumed_write_capacity_units(statistic="Sum", period=DAY),
        "reads": table.metric_consumed_read_capacity_units(statistic="Sum", period=DAY),
    }
