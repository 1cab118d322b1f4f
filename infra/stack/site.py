"""The page: a private bucket behind CloudFront, which alone is public."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Acknowledgment, Duration, RemovalPolicy, Validations
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_route53_targets import CloudFrontTarget
from constructs import Construct

from infra.options.options import Options
from infra.page.site_files import ENTRY, VERSIONED
from infra.stack import names
from infra.stack.response_headers import make_asset_headers, make_headers
from infra.stack.sockets import SOCKET_PATH

# CloudFront compresses only files that it may keep (docs: "Serving compressed files"), so pages are kept for a moment;
# a storm of visitors also reaches the bucket only once a second. Browsers still ask each time.
PAGE_SECONDS = 1
MISSING_SECONDS = 10
# Kept for ten seconds by default (docs: "How CloudFront caches HTTP 4xx and 5xx status codes from your origin"), for
# every visitor alike: a socket's address differs by nothing that the cache looks at.
PASSING_ERRORS = (400, 403, 405, 414, 416, 500, 501, 502, 503, 504)


class Site(Construct):
    """`origins` are the addresses at which people open the page; `styles` are the styles within the page itself."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        options: Options,
        websocket_origin: str,
        styles: Sequence[str],
        socket_behavior: cloudfront.BehaviorOptions | None = None,
        web_acl_arn: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self._options = options
        self._styles = styles
        self.bucket = s3.Bucket(
            self,
            "bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            # All of it can be uploaded again, and a bucket must be empty to be removed.
            removal_policy=RemovalPolicy.DESTROY,
            auto_delete_objects=True,
        )
        Validations.of(self).acknowledge(
            Acknowledgment(
                id="Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk",
                reason="There is a default root object, and no query reaches the bucket: visitors are listed nothing.",
            )
        )
        self._distribution = self._distribute(websocket_origin, socket_behavior, web_acl_arn)
        hosts = [self._distribution.distribution_domain_name, options.domain_name]
        self.origins = [f"https://{host}" for host in hosts if host]
        self.url = self.origins[-1]
        if options.hosted_zone_id:
            self._point_domain_here()

    def _distribute(
        self, websocket_origin: str, socket_behavior: cloudfront.BehaviorOptions | None, web_acl_arn: str | None
    ) -> cloudfront.Distribution:
        origin = origins.S3BucketOrigin.with_origin_access_control(
            self.bucket,
            origin_access_control=self._access(),
            # With the right to list, a file that is not there is 404, and 403 means a socket that was refused. Visitors
            # are listed nothing: the address of a listing is that of the page.
            origin_access_levels=[cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST],
        )
        headers, asset_headers = make_headers(self, websocket_origin, self._styles), make_asset_headers(self)
        return cloudfront.Distribution(
            self,
            "distribution",
            comment=f"{self._options.stack_name}: the page",
            default_root_object=ENTRY,
            default_behavior=_static(origin, headers, self._page_cache()),
            additional_behaviors={
                f"/{VERSIONED}/*": _static(origin, asset_headers, cloudfront.CachePolicy.CACHING_OPTIMIZED),
                **({SOCKET_PATH: socket_behavior} if socket_behavior else {}),
            },
            error_responses=_error_responses(),
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            web_acl_id=web_acl_arn,
            **self._own_name(),
        )

    def _own_name(self) -> dict[str, Any]:
        """Return the settings that need a certificate of the operator's; CloudFront's own name has its own settings."""
        if not self._options.domain_name:
            return {}
        return {
            "domain_names": [self._options.domain_name],
            "certificate": acm.Certificate.from_certificate_arn(self, "certificate", self._options.certificate_arn),
            "minimum_protocol_version": cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
        }

    def _access(self) -> cloudfront.S3OriginAccessControl:
        return cloudfront.S3OriginAccessControl(
            self, "access", origin_access_control_name=names.account_wide(self, "page")
        )

    def _page_cache(self) -> cloudfront.CachePolicy:
        kept = Duration.seconds(PAGE_SECONDS)
        return cloudfront.CachePolicy(
            self,
            "page-cache",
            cache_policy_name=names.account_wide(self, "page"),
            comment="Pages: compressed, and as good as never kept",
            min_ttl=kept,
            default_ttl=kept,
            max_ttl=kept,
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )

    def _point_domain_here(self) -> None:
        """Write the records of the operator's name, in a zone that is theirs already."""
        name = self._options.domain_name
        zone = route53.HostedZone.from_hosted_zone_attributes(
            self, "zone", hosted_zone_id=self._options.hosted_zone_id, zone_name=name
        )
        target = route53.RecordTarget.from_alias(CloudFrontTarget(self._distribution))
        # With a dot at its end a name is whole, with any name of the zone.
        route53.ARecord(self, "ipv4", zone=zone, record_name=f"{name}.", target=target)
        route53.AaaaRecord(self, "ipv6", zone=zone, record_name=f"{name}.", target=target)


def _error_responses() -> list[cloudfront.ErrorResponse]:
    """Show the page for a missing file, and cache no other error: CloudFront would hand one visitor's error to all."""
    missing = cloudfront.ErrorResponse(
        http_status=404,
        response_http_status=404,
        response_page_path=f"/{ENTRY}",
        ttl=Duration.seconds(MISSING_SECONDS),
    )
    passing = [cloudfront.ErrorResponse(http_status=status, ttl=Duration.seconds(0)) for status in PASSING_ERRORS]
    return [missing, *passing]


def _static(
    origin: cloudfront.IOrigin, headers: cloudfront.IResponseHeadersPolicy, cache: cloudfront.ICachePolicy
) -> cloudfront.BehaviorOptions:
    return cloudfront.BehaviorOptions(
        origin=origin,
        allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cache_policy=cache,
        response_headers_policy=headers,
        compress=True,
    )
