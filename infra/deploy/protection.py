"""Two guards against losing a deployed site by a slip: termination protection, and a policy for updates of its stack.

Both hold while `removal_policy` is `retain`. CloudFormation then refuses to delete the stack, and refuses any update
that would replace or delete the table: bans, reports and everybody's place are in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from infra.options.options import Options

TABLE_TYPE = "AWS::DynamoDB::GlobalTable"

_ANYTHING = {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}
# Docs: "Prevent updates to stack resources". A policy can be changed and never taken away.
_NOT_THE_TABLE = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["Update:Replace", "Update:Delete"],
    "Resource": "*",
    "Condition": {"StringEquals": {"ResourceType": [TABLE_TYPE]}},
}
ASK = "{name} is protected. Its page and its sockets go; the table stays. Type {name} to remove it: "


def find(cloudformation: Any, name: str) -> Mapping[str, Any] | None:
    """Return what CloudFormation says of a stack, if there is one of that name."""
    try:
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except cloudformation.exceptions.ClientError as refused:
        if "does not exist" in str(refused):  # it has no code of its own
            return None
        raise
    found: Mapping[str, Any] = stack
    return found


def exists(cloudformation: Any, name: str) -> bool:
    """Return whether there is such a stack; one that was only ever looked at (REVIEW_IN_PROGRESS) is none."""
    stack = find(cloudformation, name)
    return stack is not None and stack["StackStatus"] != "REVIEW_IN_PROGRESS"


def set_policy(cloudformation: Any, options: Options) -> None:
    """Say what updates of the site's stack may do, if it is there."""
    if not exists(cloudformation, options.stack_name):
        return
    policy = [_ANYTHING, _NOT_THE_TABLE] if options.removal_policy == "retain" else [_ANYTHING]
    cloudformation.set_stack_policy(
        StackName=options.stack_name, StackPolicyBody=json.dumps({"Statement": policy}, sort_keys=True)
    )


def is_on(cloudformation: Any, name: str) -> bool:
    """Return whether a stack is protected from being deleted."""
    return bool((find(cloudformation, name) or {}).get("EnableTerminationProtection"))


def lift(cloudformation: Any, name: str) -> None:
    """Let a stack be deleted; the next deployment protects it again."""
    cloudformation.update_termination_protection(StackName=name, EnableTerminationProtection=False)
