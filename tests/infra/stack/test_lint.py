"""The templates against AWS's own schemas of its resources: CloudFormation's refusals, minutes into a deployment."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.decode import decode_str
from cfnlint.runner import Runner

from tests.infra.stack.templates import VARIANTS, synthesise

# Where synthesise() puts the site. The WAF's own Region knows every type that is used here, too.
REGIONS = ["eu-west-1"]
# The CDK names a role in DependsOn besides referring to it, which does no harm.
IGNORED = ["W3005"]


@cache
def runner() -> Runner:
    """Return what has read all rules."""
    return Runner(ConfigMixIn(regions=REGIONS, ignore_checks=IGNORED))


def findings(template: dict[str, Any]) -> list[str]:
    decoded, unreadable = decode_str(json.dumps(template))
    assert not unreadable
    matches = runner().validate_template(decoded)
    return [f"{match.rule.id} {match.message} ({'/'.join(map(str, match.path or ()))})" for match in matches]


@pytest.mark.parametrize("variant", [*VARIANTS, "chosen"])
def test_a_template_is_what_cloudformation_takes(variant: str) -> None:
    """Neither an error nor a warning, in any stack."""
    for name, template in synthesise(variant).templates.items():
        assert (name, findings(template)) == (name, [])


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("AWS::SQS::Queue", "VisibilityTimeout", 100_000),
        ("AWS::Logs::LogGroup", "RetentionInDays", 2),
        ("AWS::Logs::LogGroup", "Retention", 1),
        ("AWS::CloudFront::Distribution", "DistributionConfig", {"Enabled": True}),
    ],
)
def test_a_value_that_aws_would_refuse_is_found(kind: str, name: str, value: object) -> None:
    """So that an empty list means something."""
    template = {"Resources": {"Wrong": {"Type": kind, "Properties": {name: value}}}}

    assert [each for each in findings(template) if each.startswith("E")]
