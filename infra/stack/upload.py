"""Uploading the page, and emptying its bucket at the end: the CDK's own two tools, with logs and roles of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import CfnResource, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct, IDependable

from functions.chat.aws import site_bucket
from infra.page.imprint import SECURITY_PATH
from infra.page.site_files import VERSIONED, SiteFiles
from infra.stack.logs import log_group, writing

CONFIG = "config.json"

FOREVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"

# The uploader holds all files and the AWS command line in memory.
UPLOADER_MEGABYTES = 512

# The CDK's id of the Lambda that empties buckets, one for each stack.
EMPTIER = "Custom::S3AutoDeleteObjectsCustomResourceProvider"


@dataclass(frozen=True)
class Writing:
    """The files that are uploaded: the page's, and those that the deployment writes."""

    files: SiteFiles
    config: Mapping[str, object]
    security_txt: str

    @property
    def at_root(self) -> list[deployment.ISource]:
        """The files beside the pages, which browsers ask for each time."""
        sources = [
            deployment.Source.asset(str(self.files.pages)),
            deployment.Source.json_data(CONFIG, self.config),
            # Until somebody counts, a minute later; without a file browsers would log that it is missing.
            deployment.Source.json_data(site_bucket.FILE, {}),
        ]
        if self.security_txt:
            sources.append(deployment.Source.data(SECURITY_PATH.lstrip("/"), self.security_txt))
        return sources


class Upload(Construct):
    """Uploads the assets, then the pages that point to them, `after` the backend that they talk to is ready."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        bucket: s3.IBucket,
        writing: Writing,
        *,
        after: Sequence[IDependable],
        log_retention_days: int,
    ) -> None:
        super().__init__(scope, id)
        group = log_group(self, "logs", log_retention_days)
        common: dict[str, Any] = {
            "destination_bucket": bucket,
            "memory_limit": UPLOADER_MEGABYTES,
            "log_group": group,
            "role": self._role(group),
        }
        # Old versions stay, for pages that are open or cached.
        assets = deployment.BucketDeployment(
            self,
            "assets",
            sources=[deployment.Source.asset(str(writing.files.assets))],
            cache_control=[deployment.CacheControl.from_string(FOREVER)],
            prune=False,
            **common,
        )
        pages = deployment.BucketDeployment(
            self,
            "pages",
            sources=writing.at_root,
            cache_control=[deployment.CacheControl.from_string(ASK_EACH_TIME)],
            # The files that the site published about itself stay as well.
            exclude=[f"{VERSIONED}/*", site_bucket.FIGURES_FILE],
            **common,
        )
        pages.node.add_dependency(assets, *after)
        self._bound_emptier(group)

    def _role(self, group: logs.LogGroup) -> iam.Role:
        return iam.Role(
            self,
            "role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={"logs": iam.PolicyDocument(statements=[writing(group)])},
        )

    def _bound_emptier(self, group: logs.LogGroup) -> None:
        """Let the emptier log into our group only: its own would be kept for ever, and outlive the stack."""
        emptier = Stack.of(self).node.find_child(EMPTIER)
        role, function = (emptier.node.find_child(name) for name in ("Role", "Handler"))
        assert isinstance(role, CfnResource), "the CDK makes it of plain resources"
        assert isinstance(function, CfnResource), "the CDK makes it of plain resources"
        role.add_property_deletion_override("ManagedPolicyArns")
        document = iam.PolicyDocument(statements=[writing(group)]).to_json()
        role.add_property_override("Policies", [{"PolicyName": "logs", "PolicyDocument": document}])
        function.add_property_override("LoggingConfig", {"LogGroup": group.log_group_name})
