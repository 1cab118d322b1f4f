"""CloudFront's form of the security headers in infra/page/site_headers.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from infra.page import site_headers
from infra.stack import names


def make_headers(scope: Construct, websocket_origin: str, styles: Sequence[str]) -> cloudfront.ResponseHeadersPolicy:
    """Send the headers of the local gateway. CloudFront knows some of them by name and takes the others as they are."""
    sent = site_headers.headers(websocket_origin, styles)
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
        strict_transport_security=_strict_transport(),
    )
    assert sent.pop("X-Content-Type-Options") == "nosniff", "the only value there is"
    return _policy(scope, "headers", "Of documents", security, sent)


def make_asset_headers(scope: Construct) -> cloudfront.ResponseHeadersPolicy:
    """Send with the files that a document fetches only the headers that browsers read there."""
    sent = site_headers.asset_headers()
    assert sent.pop("X-Content-Type-Options") == "nosniff", "the only value there is"
    security = cloudfront.ResponseSecurityHeadersBehavior(
        content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
        strict_transport_security=_strict_transport(),
    )
    return _policy(scope, "asset-headers", "Of what documents fetch", security, sent)


def _policy(
    scope: Construct,
    id: str,
    comment: str,
    security: cloudfront.ResponseSecurityHeadersBehavior,
    others: Mapping[str, str],
) -> cloudfront.ResponseHeadersPolicy:
    custom = [
        cloudfront.ResponseCustomHeader(header=name, value=value, override=True) for name, value in others.items()
    ]
    return cloudfront.ResponseHeadersPolicy(
        scope,
        id,
        response_headers_policy_name=names.account_wide(scope, id),
        comment=f"{comment}: what infra/page/site_headers.py lists",
        security_headers_behavior=security,
        custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(custom_headers=custom),
    )


def _strict_transport() -> cloudfront.ResponseHeadersStrictTransportSecurity:
    return cloudfront.ResponseHeadersStrictTransportSecurity(
        access_control_max_age=Duration.seconds(site_headers.STRICT_TRANSPORT_SECONDS),
        include_subdomains=True,
        override=True,
    )


def _referrer_policy(value: str) -> cloudfront.HeadersReferrerPolicy:
    return cloudfront.HeadersReferrerPolicy[value.upper().replace("-", "_")]
