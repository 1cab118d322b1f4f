"""The page: a private bucket behind CloudFront, which alone is public."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration, RemovalPolicy, Size
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct, IDependable

from infra import site_headers
from infra.logs import log_group
from infra.options import Options
from infra.site_files import ENTRY, VERSIONED, SiteFiles

CONFIG = "config.json"

FOREVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"

# CloudFront compresses only what it may keep (docs: "Serving compressed files"), so pages are kept for a moment; a
# storm of visitors also reaches the bucket only once a second. Browsers still ask each time.
PAGE_SECONDS = 1
MISSING_SECONDS = 10

# The tool that uploads holds all files and the AWS command line in memory.
UPLOADER_MEGABYTES = 512


class Site(Construct):
    """`origins` are the addresses at which people open the page."""

    def __init__(
        self, scope: Construct, id: str, options: Options, websocket_origin: str,
        socket_behavior: cloudfront.BehaviorOptions | None = None, web_acl_arn: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self._options = options
        self._bucket = s3.Bucket(
            self,
            "bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            # All of it can be uploaded again, and a bucket must be empty to be removed.
            removal_policy=RemovalPolicy.DESTROY,
            auto_delete_objects=True,
        )
        self.distribution = self._distribution(websocket_origin, socket_behavior, web_acl_arn)
        hosts = [self.distribution.distribution_domain_name, options.domain_name]
        self.origins = [f"https://{host}" for host in hosts if host]
        self.url = f"https://{options.domain_name or self.distribution.distribution_domain_name}"

    def upload(self, files: SiteFiles, config: dict[str, object], after: Sequence[IDependable]) -> None:
        """Upload the assets, then the pages that point to them, `after` the backend that they talk to is ready."""
        group = log_group(self, "upload-logs", self._options.log_retention_days)
        # Old versions stay, for pages that are open or cached.
        assets = deployment.BucketDeployment(
            self,
            "assets",
            destination_bucket=self._bucket,
            sources=[deployment.Source.asset(str(files.assets))],
            cache_control=[deployment.CacheControl.from_string(FOREVER)],
            prune=False,
            memory_limit=UPLOADER_MEGABYTES,
            log_group=group,
        )
        pages = deployment.BucketDeployment(
            self,
            "pages",
            destination_bucket=self._bucket,
            sources=[
                deployment.Source.asset(str(files.pages)),
                deployment.Source.json_data(CONFIG, config),
            ],
            cache_control=[deployment.CacheControl.from_string(ASK_EACH_TIME)],
            exclude=[f"{VERSIONED}/*"],
            memory_limit=UPLOADER_MEGABYTES,
            log_group=group,
        )
        pages.node.add_dependency(assets, *after)

    def _distribution(
        self, websocket_origin: str, socket_behavior: cloudfront.BehaviorOptions | None, web_acl_arn: str | None
    ) -> cloudfront.Distribution:
        origin = origins.S3BucketOrigin.with_origin_access_control(self._bucket)
        policy = self._headers(websocket_origin)
        return cloudfront.Distribution(
            self,
            "distribution",
            comment=f"{self._options.stack_name}: the page",
            default_root_object=ENTRY,
            default_behavior=_static(origin, policy, self._page_cache()),
            additional_behaviors={
                f"/{VERSIONED}/*": _static(origin, policy, cloudfront.CachePolicy.CACHING_OPTIMIZED),
                **({"/ws": socket_behavior} if socket_behavior else {}),
            },
            # The bucket says 403 for what is not there, as nobody may list it.
            error_responses=[
                cloudfront.ErrorResponse(
                    http_status=403,
                    response_http_status=404,
                    response_page_path=f"/{ENTRY}",
                    ttl=Duration.seconds(MISSING_SECONDS),
                )
            ],
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            web_acl_id=web_acl_arn,
            **self._own_name(),
        )

    def _own_name(self) -> dict[str, Any]:
        """Return what only a certificate of one's own allows; CloudFront's own name has its own settings."""
        if not self._options.domain_name:
            return {}
        return {
            "domain_names": [self._options.domain_name],
            "certificate": acm.Certificate.from_certificate_arn(self, "certificate", self._options.certificate_arn),
            "minimum_protocol_version": cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
        }

    def _page_cache(self) -> cloudfront.CachePolicy:
        kept = Duration.seconds(PAGE_SECONDS)
        return cloudfront.CachePolicy(
            self,
            "page-cache",
            comment="Pages: compressed, and as good as never kept",
            min_ttl=kept,
            default_ttl=kept,
            max_ttl=kept,
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )

    def _headers(self, websocket_origin: str) -> cloudfront.ResponseHeadersPolicy:
        """Send what the local gateway sends. CloudFront knows some headers by name and takes the others as they are."""
        sent = site_headers.headers(websocket_origin)
        content_security_policy = sent.pop("Content-Security-Policy")
        assert sent.pop("X-Content-Type-Options") == "nosniff", "the only value there is"
        return cloudfront.ResponseHeadersPolicy(
            self,
            "headers",
            comment="What infra/site_headers.py lists",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=content_security_policy, override=True
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
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=name, value=value, override=True)
                    for name, value in sent.items()
                ]
            ),
        )


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


def _referrer_policy(value: str) -> cloudfront.HeadersReferrerPolicy:
    return cloudfront.HeadersReferrerPolicy[value.upper().replace("-", "_")]
