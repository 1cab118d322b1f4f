"""The templates of the stacks, for the tests that read them: each variant once in a process."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aws_cdk import Validations
from cdk_nag import AwsSolutionsChecks

from infra.page import site_files
from infra.stack import assembly

Resource = dict[str, Any]
Template = dict[str, Any]

# The validators' findings are read from their report, all of them, instead of from the first failure.
FAIL_AT_ONCE = "@aws-cdk/core:failSynthOnValidationErrors"

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-0000-0000-000000000000"

# Every option that changes what is built is on in one of them.
VARIANTS: dict[str, dict[str, str]] = {
    "default": {},
    "guarded": {
        "domain_name": "chat.example.org",
        "certificate_arn": CERTIFICATE,
        "hosted_zone_id": "Z0123456789ABC",
        "preset": "guarded",
        "websocket": "cloudfront",
        "alarm_email": "somebody@example.org",
        "monthly_budget_usd": "10",
        "point_in_time_recovery": "true",
        "removal_policy": "destroy",
        "tags": "team=chat,cost-centre=42",
    },
    "coturn": {
        "turn": "coturn",
        "snap_start": "true",
        "gradual": "canary",
        "smoke_minutes": "5",
        "debug_sample_percent": "5",
        "tracing": "true",
        "allowed_origins": "https://example.org",
        "evidence_key": "CQ" + "A" * 41,
        "age_secret_parameter": "/passerby/age-secret",
        "age_url": "https://age.example.org/passerby",
        "operator_name": "Example & Sons",
        "operator_contact": "help@example.org",
        "blur_until_reveal": "true",
    },
    "kinesis": {
        "turn": "kinesis",
        "kinesis_channels": "2",
        "websocket": "cloudfront",
        "people_at_busiest_second": "900",
    },
    "cloudflare": {"turn": "cloudflare", "turn_key_id": "0123456789abcdef0123456789abcdef", "relay_only": "true"},
    "mailed": {
        "alarm_email": "somebody@example.org",
        "monthly_budget_usd": "10",
        "budget_closes": "false",
        "pipeline_repository": "somebody/passerby",
        "throttle_percent": "10",
        "log_level": "WARNING",
        "gradual": "linear",
    },
    "static": {"turn": "static", "turn_urls": "turn:relay.example.org:3478", "turn_username": "guest"},
}

# Every figure and name that an operator may choose, at another value than its default (test_options_show.py).
CHOSEN: dict[str, str] = {
    "queue_shards": "3",
    "grace_seconds": "33",
    "places_of_address": "44",
    "online_threshold": "55",
    "lambda_memory_mb": "777",
    "log_retention_days": "30",
    "table_name": "Chosen-Table",
    "log_level": "WARNING",
    "throttle_percent": "50",
    "stun_urls": "stun:stun.example.org:3478",
    "turn": "coturn",
    "turn_secret_parameter": "/chosen/turn",
    "turn_instance_type": "t4g.small",
    "relay_only": "true",
    "blur_until_reveal": "true",
    "allowed_origins": "https://chosen.example.org",
}


@dataclass(frozen=True)
class Synthesis:
    """The templates by stack name, the findings of the validators, and the stacks that nobody deletes by a slip."""

    templates: dict[str, Template]
    findings: list[dict[str, Any]]
    protected: frozenset[str]

    @property
    def template(self) -> Template:
        """The template of the site's own stack."""
        return self.templates["Passerby"]

    def resources(self, *types: str) -> dict[str, Resource]:
        """Return the resources of these types by logical id; of all types when none is named."""
        found = self.template["Resources"].items()
        return {name: resource for name, resource in found if not types or resource["Type"] in types}

    def only(self, kind: str, beginning: str = "") -> dict[str, Any]:
        """Return the properties of the one resource of a type whose logical id begins so."""
        (made,) = (each["Properties"] for name, each in self.resources(kind).items() if name.startswith(beginning))
        properties: dict[str, Any] = made
        return properties

    @property
    def distribution(self) -> dict[str, Any]:
        """The configuration of the CloudFront distribution."""
        config: dict[str, Any] = self.only("AWS::CloudFront::Distribution")["DistributionConfig"]
        return config

    def environment(self, handler_path: str) -> dict[str, Any]:
        """Return the variables of the Lambda with this handler."""
        functions = self.resources("AWS::Lambda::Function").values()
        (found,) = (each for each in functions if each["Properties"]["Handler"] == handler_path)
        variables: dict[str, Any] = found["Properties"]["Environment"]["Variables"]
        return variables

    def all_resources(self) -> Iterator[tuple[str, Resource]]:
        for template in self.templates.values():
            yield from template["Resources"].items()


def flat(value: Any) -> str:
    """Return a value of a template with its references replaced by their names."""
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        return "".join(flat(part) for part in value["Fn::Join"][1])
    if "Fn::GetAtt" in value:
        return ".".join(value["Fn::GetAtt"])
    return str(next(iter(value.values())))


@cache
def synthesise(variant: str = "default") -> Synthesis:
    """Synthesise a variant, from a small page and code that is never run."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        app = assembly.new_app(**{**VARIANTS, "chosen": CHOSEN}[variant], **{FAIL_AT_ONCE: False})
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
        environment = {"CDK_DEFAULT_ACCOUNT": "123456789012", "CDK_DEFAULT_REGION": "eu-west-1"}
        assembly.make(app, _code(folder), _page(folder), environment)
        output = Path(app.synth().directory)
        templates = {
            path.name.partition(".")[0]: json.loads(path.read_text()) for path in output.glob("*.template.json")
        }
        report = json.loads((output / "validation-report.json").read_text())
        artifacts = json.loads((output / "manifest.json").read_text())["artifacts"].items()
        protected = frozenset(
            name for name, each in artifacts if each.get("properties", {}).get("terminationProtection")
        )
    findings = [each for plugin in report["pluginReports"] for each in plugin["violations"]]
    return Synthesis(templates, findings, protected)


def _code(folder: Path) -> Path:
    code = folder / "code"
    code.mkdir()
    (code / "never_run.py").write_text("")
    return code


def _page(folder: Path) -> site_files.SiteFiles:
    frontend = folder / "frontend"
    frontend.mkdir()
    (frontend / "index.html").write_text('<style>a{}</style><script type="module" src="/main.js"></script>')
    (frontend / "main.js").write_text("")
    return site_files.prepare(frontend, folder / "site")
