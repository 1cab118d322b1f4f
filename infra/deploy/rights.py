"""The rights of the credentials: to become the CDK's roles; and one sentence for a call that AWS refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.options.options import BOOTSTRAP, CDK_ROLES, Options

REFUSED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AccessDeniedFault"})
MAY_NOT = (
    "These credentials may not do {action}: {words}. Sign in as somebody who may, for example with AdministratorAccess "
    "(docs/deploying.md, step 2), or as the role that `make pipeline` makes."
)
NO_ROLE = (
    "These credentials may not become {role}, with which the CDK deploys; it then tries with their own rights. If "
    "those are not enough, allow them sts:AssumeRole on it."
)
ROOT = ":root"  # nobody may become a role as the account's root, for which the CDK goes on with its own rights


def sentence(refused: ClientError) -> str | None:
    """Return what AWS refused, or None where it is about something else than rights."""
    error = refused.response["Error"]
    if error["Code"] not in REFUSED:
        return None
    return MAY_NOT.format(action=refused.operation_name, words=error.get("Message", error["Code"]).rstrip("."))


def warnings(session: Any, options: Options, number: str) -> Iterator[str]:
    """Yield a sentence for each role of the CDK that these credentials may not become; nothing is done with it."""
    sts = session.client("sts")
    if str(sts.get_caller_identity()["Arn"]).endswith(ROOT):
        return
    for region in options.regions(str(session.region_name)):
        for name in CDK_ROLES:
            role = f"arn:aws:iam::{number}:role/cdk-{BOOTSTRAP}-{name}-role-{number}-{region}"
            try:
                sts.assume_role(RoleArn=role, RoleSessionName="passerby-doctor")
            except ClientError as refused:
                if refused.response["Error"]["Code"] in REFUSED:
                    yield NO_ROLE.format(role=role.rpartition("/")[2])
            except BotoCoreError:
                return
