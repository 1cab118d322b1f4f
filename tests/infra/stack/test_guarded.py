"""Nothing is public but CloudFront and the socket, all is encrypted, and no secret stands in a template."""

from __future__ import annotations

import json
import re
from ipaddress import ip_address
from typing import Any

import pytest

from functions.chat.runtime.settings import EDGE_HEADER
from infra.page import site_headers
from infra.stack import coturn
from tests.docs.documents import ROOT
from tests.infra.stack.templates import VARIANTS, Synthesis, flat, synthesise

EVERY_VARIANT = pytest.mark.parametrize("variant", VARIANTS)

SECRET_NAME = re.compile(r"SECRET|TOKEN|PASSWORD|CREDENTIAL|IDENTITY_KEYS")
DYNAMIC_REFERENCE = "{{resolve:secretsmanager:"


@EVERY_VARIANT
def test_the_bucket_is_closed_to_everybody_but_this_distribution(variant: str) -> None:
    """No access list, no public policy: CloudFront reads objects, and only as this very distribution."""
    site = synthesise(variant)
    (bucket,) = site.resources("AWS::S3::Bucket").values()
    assert bucket["Properties"]["PublicAccessBlockConfiguration"] == dict.fromkeys(
        ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
    )
    assert "AccessControl" not in bucket["Properties"]

    allowed, denied = _statements(site)
    readers = [each for each in allowed if each["Principal"] == {"Service": "cloudfront.amazonaws.com"}]
    assert [each["Action"] for each in readers] == [["s3:GetObject", "s3:ListBucket"]]
    assert "distribution/" in json.dumps(readers[0]["Condition"]["StringEquals"]["AWS:SourceArn"])
    # A visitor who asks for a listing gets the page: nothing of an address but its path reaches the bucket.
    assert site.distribution["DefaultRootObject"] == "index.html"
    (cache,) = site.resources("AWS::CloudFront::CachePolicy").values()
    forwarded = cache["Properties"]["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
    assert forwarded["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert [each["Principal"] for each in allowed if each not in readers] == [{"AWS": _emptier(site)}]
    assert [each["Condition"] for each in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]


@EVERY_VARIANT
def test_nothing_else_can_be_reached_from_outside(variant: str) -> None:
    """No function has an address of its own, and only a relay that was asked for listens on the internet."""
    site = synthesise(variant)
    listening = site.resources("AWS::EC2::SecurityGroup", "AWS::EC2::EIP", "AWS::EC2::Instance")

    assert site.resources("AWS::Lambda::Url", "AWS::ElasticLoadBalancingV2::LoadBalancer") == {}
    assert bool(listening) == (VARIANTS[variant].get("turn") == "coturn")


def test_a_relay_opens_the_ports_of_a_relay_only() -> None:
    """Nobody can log in to the instance, and it gives away neither its role nor the network behind it."""
    site = synthesise("coturn")
    (group,) = site.resources("AWS::EC2::SecurityGroup").values()
    opened = [(rule["IpProtocol"], rule["FromPort"]) for rule in group["Properties"]["SecurityGroupIngress"]]
    (instance,) = site.resources("AWS::EC2::Instance").values()
    start = json.dumps(instance["Properties"]["UserData"])

    assert sorted(opened) == [("tcp", 3478), ("udp", 3478), ("udp", 49152)]
    assert "KeyName" not in instance["Properties"]
    for closed in ("169.254.0.0-169.254.255.255", "10.0.0.0-10.255.255.255", "no-multicast-peers", "no-tcp-relay"):
        assert closed in start, "a relay forwards to any address that is not denied"
    for hidden in ("no-cli", "no-software-attribute", "log-file=/dev/null", "chmod 640 /etc/turnserver.conf"):
        assert hidden in start, "its secret, and who talks to whom"
    asked = instance["Properties"]["MetadataOptions"]
    assert asked == {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}, (
        "no request that is forwarded gets an answer"
    )


def test_a_relay_that_the_documents_describe_is_as_closed() -> None:
    """An operator who builds one by hand copies that line."""
    line = (ROOT / "docs" / "video.md").read_text().partition("turnserver -n")[2].partition("```")[0]

    for closed in ("169.254.0.0-169.254.255.255", "10.0.0.0-10.255.255.255", "--no-multicast-peers", "--no-tcp-relay"):
        assert closed in line


@pytest.mark.parametrize(
    "address",
    [
        *(
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.31.0.2",
            "192.168.0.1",
            "198.18.0.1",
        ),
        *("192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "255.255.255.255"),
        *("::", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001::1", "fd00::1", "fe80::1", "ff02::1"),
    ],
)
def test_a_relay_forwards_to_no_address_that_is_nobodys_visitor(address: str) -> None:
    """Special addresses (IANA's registries), also as IPv6 carries them, and only those."""
    denied = [tuple(map(ip_address, each.split("-"))) for each in coturn.DENIED]
    wanted = ip_address(address)

    def is_denied(one: Any) -> bool:
        return any(low.version == one.version and low <= one <= high for low, high in denied)

    assert is_denied(wanted)
    for visitor in ("8.8.8.8", "93.184.216.34", "2a00:1450:4001:801::200e", "2600:1f18::1"):
        assert not is_denied(ip_address(visitor))


@EVERY_VARIANT
def test_everything_is_encrypted_at_rest_and_on_the_way(variant: str) -> None:
    """Objects, messages and disks are encrypted; TLS is required where a policy can require it."""
    site = synthesise(variant)
    for bucket in site.resources("AWS::S3::Bucket").values():
        assert bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    for queue in site.resources("AWS::SQS::Queue").values():
        assert queue["Properties"]["SqsManagedSseEnabled"] is True
    for instance in site.resources("AWS::EC2::Instance").values():
        assert [disk["Ebs"]["Encrypted"] for disk in instance["Properties"]["BlockDeviceMappings"]] == [True]
    guarded = site.resources("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy").values()
    assert len(guarded) == len(site.resources("AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::S3::Bucket"))
    for policy in guarded:
        assert '{"aws:SecureTransport": "false"}' in json.dumps(policy)
    for behavior in _behaviors(site):
        assert behavior["ViewerProtocolPolicy"] in {"redirect-to-https", "https-only"}


@EVERY_VARIANT
def test_no_secret_stands_in_a_template(variant: str) -> None:
    """A value called secret is a reference that CloudFormation resolves, or the name of an encrypted parameter."""
    site = synthesise(variant)
    for _, resource in site.all_resources():
        variables = resource.get("Properties", {}).get("Environment", {})
        for name, value in variables.get("Variables", {}).items() if isinstance(variables, dict) else ():
            if SECRET_NAME.search(name) and not name.endswith("_PARAMETER"):
                assert DYNAMIC_REFERENCE in json.dumps(value), name
    for origin in site.distribution["Origins"]:
        for header in origin.get("OriginCustomHeaders", ()):
            assert DYNAMIC_REFERENCE in json.dumps(header["HeaderValue"]), header["HeaderName"]


def test_the_edge_shows_connect_the_secret_that_it_expects() -> None:
    """CloudFront's header and connect's variable are one generated secret, which nobody typed."""
    site = synthesise("guarded")
    (header,) = (each for origin in site.distribution["Origins"] for each in origin.get("OriginCustomHeaders", ()))
    connect = site.environment("functions.handlers.connect.handler")
    (secret,) = site.resources("AWS::SecretsManager::Secret").values()

    assert header["HeaderName"] == EDGE_HEADER
    assert header["HeaderValue"] == connect["EDGE_SECRET"]
    assert "SecretString" not in secret["Properties"]


@EVERY_VARIANT
def test_connect_is_told_the_sites_own_origins(variant: str) -> None:
    """Without anybody setting it, sockets open from the site's own pages only; connect alone is told."""
    site = synthesise(variant)
    told = json.dumps(site.environment("functions.handlers.connect.handler")["ALLOWED_ORIGINS"])
    options = VARIANTS[variant]
    expected = options.get("allowed_origins", "https://") + options.get("domain_name", "")

    assert all(part in told for part in expected.split("https://"))
    assert "allowed_origins" in options or '"DomainName"' in told
    assert "ALLOWED_ORIGINS" not in site.environment("functions.handlers.join.handler")


def test_the_page_may_reach_its_own_socket_and_nothing_else() -> None:
    """The policy is the one of localhost with the deployed socket in it, and every other header is there too."""
    site = synthesise()
    config, assets = _header_policies(site)
    policy = flat(config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    others = {each["Header"]: each["Value"] for each in config["CustomHeadersConfig"]["Items"]}
    socket = "wss://SocketsapiB84F56CB.execute-api.AWS::Region.AWS::URLSuffix"

    (style,) = re.findall(r"'sha256-[\w+/]{43}='", policy)
    assert policy == site_headers.content_security_policy(socket, [style])
    assert others["Permissions-Policy"] == site_headers.permissions_policy()
    by_name = {"Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"}
    assert set(others) | by_name == set(site_headers.headers(socket))
    fetched = {each["Header"] for each in assets["CustomHeadersConfig"]["Items"]} | {"X-Content-Type-Options"}
    assert fetched == set(site_headers.asset_headers())
    assert set(assets["SecurityHeadersConfig"]) == {"ContentTypeOptions", "StrictTransportSecurity"}


def test_a_browser_comes_by_tls_for_two_years_whatever_it_fetched() -> None:
    """On each name below as well."""
    for config in _header_policies(synthesise()):
        sent = config["SecurityHeadersConfig"]["StrictTransportSecurity"]
        assert sent == {"AccessControlMaxAgeSec": 63_072_000, "IncludeSubdomains": True, "Override": True}


def test_the_firewall_keeps_no_samples_of_what_visitors_send() -> None:
    """Addresses and queries would stand in them; its counts are enough."""
    (acl,) = (each["Properties"] for _, each in synthesise("guarded").all_resources() if "WAFv2" in each["Type"])

    shown = [acl["VisibilityConfig"], *(rule["VisibilityConfig"] for rule in acl["Rules"])]
    assert [each["SampledRequestsEnabled"] for each in shown] == [False, False]


def _header_policies(site: Synthesis) -> list[dict[str, Any]]:
    """Return the policy of documents and that of the assets below /v/."""
    distribution = site.distribution
    behaviors = [distribution["DefaultCacheBehavior"], distribution["CacheBehaviors"][0]]
    assert behaviors[1]["PathPattern"] == "/v/*"
    policies = site.resources("AWS::CloudFront::ResponseHeadersPolicy")
    named = [policies[behavior["ResponseHeadersPolicyId"]["Ref"]]["Properties"] for behavior in behaviors]
    return [each["ResponseHeadersPolicyConfig"] for each in named]


def _statements(site: Synthesis) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    (policy,) = site.resources("AWS::S3::BucketPolicy").values()
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    return (
        [each for each in statements if each["Effect"] == "Allow"],
        [each for each in statements if each["Effect"] == "Deny"],
    )


def _emptier(site: Synthesis) -> dict[str, Any]:
    (name,) = (name for name in site.resources("AWS::IAM::Role") if name.startswith("CustomS3AutoDelete"))
    return {"Fn::GetAtt": [name, "Arn"]}


def _behaviors(site: Synthesis) -> list[dict[str, Any]]:
    distribution = site.distribution
    return [distribution["DefaultCacheBehavior"], *distribution.get("CacheBehaviors", [])]
