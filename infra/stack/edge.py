"""The parts at CloudFront's edge: sockets under the page's own host, a shared secret, and a WAF on request."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from functions.chat.runtime.settings import EDGE_HEADER
from infra.options.options import EDGE_SECRET_CHARACTERS
from infra.stack import names

# AWS WAF counts over this window.
WINDOW_SECONDS = 300

# CloudFront passes these on of a socket's opening request. Not Host: API Gateway answers 403 to a foreign one.
_OPENING_HEADERS = (
    "Origin",
    "User-Agent",
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Version",
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Extensions",
    "CloudFront-Viewer-Address",
)


def socket_behavior(
    scope: Construct, api_host: str, secret: secretsmanager.ISecret | None
) -> cloudfront.BehaviorOptions:
    """Forward sockets to the API; CloudFront, like API Gateway, closes one that idles ten minutes."""
    policy = cloudfront.OriginRequestPolicy(
        scope,
        "SocketRequests",
        origin_request_policy_name=names.account_wide(scope, "sockets"),
        comment="What API Gateway needs of a socket's opening request",
        header_behavior=cloudfront.OriginRequestHeaderBehavior.allow_list(*_OPENING_HEADERS),
        query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.all(),
        cookie_behavior=cloudfront.OriginRequestCookieBehavior.all(),
    )
    origin = origins.HttpOrigin(
        api_host,
        protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
        keepalive_timeout=Duration.seconds(60),
        custom_headers={EDGE_HEADER: reference(secret)} if secret else None,
    )
    return cloudfront.BehaviorOptions(
        origin=origin,
        allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
        cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
        origin_request_policy=policy,
        compress=False,
    )


def make_secret(scope: Construct) -> secretsmanager.Secret:
    """Make a secret that nobody sees: generated in the account, read by CloudFormation where it is used."""
    return secretsmanager.Secret(
        scope,
        "EdgeSecret",
        description="The secret that CloudFront tells connect, so that sockets open through CloudFront only",
        generate_secret_string=secretsmanager.SecretStringGenerator(
            password_length=EDGE_SECRET_CHARACTERS, exclude_punctuation=True
        ),
        removal_policy=RemovalPolicy.DESTROY,
    )


def reference(secret: secretsmanager.ISecret) -> str:
    """Return what CloudFormation replaces by the secret when it sets a property; the template never holds it."""
    return secret.secret_value.unsafe_unwrap()


def make_web_acl(scope: Construct, requests_per_window: int) -> str:
    """Make the WAF that blocks an address above a rate, and return its ARN. CloudFront's must live in us-east-1."""
    metrics = {"cloud_watch_metrics_enabled": True, "sampled_requests_enabled": False}
    rule = wafv2.CfnWebACL.RuleProperty(
        name="rate",
        priority=0,
        action=wafv2.CfnWebACL.RuleActionProperty(block={}),
        statement=wafv2.CfnWebACL.StatementProperty(
            rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                aggregate_key_type="IP", limit=requests_per_window, evaluation_window_sec=WINDOW_SECONDS
            )
        ),
        visibility_config=wafv2.CfnWebACL.VisibilityConfigProperty(metric_name="passerby-rate", **metrics),
    )
    acl = wafv2.CfnWebACL(
        scope,
        "WebAcl",
        scope="CLOUDFRONT",
        default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
        rules=[rule],
        visibility_config=wafv2.CfnWebACL.VisibilityConfigProperty(metric_name="passerby", **metrics),
    )
    return acl.attr_arn
