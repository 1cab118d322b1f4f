"""A site that its operator changes: through every preset, in another Region than the first, by each kind of sign-in.

CloudFormation may make what `make bootstrap ARGS=--smallest` allows and no more. These tests run in this order, and
before those of the default site: theirs leave an account that is not prepared.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.chat.runtime.settings import EDGE_HEADER
from tests.deployment import visitors
from tests.deployment.deployment import Deployment, Keys
from tests.deployment.emulator import OTHER_REGION, REGION, ROOT, Emulator

EVERYTHING = "arn:aws:iam::aws:policy/AdministratorAccess"
# The resources of a domain name are known before there is one.
NAME_TO_BE = {
    "domain_name": "chat.example.org",
    "certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-0000-0000-000000000000",
    "hosted_zone_id": "Z0123456789ABC",
}
EDGE_STACK = f"Preset-{OTHER_REGION}-edge"
CLOSED_SECONDS_MAX = 60
NEW_ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}}

# Options that no other deployment has; of those that exclude one another, the one that makes most.
OTHER_OPTIONS = {
    "turn": "kinesis",
    "kinesis_channels": "2",
    "turn_secret_parameter": "/preset/turn",
    "domain_name": "chat.example.org",
    "evidence_key": "CQ" + "A" * 41,
    "age_secret_parameter": "/preset/age",
    "age_url": "https://age.example.org/passerby",
    "point_in_time_recovery": "true",
    "tracing": "true",
    "debug_sample_percent": "5",
    "budget_closes": "false",
    "log_level": "WARNING",
    "log_retention_days": "30",
    "lambda_memory_mb": "1024",
    "relay_only": "true",
    "blur_until_reveal": "true",
    "allowed_origins": "https://chat.example.org,https://elsewhere.example",
    "operator_name": "Example & Sons",
    "operator_contact": "help@example.org",
    "brand": '{"name": "Corner Talk", "accent": "#0a6b4f"}',
    "tags": "team=chat,cost-centre=42",
}

# Minutes of a synthesis and five deployments: `make test-deploy` runs it.
pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def site(emulator: Emulator, folder: Path) -> Iterator[Deployment]:
    """The smallest preset, made with the smallest rights for everything that these tests deploy."""
    made = Deployment(emulator, folder, "Preset", OTHER_REGION, alarm_email="somebody@example.org")
    name = (part for key, value in NAME_TO_BE.items() for part in ("-c", f"{key}={value}"))
    made.run("bootstrap", "--smallest", *name, preset="guarded", gradual="linear", turn="kinesis")
    made.run("deploy", preset="small")
    yield made
    # Those who come after are other sites, and this one's policies are bound to its name.
    made.run("bootstrap", "--cloudformation-execution-policies", EVERYTHING, preset="guarded")


def test_cloudformation_may_make_this_site_and_nothing_else(site: Deployment) -> None:
    """A role that is not the site's would be the way to every right."""
    client = site.client("cloudformation")
    template = json.dumps({"Resources": {"Another": NEW_ROLE}})
    client.create_stack(StackName="Elsewhere", TemplateBody=template, Capabilities=["CAPABILITY_IAM"])

    assert "is not authorized to perform iam:CreateRole" in _refusal(site, "Elsewhere")
    client.delete_stack(StackName="Elsewhere")


def test_small_lets_little_through_and_has_a_budget(site: Deployment) -> None:
    """Its throttles are at their floors, which no one socket uses up."""
    assert _throttles(site) == {"join": (25, 25), "message": (60, 60), "report": (50, 50)}
    assert _budget(site) == ("370", {"EMAIL", "SNS"})
    assert {each["type"] for each in asyncio.run(visitors.meet(site, {}))} == {"paired"}


def test_a_used_up_budget_closes_the_site_until_the_operator_opens_it(site: Deployment) -> None:
    """By the message that AWS Budgets sends; the operator's own command takes it back."""
    _use_up(site)
    _wait_until(lambda: asyncio.run(visitors.asked(site, {})).get("code") == "closed")

    _operate(site, "open", "all")

    _wait_until(lambda: asyncio.run(visitors.asked(site, {})).get("type") == "waiting")


def test_a_closing_that_fails_for_good_is_kept_for_the_alarm(site: Deployment) -> None:
    """Tried three times; here the function is refused the table."""
    iam, role = site.client("iam"), visitors.function(site, "close")["Role"].rpartition("/")[2]
    rights = iam.get_role_policy(RoleName=role, PolicyName="route")["PolicyDocument"]
    iam.delete_role_policy(RoleName=role, PolicyName="route")
    _use_up(site)

    queues = site.client("sqs")
    (url,) = (each for each in queues.list_queues()["QueueUrls"] if "ClosingFailed" in each)
    _wait_until(lambda: "Messages" in queues.receive_message(QueueUrl=url, VisibilityTimeout=0))
    iam.put_role_policy(RoleName=role, PolicyName="route", PolicyDocument=json.dumps(rights))


def test_open_takes_over_bit_by_bit_and_lets_more_through(site: Deployment) -> None:
    """Routes call aliases from then on; people who are there can go on."""
    site.run("deploy", preset="open", gradual="linear")

    assert _throttles(site) == {"join": (200, 100), "message": (400, 200), "report": (50, 50)}
    assert _budget(site) == ("2000", {"EMAIL", "SNS"})
    assert _aliases(site) == ["live"]
    assert {each["type"] for each in asyncio.run(visitors.meet(site, {}))} == {"paired"}


def test_guarded_has_its_firewall_in_the_other_region_and_its_sockets_behind_the_edge(site: Deployment) -> None:
    """And a cure that is deployed at once: `gradual` = `none` takes the aliases away under open pages."""
    said = site.run("deploy", preset="guarded", gradual="none")
    firewall = site.client("wafv2", region=REGION).list_web_acls(Scope="CLOUDFRONT")["WebACLs"]
    headers = {EDGE_HEADER: visitors.secret(site), "CloudFront-Viewer-Address": visitors.VISITOR}

    assert site.url in said
    assert visitors.distribution(site)["WebACLId"] in {each["ARN"] for each in firewall}
    assert site.websocket_url == f"{site.url.replace('https', 'wss')}/ws"
    assert _aliases(site) == []
    assert {each["type"] for each in asyncio.run(visitors.meet(site, headers))} == {"paired"}
    (stack,) = site.client("cloudformation", region=REGION).describe_stacks(StackName=EDGE_STACK)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"


@pytest.fixture
def profile(folder: Path) -> Keys:
    """A named profile with a Region of its own, and nothing in the environment."""
    config = folder / "config"
    keys = "aws_access_key_id = test\naws_secret_access_key = test\n"
    config.write_text(f"[profile passerby]\nregion = {OTHER_REGION}\n{keys}")
    unset = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"), "")
    return {**unset, "AWS_PROFILE": "passerby", "AWS_CONFIG_FILE": str(config)}


def test_every_other_option_is_deployed_once_by_somebody_with_a_profile(site: Deployment, profile: Keys) -> None:
    """In one update, whose resources the smallest policies allow."""
    domain = _own_name(site)
    site.client("ssm").put_parameter(Name="/preset/age", Type="SecureString", Value="a secret of the provider's")

    options = [f"{key}={value}" for key, value in {**OTHER_OPTIONS, **domain}.items()]
    said = site.run("deploy", *(part for each in options for part in ("-c", each)), keys=profile, preset="guarded")

    assert "https://chat.example.org" in said
    join = visitors.function(site, "join")
    assert join["MemorySize"] == 1024
    assert join["Environment"]["Variables"]["KINESIS_CHANNEL_ARNS"].count("arn:aws:kinesisvideo:eu-central-1:") == 2
    assert visitors.distribution(site)["Aliases"]["Items"] == ["chat.example.org"]
    records = site.client("route53").list_resource_record_sets(HostedZoneId=domain["hosted_zone_id"])
    assert {"A", "AAAA"} <= {each["Type"] for each in records["ResourceRecordSets"]}
    assert _budget(site) == ("2000", {"EMAIL"})
    headers = {EDGE_HEADER: visitors.secret(site), "CloudFront-Viewer-Address": visitors.VISITOR}
    assert asyncio.run(visitors.asked(site, headers))["code"] == "age_required"


@pytest.fixture
def container() -> Iterator[Keys]:
    """Credentials as a container or an instance is given them: from an address."""

    class Giving(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys = {"AccessKeyId": "test", "SecretAccessKey": "test", "Token": ""}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({**keys, "Expiration": "2099-01-01T00:00:00Z"}).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Giving)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    unset = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "")
    yield {**unset, "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{server.server_port}/"}
    server.shutdown()


def test_a_container_without_keys_goes_back_to_the_smallest_preset(site: Deployment, container: Keys) -> None:
    """Resources of an option go with it: relay, firewall, secret, name."""
    said = site.run("diff", keys=container, preset="small")
    site.run("deploy", keys=container, preset="small")

    assert "removed           2 x channel of the relay" in said
    assert "removed           secret of the edge" in said
    assert site.url.endswith(".cloudfront.net")
    assert {each["type"] for each in asyncio.run(visitors.meet(site, {}))} == {"paired"}
    client = site.client("cloudformation", region=REGION)
    assert EDGE_STACK not in {each["StackName"] for each in client.describe_stacks()["Stacks"]}


def test_it_goes_and_leaves_nothing(site: Deployment) -> None:
    """In neither Region, as `removal_policy` says."""
    site.run("destroy", "--force", preset="small")
    site.client("ssm").delete_parameter(Name="/preset/age")

    assert site.client("dynamodb").list_tables()["TableNames"] == []
    assert site.client("sqs").list_queues().get("QueueUrls", []) == []
    stacks = site.client("cloudformation").describe_stacks()["Stacks"]
    assert [each["StackName"] for each in stacks if each["StackStatus"] != "DELETE_COMPLETE"] == ["CDKToolkit"]


def _refusal(site: Deployment, stack: str) -> str:
    """Wait until a stack is made or refused, and return what its events say."""
    client = site.client("cloudformation")
    events: list[dict[str, Any]] = []

    def is_over() -> bool:
        try:
            events[:] = client.describe_stack_events(StackName=stack)["StackEvents"]
        except ClientError:
            return False
        return any(
            each["ResourceType"] == "AWS::CloudFormation::Stack" and "IN_PROGRESS" not in each["ResourceStatus"]
            for each in events
        )

    _wait_until(is_over)
    return " ".join(each.get("ResourceStatusReason", "") for each in events)


def _throttles(site: Deployment) -> dict[str, tuple[int, int]]:
    """Return what the stage's routes let through, as CloudFormation was told: MiniStack's stage drops it."""
    template = site.client("cloudformation").get_template(StackName=site.stack_name)["TemplateBody"]
    resources = (template if isinstance(template, dict) else json.loads(template))["Resources"].values()
    (stage,) = (each["Properties"] for each in resources if each["Type"] == "AWS::ApiGatewayV2::Stage")
    rows = {key: stage["RouteSettings"][key] for key in ("join", "message", "report")}
    return {key: (each["ThrottlingRateLimit"], each["ThrottlingBurstLimit"]) for key, each in rows.items()}


def _budget(site: Deployment) -> tuple[str, set[str]]:
    """Return its limit, and whom it tells."""
    client = site.client("budgets")
    budgets = client.describe_budgets(AccountId="000000000000")["Budgets"]
    (budget,) = (each for each in budgets if each["BudgetName"].startswith("Preset-"))
    named = {"AccountId": "000000000000", "BudgetName": budget["BudgetName"]}
    notices = client.describe_notifications_for_budget(**named)["Notifications"]
    told = [client.describe_subscribers_for_notification(**named, Notification=each)["Subscribers"] for each in notices]
    return str(budget["BudgetLimit"]["Amount"]), {who["SubscriptionType"] for each in told for who in each}


def _aliases(site: Deployment) -> list[str]:
    name = visitors.function(site, "join")["FunctionName"]
    return [each["Name"] for each in site.client("lambda").list_aliases(FunctionName=name)["Aliases"]]


def _use_up(site: Deployment) -> None:
    sns = site.client("sns")
    (topic,) = (each["TopicArn"] for each in sns.list_topics()["Topics"] if "Preset-BudgetUsedUp" in each["TopicArn"])
    sns.publish(TopicArn=topic, Message="AWS Budgets: Preset has exceeded your alert threshold")


def _operate(site: Deployment, *arguments: str) -> None:
    program = [sys.executable, "-m", "infra.operator", "--stack", site.stack_name, *arguments]
    subprocess.run(program, cwd=ROOT, env=site.environment(), check=True, capture_output=True, timeout=60)


def _own_name(site: Deployment) -> dict[str, str]:
    """Return the options of a certificate and of a zone that were made for the site's name."""
    acm, route53 = site.client("acm", region=REGION), site.client("route53")
    certificate = acm.request_certificate(DomainName="*.example.org", ValidationMethod="DNS")["CertificateArn"]
    zone = route53.create_hosted_zone(Name="example.org", CallerReference="preset")["HostedZone"]["Id"]
    return {"certificate_arn": certificate, "hosted_zone_id": zone.rpartition("/")[2]}


def _wait_until(is_so: Any) -> None:
    deadline = time.monotonic() + CLOSED_SECONDS_MAX
    while not is_so():
        assert time.monotonic() < deadline, "it does not come about"
        time.sleep(1)
