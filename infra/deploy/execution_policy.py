"""`make bootstrap ARGS=--smallest`: CloudFormation's rights for the site, generated from its templates.

By default the CDK lets CloudFormation do everything (AdministratorAccess). AWS's schema of a type of resource says what
making, reading, changing and removing one needs; cfn-lint carries these schemas. Only the site's own roles may be
touched: a program that may make any role may do anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from infra.options.options import EDGE_REGION, Options

VERBS = ("create", "read", "update", "delete")
# A schema may name what is no action, for instance S3's `REST.PUT.OBJECT`.
ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z]+\*?")
# CloudFormation does this for a template itself: it reads the parameters that it refers to, and calls the Lambdas of
# its custom resources, and looks up the WAF in the stack of another Region (docs: "Fn::GetStackOutput").
OF_TEMPLATES = frozenset({"ssm:GetParameters", "lambda:InvokeFunction", "cloudformation:DescribeStacks"})
OF_ROLES = re.compile(r"iam:.*(Role|InstanceProfile).*")  # and of the policies within them
STACK_CHARACTERS_KEPT = 20  # of a stack's name, in the name of each of its roles
CHARACTERS_MAX = 6144  # of a managed policy (docs: "IAM and AWS STS quotas")
POLICIES_MAX = 10  # of a role, by default
VERSIONS_MAX = 5  # of a policy; the oldest goes for the newest


def types(assembly: Path) -> set[str]:
    """Return the types of all resources in the templates of a synthesis."""
    templates = (json.loads(path.read_text()) for path in sorted(assembly.glob("*.template.json")))
    return {resource["Type"] for template in templates for resource in template["Resources"].values()}


def actions(kinds: Collection[str]) -> set[str]:
    """Return what CloudFormation must be allowed for resources of these types."""
    # Half a second to load, for this one command; it brings no types.
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # noqa: PLC0415

    found = set(OF_TEMPLATES)
    for kind in kinds:
        if kind.startswith("AWS::") and kind != "AWS::CDK::Metadata":
            schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(EDGE_REGION, kind).schema
            # Everything of a site is tagged.
            parts = [schema.get("handlers", {}).get(verb, {}) for verb in VERBS] + [schema.get("tagging", {})]
            found |= {each for part in parts for each in part.get("permissions", ())}
    return {each for each in found if ACTION.fullmatch(each)}


def documents(kinds: Collection[str], account: str, stack_name: str) -> Iterator[dict[str, Any]]:
    """Yield the policies, as many as are needed because one may not be longer."""
    needed = actions(kinds)
    # A role's name has 64 characters, for which CloudFormation shortens the stack's.
    beginning = f"{stack_name}-" if len(stack_name) < STACK_CHARACTERS_KEPT else stack_name[:STACK_CHARACTERS_KEPT]
    own = [f"arn:aws:iam::{account}:{kind}/{beginning}*" for kind in ("role", "instance-profile")]
    yield _document(sorted(each for each in needed if OF_ROLES.fullmatch(each)), own)
    part: list[str] = []
    for action in sorted(each for each in needed if not each.startswith("iam:")):
        if len(json.dumps(_document([*part, action], ["*"]))) > CHARACTERS_MAX:
            yield _document(part, ["*"])
            part = []
        part.append(action)
    yield _document(part, ["*"])


def put(iam: Any, account: str, options: Options, assembly: Path) -> list[str]:
    """Make the policies, or their next versions, and return their ARNs."""
    found = [*documents(types(assembly), account, options.stack_name)]
    assert len(found) <= POLICIES_MAX, f"a role has {POLICIES_MAX} policies at most, and {len(found)} are needed"
    return [_put(iam, account, f"{options.stack_name}-execution-{number}", each) for number, each in enumerate(found)]


def _document(allowed: list[str], resources: list[str]) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": allowed, "Resource": resources}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _put(iam: Any, account: str, name: str, document: Mapping[str, Any]) -> str:
    text, arn = json.dumps(document), f"arn:aws:iam::{account}:policy/{name}"
    try:
        versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    except iam.exceptions.NoSuchEntityException:
        iam.create_policy(PolicyName=name, PolicyDocument=text)
        return arn
    if len(versions) >= VERSIONS_MAX:
        oldest = min((each for each in versions if not each["IsDefaultVersion"]), key=lambda each: each["CreateDate"])
        iam.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)
    return arn
