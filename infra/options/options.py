"""The operator's options, in one place: key, default, check and meaning of each.

The values come from `context` in cdk.json, or from `-c key=value` (context.py). Defaults cost nothing beyond the use.
docs/options.md lists this table; `make documents` writes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from functions.chat.runtime import settings
from infra.options import checks, presets
from infra.page.brand import Brand
from infra.page.brand import read as read_brand
from infra.page.imprint import Imprint

EDGE_REGION = "us-east-1"  # where CloudFront looks for certificates and WAFs

EDGE_SECRET_CHARACTERS = 48
PIPELINE_ISSUER = "token.actions.githubusercontent.com"  # who signs the tokens of a workflow on GitHub
BOOTSTRAP = "hnb659fds"  # the CDK's own mark on the resources that it prepared in an account
CDK_ROLES = ("deploy", "file-publishing", "lookup")  # that its command line becomes
LIVE = "live"  # the alias of a published version, which routes call where there are snapshots

# How long a version takes over at least (infra/stack/gradual.py), and how many trials have to fail for an alarm.
GRADUAL_MINUTES = 15
TRIALS_IN_A_ROW = 2

# A Lambda's environment holds 4 KB (environment_size.py), and each channel's name takes 120 of them.
KINESIS_CHANNELS_MAX = 25


def option(default: Any, check: checks.Check, meaning: str) -> Any:
    """Describe one option; the field's name is its key."""
    return field(default=default, metadata={"check": check, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Options:
    """The table. Order is the order in the documentation."""

    stack_name: str = option(
        "Passerby",
        checks.matching(
            # The site's parameters are named by it, and Parameter Store keeps two beginnings for itself. CloudFront's
            # access control is named by it and the Region, in 64 characters (docs: CreateOriginAccessControl).
            r"(?!(?i:aws|ssm))[A-Za-z][A-Za-z0-9-]{0,43}",
            "a letter, then up to 43 letters, digits and dashes, and neither aws nor ssm at its beginning",
            optional=False,
        ),
        "Name of the CloudFormation stack and of its metrics; a second name is a second, separate site.",
    )
    preset: str = option(
        presets.NONE,
        checks.one_of(*presets.BY_NAME),
        "The purpose of the site, in one word: sets the options of its row below. An option set beside it wins; "
        "in cdk.json `null` leaves one to the preset.",
    )
    tags: tuple[tuple[str, str], ...] = option(
        (),
        checks.tags,
        "Tags for everything that the stacks make, as an object or `key=value` with commas. `passerby-site` with the "
        "stack's name is always among them.",
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
    operator_name: str = option(
        "",
        checks.matching(r"[^\n<>]{1,100}", "a name of up to 100 characters, or empty"),
        "The operator's name, as the site's terms and its privacy page say it.",
    )
    operator_contact: str = option(
        "",
        checks.matching(r"[^@\s]+@[^@\s]+|https://\S+", "an e-mail address or an https address, or empty"),
        "Where people write to you: in the terms, the privacy and the safety page, and in security.txt.",
    )
    brand: Brand = option(  # noqa: RUF009 - it is frozen
        Brand(),
        read_brand,
        "How the site is called and looks: an object, whose keys are listed below.",
    )
    websocket: str = option(
        "direct",
        checks.one_of("direct", "cloudfront"),
        "`direct`: the page talks to API Gateway's own host. `cloudfront`: to the page's own, path `/ws`, so that one "
        "name is enough for strict networks and the two options below can guard it.",
    )
    edge_secret: bool = option(
        False,
        checks.flag,
        "Only CloudFront may open sockets: it sends a secret that connect checks. Needs `websocket` = `cloudfront`; "
        "$0.40 a month.",
    )
    waf_requests_per_5_minutes: int = option(
        0,
        checks.whole_number(10, 2_000_000_000, or_zero=True),
        "Requests that one address may send to CloudFront in five minutes (AWS WAF; about $6 a month); 0: no WAF. It "
        "sees the page and, with `websocket` = `cloudfront`, the opening of sockets, never frames.",
    )
    allowed_origins: tuple[str, ...] = option(
        (),
        checks.origins,
        "Origins whose pages may open sockets; empty: the site's own. Browsers cannot lie about it, scripts can.",
    )
    queue_shards: int = option(
        1,
        checks.whole_number(1, settings.SHARDS_MAX),
        "Partitions of the lobby for anyone, at least; one serves about 250 joins a second.",
    )
    people_at_busiest_second: int = option(
        0,
        checks.whole_number(1, 1_000_000, or_zero=True),
        "How many people come and search in your busiest second. From it follow the partitions of the lobby for "
        "anyone, and which quotas of AWS `make doctor` and a deployment warn of.",
    )
    grace_seconds: int = option(
        settings.GRACE_SECONDS,
        checks.whole_number(1, settings.GRACE_SECONDS_MAX),
        "How long the conversation of a lost connection waits for it to come back.",
    )
    places_of_address: int = option(
        settings.PLACES_OF_ADDRESS,
        checks.whole_number(1, settings.PLACES_OF_ADDRESS_MAX),
        "How many people behind one address may wait at once; a school or a mobile network shares one.",
    )
    online_threshold: int = option(
        10,
        checks.whole_number(1, settings.ONLINE_THRESHOLD_MAX, or_zero=True),
        "From so many people on the page says how many are here (counted once a minute; two writes a visit and at most "
        "$0.35 a month); 0: never, nobody is counted, and it does not say when it is usually busy.",
    )
    evidence_key: str = option(
        "",
        checks.sealing_key,
        "Public key that lines which reports hand over are sealed to; its secret half opens them (docs/operating.md). "
        "Empty: the page offers no lines to hand over.",
    )
    age_secret_parameter: str = option(
        "",
        checks.matching(checks.PARAMETER, "a path such as /passerby/age-secret, or empty"),
        "Encrypted parameter (Systems Manager) with the secret of an age-assurance provider, whose signed token every "
        "visitor then needs (functions/chat/model/age_proof.py); empty: none.",
    )
    age_url: str = option(
        "",
        checks.matching(r"https://\S+", "an https address, or empty"),
        "Page of that provider where visitors prove their age; it sends them back with `#age=` and the token.",
    )
    blur_until_reveal: bool = option(
        False, checks.flag, "Pictures are blurred until both people reveal themselves; a person may choose otherwise."
    )
    turn: str = option(
        "none",
        checks.one_of("none", "static", "coturn", "cloudflare", "kinesis"),
        "Relay for video, without which some networks do not connect and strangers see each other's address. `coturn`: "
        "on a small instance that the stack builds (about $7 a month and traffic), or your own at `turn_urls`; "
        "`cloudflare`, `kinesis`: paid by use; `static`: a relay with a fixed password. docs/video.md compares them.",
    )
    turn_urls: tuple[str, ...] = option(
        (), checks.urls("turn", "turns"), "Addresses of your own relay, for `turn` = `static` or `coturn`."
    )
    turn_username: str = option("", checks.matching(r"\S{1,128}", "a name, or empty"), "Name at a `static` relay.")
    turn_key_id: str = option(
        "", checks.matching(r"[0-9a-f]{32}", "32 hexadecimal digits, or empty"), "Id of your TURN key at `cloudflare`."
    )
    turn_secret_parameter: str = option(
        "/passerby/turn-secret",
        checks.matching(checks.PARAMETER, "a path such as /passerby/turn-secret", optional=False),
        "Name of the encrypted parameter (Systems Manager) that holds the relay's secret, password or API token. "
        "`make deploy` makes one for a `coturn` of the stack.",
    )
    turn_instance_type: str = option(
        "t4g.nano",
        checks.matching(r"[a-z]+[0-9]+g[a-z]*\.[a-z0-9]+", "an ARM instance type such as t4g.nano", optional=False),
        "Instance of the stack's `coturn`; a nano relays a few hundred calls, its traffic costs more than itself.",
    )
    kinesis_channels: int = option(
        4,
        checks.whole_number(1, KINESIS_CHANNELS_MAX),
        "Channels in the pool of `kinesis`; each relays about 12 calls at once ($0.03 in a month of use).",
    )
    relay_only: str = option(
        "auto",
        checks.one_of("auto", "true", "false"),
        "Hide addresses behind the relay: `auto` while it works, `true` always (rather no video), `false` only where "
        "there is no direct way.",
    )
    stun_urls: tuple[str, ...] = option(
        ("stun:stun.cloudflare.com:3478",),
        checks.urls("stun"),
        "Servers that tell browsers their own address, for calls without a relay; they see the visitors' addresses.",
    )
    point_in_time_recovery: bool = option(
        False, checks.flag, "Restore the table to any second of the last 35 days ($0.20 per GB and month)."
    )
    removal_policy: str = option(
        "retain",
        checks.one_of("retain", "destroy"),
        "What `make destroy` does with the table (bans and reports are in it).",
    )
    table_name: str = option(
        "",
        checks.matching(r"[A-Za-z0-9_.-]{3,255}", "the name of a table: 3 to 255 letters, digits, _ . and -, or empty"),
        "Name of the table. Empty: CloudFormation gives it one. That of a table which an earlier `make destroy` left "
        "behind: it is taken into the stack again, with its bans and reports (docs/operating.md).",
    )
    lambda_memory_mb: int = option(
        512, checks.whole_number(128, 10_240), "Memory of each Lambda; its share of a processor grows with it."
    )
    snap_start: bool = option(
        False, checks.flag, "Start Lambdas from a snapshot; billed for keeping and restoring it, gain not measured."
    )
    gradual: str = option(
        "none",
        checks.one_of("none", "canary", "linear"),
        "How a new version of the Lambdas takes over. `none`: at once. `canary`: a tenth of the calls go to it for 15 "
        "minutes, then all. `linear`: a tenth more every 3 minutes. When handlers fail or people wait meanwhile, "
        "everything goes back by itself. It costs nothing, and a deployment takes so much longer.",
    )
    smoke_minutes: int = option(
        0,
        checks.whole_number(5, 60, or_zero=True),
        "Every so many minutes a Lambda tries the site from outside, as `make smoke` does, and two failures in a "
        "row are an alarm. About $1.20 a month every 5 minutes, $0.38 every 60; 0: never.",
    )
    trim_botocore: bool = option(
        True,
        checks.flag,
        "Leave data of services that are not called out of the Lambda asset (a fifth of the cold start).",
    )
    small_ca_bundle: bool = option(
        True, checks.flag, "Trust Amazon's own certificate authorities only, in the Lambdas (cheaper new connections)."
    )
    log_level: str = option("INFO", checks.one_of("INFO", "WARNING", "ERROR"), "The level of the handlers' log.")
    debug_sample_percent: int = option(
        0,
        checks.whole_number(1, 100, or_zero=True),
        "The percentage of invocations whose log also tells the steps before each change, for instance the tickets "
        "that a search tried.",
    )
    tracing: bool = option(
        False, checks.flag, "Trace invocations with X-Ray ($5 for a million of them, and a slower cold start)."
    )
    log_retention_days: int = option(14, checks.retention_days, "How long logs are kept.")
    pipeline_repository: str = option(
        "",
        checks.matching(r"[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}", "a repository on GitHub, owner/name, or empty"),
        "Repository on GitHub whose branch `main` may deploy this site, without a key: `make pipeline` makes the role "
        "(docs/operating.md).",
    )
    alarm_email: str = option(
        "", checks.email, "Where alarms go (it is asked once to confirm); empty: to the dashboard only."
    )
    monthly_budget_usd: int = option(
        0,
        checks.whole_number(1, 10_000_000, or_zero=True),
        "Writes to `alarm_email` at 80 % and 100 % of so many dollars a month for this site; 0: no budget. It counts "
        "what is tagged, once you have activated the tag `passerby-site` for costs (`make doctor` says how).",
    )
    budget_closes: bool = option(
        True,
        checks.flag,
        "At 100 % of the budget nobody is paired any more until you say `python -m infra.operator open`; conversations "
        "go on.",
    )
    throttle_percent: int = option(
        100,
        checks.whole_number(1, 100),
        "Share of the routes' throttles (functions/routes.py) that the stage lets through, down to a floor that no one "
        "socket uses up; the worst hour of an attack costs less in proportion (SECURITY.md).",
    )

    @property
    def imprint(self) -> Imprint:
        """The sentences of the site's pages about its operator."""
        return Imprint(
            self.operator_name, self.operator_contact, self.log_retention_days, self.domain_name, self.stun_urls
        )

    @property
    def all_tags(self) -> dict[str, str]:
        """The tags of every resource: the operator's tags, and the site's own."""
        return {**dict(self.tags), checks.SITE_TAG: self.stack_name}

    def regions(self, home: str) -> tuple[str, ...]:
        """Return every Region in which a site at home in one has stacks."""
        return tuple(dict.fromkeys((home, EDGE_REGION))) if self.waf_requests_per_5_minutes else (home,)

    def edge_stack_name(self, home: str) -> str:
        """Return the name of the WAF's stack in us-east-1, where those of sites in other Regions lie beside it."""
        return f"{self.stack_name}-{home}-edge"

    @property
    def alarms_of_versions(self) -> tuple[str, ...]:
        """The alarms that a new version may bring about, and that take it back where it takes over bit by bit."""
        # Slower trials would find a fault of a version after everything has moved to it.
        is_quick = 0 < TRIALS_IN_A_ROW * self.smoke_minutes <= GRADUAL_MINUTES
        return ("FramesFail", "PeopleWait", *(("SiteFails",) if is_quick else ()))

    @property
    def pipeline_stack_name(self) -> str:
        return f"{self.stack_name}-pipeline"

    @property
    def makes_relay_secret(self) -> bool:
        """Whether the relay is the stack's own, whose secret `make deploy` makes."""
        return self.turn == "coturn" and not self.turn_urls

    @property
    def secret_parameters(self) -> tuple[tuple[str, str], ...]:
        """The parameters that hold a secret, each with the option that needs it; the relay's is the last one."""
        found = [("age_secret_parameter", self.age_secret_parameter)]
        if self.turn in {"static", "coturn", "cloudflare"}:
            found.append((f"turn = {self.turn}", self.turn_secret_parameter))
        return tuple((option, parameter) for option, parameter in found if parameter)

    @property
    def identity_parameter(self) -> str:
        """Where connect keeps the keys of pseudonyms, one set for each site."""
        return f"/{self.stack_name}/identity-keys"
