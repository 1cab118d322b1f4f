"""What an operator can set, once: key, default, check and meaning of every option.

The values come from `context` in cdk.json, or from `-c key=value`. A wrong or unknown key fails the synthesis with a
sentence that names it. Defaults cost nothing beyond what is used. docs/deploying.md lists this table (`python -m
infra.options` prints it), and a test keeps the three the same.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

from functions.chat.settings import SHARDS_MAX
from infra import checks


class OptionError(ValueError):
    """An option that cannot be used, in a sentence for the operator."""


def option(default: Any, check: checks.Check, meaning: str) -> Any:
    """Describe one option; the field's name is its key."""
    return field(default=default, metadata={"check": check, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Options:
    """The table. Order is the order in the documentation."""

    stack_name: str = option(
        "Passerby",
        checks.matching(r"[A-Za-z][A-Za-z0-9-]{0,63}", "a letter, then up to 63 letters, digits and dashes", optional=False),
        "Name of the CloudFormation stack and of its metrics; a second name is a second, separate site.",
    )
    domain_name: str = option("", checks.domain, "Your own host name for the page; needs `certificate_arn`.")
    certificate_arn: str = option(
        "",
        checks.matching(
            r"arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/[0-9a-f-]+",
            "the ARN of an ACM certificate in us-east-1 (CloudFront reads no other Region), or empty",
        ),
        "Certificate for `domain_name`, issued by ACM in us-east-1.",
    )
    hosted_zone_id: str = option(
        "",
        checks.matching(r"Z[0-9A-Z]{5,31}", "the id of a Route 53 hosted zone, or empty"),
        "Route 53 zone in which the stack points `domain_name` at the site; empty: you do it where your DNS is.",
    )
    websocket: str = option(
        "direct",
        checks.one_of("direct", "cloudfront"),
        "`direct`: the page talks to API Gateway's own host. `cloudfront`: to the page's host, path `/ws`, so that one name "
        "is enough for strict networks and the two options below can guard it.",
    )
    edge_secret: bool = option(
        False,
        checks.flag,
        "Only CloudFront may open sockets: it sends a secret that connect checks. Needs `websocket` = `cloudfront`; $0.40 a month.",
    )
    waf_requests_per_5_minutes: int = option(
        0,
        checks.whole_number(10, 2_000_000_000, or_zero=True),
        "Requests that one address may send to CloudFront in five minutes (AWS WAF; about $6 a month); 0: no WAF. It sees the "
        "page and, with `websocket` = `cloudfront`, the opening of sockets, never frames.",
    )
    allowed_origins: tuple[str, ...] = option(
        (),
        checks.origins,
        "Origins whose pages may open sockets; empty: the site's own. Browsers cannot lie about it, scripts can.",
    )
    queue_shards: int = option(
        1,
        checks.whole_number(1, SHARDS_MAX),
        "Partitions of the lobby for anyone; one serves about 250 joins a second.",
    )
    point_in_time_recovery: bool = option(
        False, checks.flag, "Restore the table to any second of the last 35 days ($0.20 per GB and month)."
    )
    removal_policy: str = option(
        "retain",
        checks.one_of("retain", "destroy"),
        "What `make destroy` does with the table (bans and reports are in it).",
    )
    lambda_memory_mb: int = option(
        512, checks.whole_number(128, 10_240), "Memory of each Lambda; its share of a processor grows with it."
    )
    snap_start: bool = option(
        False, checks.flag, "Start Lambdas from a snapshot; billed for keeping and restoring it, gain not measured."
    )
    trim_botocore: bool = option(
        True, checks.flag, "Leave data of services that are not called out of the Lambda asset (a fifth of the cold start)."
    )
    small_ca_bundle: bool = option(
        True, checks.flag, "Trust Amazon's own certificate authorities only, in the Lambdas (cheaper new connections)."
    )
    log_level: str = option("INFO", checks.one_of("INFO", "WARNING", "ERROR"), "What the handlers log.")
    log_retention_days: int = option(14, checks.retention_days, "How long logs are kept.")
    alarm_email: str = option("", checks.email, "Where alarms go (it is asked once to confirm); empty: no alarms.")
    monthly_budget_usd: int = option(
        0,
        checks.whole_number(1, 10_000_000, or_zero=True),
        "Writes to `alarm_email` at 80 % and 100 % of so many dollars a month in this account; 0: no budget.",
    )


def read(context: Mapping[str, object]) -> Options:
    """Return the options in a CDK context, or raise `OptionError`."""
    table = {each.name: each for each in fields(Options)}
    for key in context:
        if _is_ours(key) and key not in table:
            raise OptionError(f"{key} is not an option.{_suggestion(key, table)}")
    values = {key: _checked(each, context[key]) for key, each in table.items() if context.get(key) is not None}
    options = Options(**values)
    for problem in _contradictions(options):
        raise OptionError(problem)
    return options


def _is_ours(key: str) -> bool:
    """The CDK's own keys have a colon or a dash (`@aws-cdk/core:…`, `aws:cdk:…`, `cdk-migrate`)."""
    return not any(mark in key for mark in ":@-/")


def _suggestion(key: str, table: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(key, table, n=1)
    return f" Did you mean {close[0]}?" if close else ""


def _checked(each: Field[Any], value: object) -> Any:
    try:
        return each.metadata["check"](value)
    except ValueError as problem:
        raise OptionError(f"{each.name} {problem}; it is {value!r}.") from None


def _contradictions(options: Options) -> Iterator[str]:
    """Yield a sentence for each pair of options that do not go together."""
    if bool(options.domain_name) != bool(options.certificate_arn):
        yield "domain_name and certificate_arn go together: set both or neither."
    if options.hosted_zone_id and not options.domain_name:
        yield "hosted_zone_id needs domain_name: there is no name to point at the site."
    if options.edge_secret and options.websocket != "cloudfront":
        yield "edge_secret needs websocket = cloudfront: a direct socket does not pass through the edge."
    if options.monthly_budget_usd and not options.alarm_email:
        yield "monthly_budget_usd needs alarm_email: there is nobody to tell."


def main() -> None:
    """Print the table in Markdown."""
    print("| key | default | meaning |\n|---|---|---|")
    for each in fields(Options):
        print(f"| `{each.name}` | {_shown(each.default)} | {each.metadata['meaning']} |")


def _shown(default: object) -> str:
    if default in ("", ()):
        return "empty"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


if __name__ == "__main__":
    main()
