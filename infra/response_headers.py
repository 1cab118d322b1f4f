"""CloudFront's form of the security headers in infra/site_headers.py."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from infra import site_headers


def make_headers(scope: Construct, websocket_origin: str) -> cloudfront.ResponseHeadersPolicy:
    """Send what the local gateway sends. CloudFront knows some headers by name and takes the others as they are."""
    sent = site_headers.headers(websocket_origin)
    security = cloudfront.ResponseSecurityHeadersBehavior(
        content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
            content_security_policy=sent.pop("Content-Security-Policy"), override=True
        ),
        content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
        frame_options=cloudfront.ResponseHeadersFrameOptions(
            frame_option=cloudfront.HeadersFrameOption[sent.pop("X-Frame-Options")], override=True
        ),
        referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
            referrer_policy=_referrer_policy(sent.pop("Referrer-Policy")), override=True
        ),
        strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
            access_control_max_age=Duration.seconds(site_headers.STRICT_TRANSPORT_SECONDS),
            include_subdomains=True,
            override=True,
        ),
    )
    assert sent.pop("X-Content-Type-Options") == "nosniff", "the only value there is"
    others = [cloudfront.ResponseCustomHeader(header=name, value=value, override=True) for name, value in sent.items()]
    return cloudfront.ResponseHeadersPolicy(
        scope,
        "headers",
        comment="What infra/site_headers.py lists",
        security_headers_behavior=security,
        custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(custom_headers=others),
    )


def _referrer_policy(value: str) -> cloudfront.HeadersReferrerPolicy:
    return cloudfront.HeadersReferrerPolicy[value.upper().replace("-", "_")]
