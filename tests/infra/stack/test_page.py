"""How the page is cached, uploaded and configured."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.stack.templates import VARIANTS, Synthesis, flat, synthesise

EVERY_VARIANT = pytest.mark.parametrize("variant", VARIANTS)


def test_assets_are_kept_for_ever_and_pages_for_a_moment() -> None:
    """Both are compressed; only files that are named by their content are kept."""
    site = synthesise()
    distribution = site.distribution
    (policy,) = site.resources("AWS::CloudFront::CachePolicy").values()
    kept = policy["Properties"]["CachePolicyConfig"]

    assert [each["PathPattern"] for each in distribution["CacheBehaviors"]] == ["/v/*"]
    assert (kept["MinTTL"], kept["MaxTTL"]) == (1, 1)
    assert kept["ParametersInCacheKeyAndForwardedToOrigin"]["EnableAcceptEncodingBrotli"] is True
    for behavior in [distribution["DefaultCacheBehavior"], *distribution["CacheBehaviors"]]:
        assert behavior["Compress"] is True
        assert behavior["AllowedMethods"] == ["GET", "HEAD"]
        assert behavior["ResponseHeadersPolicyId"]


def test_pages_are_uploaded_when_all_that_they_need_is_there() -> None:
    """First the backend, then the assets, then the pages: a browser finds all files that a page refers to."""
    site = synthesise()
    assets, pages = _uploads(site)
    stage = next(iter(site.resources("AWS::ApiGatewayV2::Stage")))

    assert {stage, assets[0]} <= set(pages[1]["DependsOn"])
    assert (assets[1]["Properties"]["Prune"], pages[1]["Properties"].get("Prune", True)) == (False, True)
    assert pages[1]["Properties"]["Exclude"] == ["v/*", "transparency.json"], "what older pages refer to stays"
    assert assets[1]["Properties"]["SystemMetadata"] == {"cache-control": "public, max-age=31536000, immutable"}
    assert pages[1]["Properties"]["SystemMetadata"] == {"cache-control": "no-cache"}


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_page_is_told_where_its_socket_is(variant: str) -> None:
    """config.json holds the API's own address, or the page's own host where CloudFront passes sockets on."""
    site = synthesise(variant)
    told = flat(site.template["Outputs"]["WebsocketUrl"]["Value"])
    _, pages = _uploads(site)
    filled_in = [flat(value) for markers in pages[1]["Properties"]["SourceMarkers"] for value in markers.values()]

    if VARIANTS[variant].get("websocket") == "cloudfront":
        host = VARIANTS[variant].get("domain_name", "Sitedistribution3CA47039.DomainName")
        assert told == f"wss://{host}/ws"
    else:
        assert told == "wss://SocketsapiB84F56CB.execute-api.AWS::Region.AWS::URLSuffix/ws"
    assert variant == "guarded" or f'"{told}"' in filled_in


@pytest.mark.parametrize("variant", ["guarded", "kinesis"])
def test_sockets_pass_through_the_edge_uncached_and_without_its_host(variant: str) -> None:
    """API Gateway refuses a foreign Host, and needs the handshake's headers, the origin and the query."""
    site = synthesise(variant)
    (behavior,) = (each for each in site.distribution["CacheBehaviors"] if each["PathPattern"] == "/ws")
    (policy,) = site.resources("AWS::CloudFront::OriginRequestPolicy").values()
    config = policy["Properties"]["OriginRequestPolicyConfig"]
    passed = config["HeadersConfig"]["Headers"]

    assert behavior["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "CloudFront's CachingDisabled"
    assert behavior["ViewerProtocolPolicy"] == "https-only"
    assert {"Origin", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "CloudFront-Viewer-Address"} <= set(passed)
    assert "Host" not in passed
    assert config["QueryStringsConfig"] == {"QueryStringBehavior": "all"}


def test_ones_own_name_has_its_certificate_and_its_records() -> None:
    """The operator's host name is served with modern TLS and resolves on both kinds of network."""
    site = synthesise("guarded")
    viewer = site.distribution["ViewerCertificate"]
    records = [each["Properties"] for each in site.resources("AWS::Route53::RecordSet").values()]

    assert site.distribution["Aliases"] == ["chat.example.org"]
    assert viewer["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert {(each["Name"], each["Type"]) for each in records} == {
        ("chat.example.org.", "A"),
        ("chat.example.org.", "AAAA"),
    }


def test_the_web_acl_lives_where_cloudfront_looks_for_it() -> None:
    """It is a stack of its own, with the operator's rate, and the distribution uses it."""
    site = synthesise("guarded")
    (acl,) = site.templates["Passerby-eu-west-1-edge"]["Resources"].values()
    rule = acl["Properties"]["Rules"][0]

    assert acl["Properties"]["Scope"] == "CLOUDFRONT"
    assert rule["Statement"]["RateBasedStatement"]["Limit"] == 500
    assert "WebACLId" in site.distribution


def _uploads(site: Synthesis) -> list[tuple[str, dict[str, Any]]]:
    """Return the two uploads by id, the assets' first."""
    return sorted(site.resources("Custom::CDKBucketDeployment").items())


@EVERY_VARIANT
def test_no_error_is_kept_for_the_next_visitor(variant: str) -> None:
    """A socket that one visitor was refused is not refused to all; only a file that is not there stays away a while."""
    answers = {each["ErrorCode"]: each for each in synthesise(variant).distribution["CustomErrorResponses"]}

    assert set(answers) == {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}
    assert {code for code, each in answers.items() if each["ErrorCachingMinTTL"] > 0} == {404}
    assert {code for code, each in answers.items() if "ResponsePagePath" in each} == {404}


@EVERY_VARIANT
def test_a_site_may_stand_in_two_regions_of_one_account(variant: str) -> None:
    """CloudFront's policies and CloudWatch's dashboards are named once in an account."""
    site = synthesise(variant)
    configs = {
        "AWS::CloudFront::CachePolicy": "CachePolicyConfig",
        "AWS::CloudFront::OriginAccessControl": "OriginAccessControlConfig",
        "AWS::CloudFront::OriginRequestPolicy": "OriginRequestPolicyConfig",
        "AWS::CloudFront::ResponseHeadersPolicy": "ResponseHeadersPolicyConfig",
    }
    dashboard = "AWS::CloudWatch::Dashboard"
    names = [
        (kind, flat(each["Properties"][inner]["Name"]))
        for kind, inner in configs.items()
        for each in site.resources(kind).values()
    ]
    names += [(dashboard, flat(each["Properties"]["DashboardName"])) for each in site.resources(dashboard).values()]
    regional = [name for _, name in names if "AWS::Region" in name or "eu-west-1" in name]

    assert len(names) >= 5
    assert len(set(names)) == len(names), "a name is taken once by each kind of resource"
    assert [name for name in regional if "Passerby" in name] == [name for _, name in names]


@EVERY_VARIANT
def test_names_fit_the_longest_site_in_the_longest_region(variant: str) -> None:
    """A stack's name has 44 characters at most; CloudFront's and CloudWatch's limits are their API references'."""
    stack, region = "x" * 44, "ap-southeast-1"
    limits = {
        "AWS::CloudFront::CachePolicy": ("CachePolicyConfig", "Name", 128),
        "AWS::CloudFront::OriginAccessControl": ("OriginAccessControlConfig", "Name", 64),
        "AWS::CloudFront::OriginRequestPolicy": ("OriginRequestPolicyConfig", "Name", 128),
        "AWS::CloudFront::ResponseHeadersPolicy": ("ResponseHeadersPolicyConfig", "Name", 128),
        "AWS::SNS::Topic": ("DisplayName", "", 100),
    }
    for kind, (config, inner, longest) in limits.items():
        for resource in synthesise(variant).resources(kind).values():
            value = resource["Properties"].get(config, "")
            name = flat(value[inner] if inner else value).replace("AWS::Region", region).replace("eu-west-1", region)
            assert len(name.replace("Passerby", stack)) <= longest, name
