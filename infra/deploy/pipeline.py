"""`make pipeline`: let a workflow on GitHub deploy the site, with a role that its own tokens open (OIDC)."""

from __future__ import annotations

from typing import Any

from infra.deploy.prerequisites import NotReadyError
from infra.options.options import PIPELINE_ISSUER, Options

AUDIENCE = "sts.amazonaws.com"
NO_REPOSITORY = "pipeline_repository is not set: whose workflow may deploy {name}?"
SAY = (
    "\nThe branch main of {repository} may deploy now. Tell its workflow (.github/workflows/deploy.yml) with three "
    "variables, on GitHub under Settings, Secrets and variables, Actions, Variables:\n"
    "  PASSERBY_ROLE    {role}\n"
    "  PASSERBY_REGION  {region}\n"
    "  PASSERBY_SITE    the name of a file in sites/, or nothing for cdk.json alone\n"
)


def make_provider(iam: Any, options: Options) -> None:
    """Let the account believe GitHub's tokens, unless it does: an account has one such provider for all sites."""
    if not options.pipeline_repository:
        raise NotReadyError(NO_REPOSITORY.format(name=options.stack_name))
    there = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    if not any(each["Arn"].endswith(f"/{PIPELINE_ISSUER}") for each in there):
        iam.create_open_id_connect_provider(Url=f"https://{PIPELINE_ISSUER}", ClientIDList=[AUDIENCE])
