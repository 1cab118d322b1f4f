"""Everything that can have tags says whose it is, so that a bill and a budget can be read by site."""

from __future__ import annotations

from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from infra.options.options import EDGE_REGION
from tests.infra.stack.templates import VARIANTS, synthesise

# A resource of the CDK that cannot be tagged; CloudFormation passes the stack's own tags on (docs: "Resource tags").
BY_STACK = "CustomS3AutoDeleteObjectsCustomResourceProvider"


def tags_property(kind: str) -> str | None:
    """Return the property that holds a type's tags, as AWS's own schema of it says; None where there is none."""
    if kind.startswith(("Custom::", "AWS::CDK::")):
        return None
    schema: dict[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema(EDGE_REGION, kind).schema
    tagging = schema.get("tagging", {})
    if not tagging.get("taggable", False):
        return None
    return str(tagging.get("tagProperty", "/properties/Tags")).rpartition("/")[2]


def as_mapping(tags: Any) -> dict[str, str]:
    return tags if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}


@pytest.mark.parametrize("variant", VARIANTS)
def test_everything_that_can_have_tags_says_whose_it_is(variant: str) -> None:
    """And carries what the operator chose, in both stacks."""
    wanted = {"passerby-site": "Passerby", **dict(each.split("=") for each in _chosen(variant))}
    untagged = set()
    for name, resource in synthesise(variant).all_resources():
        where = tags_property(resource["Type"])
        if (
            where
            and not name.startswith(BY_STACK)
            and not wanted.items() <= as_mapping(resource["Properties"].get(where, {})).items()
        ):
            untagged.add((resource["Type"], name))

    assert untagged == set()


def test_the_tables_copies_have_tags() -> None:
    """A global table has none of its own: those of its replica are what is paid for."""
    (replica,) = synthesise().only("AWS::DynamoDB::GlobalTable")["Replicas"]

    assert as_mapping(replica["Tags"]) == {"passerby-site": "Passerby"}


def _chosen(variant: str) -> list[str]:
    return [each for each in VARIANTS[variant].get("tags", "").split(",") if each]
