"""The changes of a deployment, in words: from CloudFormation's own list of changes to sentences. Pure.

A change set is prepared by the CDK, described by AWS and deleted again (infra/deploy/preview.py); here is what each
change means to visitors and to the bill.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from infra import prices
from infra.deploy.protection import TABLE_TYPE
from infra.options.options import Options

Change = Mapping[str, Any]  # a ResourceChange (AWS CloudFormation API Reference)

ADDED, CHANGED, REPLACED, PERHAPS_REPLACED, REMOVED = "new", "changed", "replaced", "perhaps replaced", "removed"
_VERBS = {"Add": ADDED, "Import": "adopted", "Modify": CHANGED, "Remove": REMOVED, "Dynamic": PERHAPS_REPLACED}
_REPLACEMENTS = {"True": REPLACED, "Conditional": PERHAPS_REPLACED}
ORDER = (REMOVED, REPLACED, PERHAPS_REPLACED, CHANGED, "adopted", ADDED)
UNTOLD = "AWS::CDK::Metadata"  # what the CDK counts its own use by
BOUND = {"smoke_minutes": "up to "}  # trials that come rarely cost less
GONE = frozenset({REPLACED, PERHAPS_REPLACED, REMOVED})


class ResourceType(NamedTuple):
    """A type of resource: its name for people, and the meaning of a new, a changed, and a replaced or removed one."""

    name: str
    new: str = ""
    changed: str = ""
    gone: str = ""


def _a_month(option: str) -> str:
    return f"{BOUND.get(option, '')}${prices.OPTION_MONTH[option]:.2f} a month"


TYPES: Mapping[str, ResourceType] = {
    TABLE_TYPE: ResourceType(
        "table",
        gone="bans, reports and everybody's place would be lost; with removal_policy = retain it is refused",
    ),
    "AWS::ApiGatewayV2::Api": ResourceType(
        "API of the sockets", gone="everybody is disconnected, and the socket's address changes"
    ),
    "AWS::ApiGatewayV2::Stage": ResourceType("stage of the sockets", gone="everybody is disconnected"),
    "AWS::Lambda::Function": ResourceType(
        "Lambda", changed="conversations go on; a first call after it takes a second more"
    ),
    "AWS::Lambda::Version": ResourceType("version of a Lambda"),
    "AWS::Lambda::Alias": ResourceType(
        "alias of a Lambda", changed="with `gradual` the deployment takes up to half an hour"
    ),
    "AWS::CloudFront::Distribution": ResourceType(
        "distribution of the page",
        "takes about five minutes",
        "takes about five minutes; the page stays open",
        "the page's CloudFront address changes, and what points to it must follow",
    ),
    "AWS::S3::Bucket": ResourceType(
        "bucket of the page", gone="the page is uploaded again; nothing of visitors is in it"
    ),
    "AWS::SQS::Queue": ResourceType(
        "queue", gone="lost connections that wait in it are ended later, by their peers' next frame"
    ),
    "AWS::EC2::Instance": ResourceType(
        "relay", _a_month("turn = coturn"), gone="calls over the relay break off, and begin again within minutes"
    ),
    "AWS::EC2::EIP": ResourceType("address of the relay", gone="calls over the relay break off until pages ask again"),
    "AWS::EC2::EIPAssociation": ResourceType("tie of the relay to its address", gone="the relay is away for a moment"),
    "AWS::SecretsManager::Secret": ResourceType(
        "secret of the edge",
        _a_month("edge_secret"),
        gone="sockets may be refused for the minutes that CloudFront takes",
    ),
    "AWS::WAFv2::WebACL": ResourceType("web application firewall", _a_month("waf_requests_per_5_minutes")),
    "AWS::Logs::LogGroup": ResourceType("log group", gone="its lines are lost"),
    "AWS::CloudWatch::Alarm": ResourceType(
        "alarm",
        f"${prices.ALARM_MONTH:.2f} a month for each number that it watches, from the eleventh of an account on",
        "it may write once more",
    ),
    "AWS::Events::Rule": ResourceType("schedule of the trial", _a_month("smoke_minutes")),
    "AWS::CloudWatch::Dashboard": ResourceType("dashboard", "$3 a month from the fourth of an account on"),
    "AWS::KinesisVideo::SignalingChannel": ResourceType("channel of the relay", "$0.03 in a month in which it is used"),
    "AWS::Budgets::Budget": ResourceType("budget"),
    "AWS::Route53::RecordSet": ResourceType("DNS record", gone="the name leads nowhere until it is there again"),
}


def describe(changes: Iterable[Change]) -> Iterator[str]:
    """Yield a line for each kind of change, losses first; without changes, one that says so."""
    counted = _counted(change for change in changes if change["ResourceType"] != UNTOLD)
    for verb, type_name in sorted(counted, key=lambda each: (ORDER.index(each[0]), each[1])):
        yield _line(verb, type_name, counted[verb, type_name])
    if not counted:
        yield "  Nothing would change."


def weighty(changes: Iterable[Change]) -> Iterator[str]:
    """Yield the lines of changes that the operator should agree to: those that cost, lose or interrupt something."""
    for (verb, type_name), number in sorted(_counted(changes).items()):
        meant = TYPES.get(type_name, ResourceType(""))
        if (verb in GONE and meant.gone) or (verb == ADDED and "$" in meant.new):
            yield _line(verb, type_name, number)


def prices_of(options: Options) -> Iterator[str]:
    """Yield what the chosen options of a new site cost, whether anybody comes or not."""
    chosen = {
        "edge_secret": options.edge_secret,
        "waf_requests_per_5_minutes": options.waf_requests_per_5_minutes,
        "turn = coturn": options.makes_relay_secret,
        "smoke_minutes": options.smoke_minutes,
    }
    yield from (f"  {name}: {_a_month(name)}" for name, is_chosen in chosen.items() if is_chosen)


def loses_the_table(changes: Iterable[Change]) -> bool:
    """Return whether an update would replace or delete the table."""
    return any(change["ResourceType"] == TABLE_TYPE and _verb(change) in GONE for change in changes)


def _counted(changes: Iterable[Change]) -> Counter[tuple[str, str]]:
    return Counter((_verb(change), str(change["ResourceType"])) for change in changes)


def _verb(change: Change) -> str:
    if change["Action"] == "Modify":
        return _REPLACEMENTS.get(str(change.get("Replacement")), CHANGED)
    return _VERBS[change["Action"]]


def _line(verb: str, type_name: str, number: int) -> str:
    known = TYPES.get(type_name) or ResourceType(_plain(type_name))
    meaning = known.gone if verb in GONE else known.new if verb == ADDED else known.changed
    if meaning and verb == PERHAPS_REPLACED:
        meaning = f"if so, {meaning}"
    several = f"{number} x {known.name}" if number > 1 else known.name
    return f"  {verb:<17} {several}{f': {meaning}' if meaning else ''}"


def _plain(type_name: str) -> str:
    """Return a name for a type without one here, from AWS's: `AWS::IAM::Role` is IAM's Role."""
    *_, service, name = ("", *type_name.split("::"))
    return f"{name} of {service}" if service != "Custom" else f"step {name} of the deployment"
