"""Names that an account has once for all Regions: CloudFront's policies and CloudWatch's dashboards."""

from __future__ import annotations

from aws_cdk import Aws, Stack
from constructs import Construct


def account_wide(scope: Construct, of: str) -> str:
    """Return a name for one site in one Region; a site that moves has the same stack in two Regions for a while."""
    return f"{Stack.of(scope).stack_name}-{Aws.REGION}-{of}"
