"""Alarms that are on before a gradual deployment begins: CodeDeploy would end the deployment at once and take it back.

The operator sees that after minutes, and it looks like a fault of the new version, which may be the cure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy import protection
from infra.options.options import Options

ALARM_TYPE = "AWS::CloudWatch::Alarm"
ALREADY_ON = (
    "{alarms} already on, and would stop a gradual deployment at once. If this deployment is the cure, run "
    '`make deploy ARGS="-c gradual=none"`; if not, do first what the alarm says (docs/operating.md).'
)


def problems(session: Any, options: Options) -> Iterator[str]:
    """Yield a sentence where an alarm would stop the deployment; nothing where the credentials may not ask."""
    if options.gradual == "none":
        return
    try:
        names = _deployed(session.client("cloudformation"), options)
        on = _on(session.client("cloudwatch"), names)
    except (ClientError, BotoCoreError):
        return
    if on:
        yield ALREADY_ON.format(alarms=f"{' and '.join(on)} {'is' if len(on) == 1 else 'are'}")


def _deployed(cloudformation: Any, options: Options) -> dict[str, str]:
    """Return the watched alarms of the site that is there, each under the name that AWS knows it by."""
    if not protection.exists(cloudformation, options.stack_name):
        return {}
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=options.stack_name)
    return {
        each["PhysicalResourceId"]: name
        for page in pages
        for each in page["StackResourceSummaries"]
        for name in options.alarms_of_versions
        if each["ResourceType"] == ALARM_TYPE and each["LogicalResourceId"].startswith(name)
    }


def _on(cloudwatch: Any, names: dict[str, str]) -> list[str]:
    # Without names it would tell of every alarm of the account.
    found = cloudwatch.describe_alarms(AlarmNames=[*names], StateValue="ALARM")["MetricAlarms"] if names else ()
    return sorted(names[each["AlarmName"]] for each in found)
