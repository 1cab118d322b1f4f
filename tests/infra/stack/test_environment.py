"""The stack sets what the functions read, and functions read what the stack sets."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from infra.asset.asset import FUNCTIONS
from infra.options.context import read
from infra.options.environment_size import estimate
from tests.infra.stack.templates import CHOSEN, VARIANTS, flat, synthesise

READ = re.compile(r"""environ(?:ment)?(?:\.get\(|\[|,\s*)"([A-Z][A-Z_]+)\"""")

# Variables that functions read and no stack sets, each with its reason.
NOT_SET: Mapping[str, str] = {
    "AWS_REGION": "Lambda sets it.",
    "AWS_LAMBDA_FUNCTION_NAME": "Lambda sets it.",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "Lambda sets it.",
    "AWS_ACCESS_KEY_ID": "Lambda sets it.",
    "AWS_SECRET_ACCESS_KEY": "Lambda sets it.",
    "AWS_SESSION_TOKEN": "Lambda sets it.",
    "AWS_ENDPOINT_URL_SSM": "AWS's own address is right; tests have another.",
    "TURN_SECRET": "Plain secrets are for one's own machine: on AWS TURN_SECRET_PARAMETER names an encrypted one.",
    "AGE_SECRET": "As TURN_SECRET.",
    "IDENTITY_KEYS": "As TURN_SECRET.",
    "POWERTOOLS_LOG_LEVEL": "Only where nobody set LOG_LEVEL; the stack sets it.",
    "EDGE_SECRET_BEFORE": "make rotate-edge-secret sets it for the minutes that CloudFront takes.",
    "TURN_TTL_SECONDS": "coturn checks a credential when a relay is allocated; the default is long enough for that.",
}

# Variables that the stack sets and functions do not name: their libraries read them.
FOR_LIBRARIES: Mapping[str, str] = {
    "POWERTOOLS_LOGGER_SAMPLE_RATE": "aws-lambda-powertools",
    "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": "botocore",
}


def _read() -> set[str]:
    return {name for path in FUNCTIONS.rglob("*.py") for name in READ.findall(path.read_text())}


def _set() -> set[str]:
    handlers = "functions.handlers."
    functions = [
        function["Properties"]
        for variant in VARIANTS
        for function in synthesise(variant).resources("AWS::Lambda::Function").values()
    ]
    ours = [each for each in functions if each["Handler"].startswith(handlers)]
    return {name for each in ours for name in each["Environment"]["Variables"]}


def test_a_variable_that_functions_read_is_set_or_has_a_reason_not_to_be() -> None:
    """A setting that works on localhost only is found here."""
    assert len(_read()) > 20, "the pattern still finds how settings are read"
    assert _read() - _set() == set(NOT_SET)


def test_a_variable_that_is_set_is_read() -> None:
    """No option does nothing."""
    assert _set() - _read() == set(FOR_LIBRARIES)


@pytest.mark.parametrize("variant", [*VARIANTS, "chosen"])
def test_no_environment_is_longer_than_estimated(variant: str) -> None:
    """With references at the length of what CloudFormation puts there: names of the stack's, of ours and of its own."""
    options = {**VARIANTS, "chosen": CHOSEN}[variant]
    functions = [each["Properties"] for each in synthesise(variant).resources("AWS::Lambda::Function").values()]
    longest = max(
        sum(len(name) + len(deployed(flat(value))) for name, value in each["Environment"]["Variables"].items())
        for each in functions
        if each["Handler"].startswith("functions.handlers.")
    )

    assert 500 < longest <= estimate(read(options))


def deployed(text: str) -> str:
    """Return a text with the longest values that a deployment puts in place of the template's references."""
    own = "Passerby-0123456789012345678901234567890-ABCDEFGHIJKL"
    for part, longest in (
        ("Relayschannel0A74C032F.Arn", f"arn:aws:kinesisvideo:ap-southeast-1:123456789012:channel/{own}/1700000000000"),
        ("Relayschannel15A6BA725.Arn", f"arn:aws:kinesisvideo:ap-southeast-1:123456789012:channel/{own}/1700000000000"),
        ("Expiryqueue3B5D9DB4", f"https://sqs.ap-southeast-1.amazonaws.com/123456789012/{own}"),
        ("Sitebucket7AA61A80", own),
        ("TableCD117FA1", own),
        ("SocketsapiB84F56CB", "abcdefghij"),
        ("AWS::Region", "ap-southeast-1"),
        ("AWS::URLSuffix", "amazonaws.com"),
        ("Sitedistribution3CA47039.DomainName", "d111111abcdef8.cloudfront.net"),
        ("Coturnaddress328F7A41.PublicIp", "255.255.255.255"),
    ):
        text = text.replace(part, longest)
    return text
