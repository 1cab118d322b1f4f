"""The edge's secret is rotated while sockets open: at each moment connect accepts what CloudFront sends."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from functions.chat.runtime.settings import EDGE_HEADER
from infra.deploy import rotation
from infra.deploy.prerequisites import NotReadyError
from infra.options.options import Options
from tests.infra.stack.templates import synthesise

GUARDED = Options(websocket="cloudfront", edge_secret=True)


class FakeSite:
    """A deployed site, as its own client of every service; each change must leave it open to CloudFront."""

    region_name = "eu-west-1"

    def __init__(
        self, sent: str = "old", known: str = "old", aliases: tuple[str, ...] = (), fails_at: int = 99
    ) -> None:
        self.sent = [sent]  # and the one that a part of CloudFront sends already
        self.known = [known]  # as before an update that is under way, and as after it
        self.stored = "old"
        self.aliases = aliases
        self.live = known
        self.ready: set[str] = set()  # published versions
        self.variables: dict[str, str] = {"EDGE_SECRET": known, "TABLE_NAME": "kept"}
        self.drawn = 0
        self.left = fails_at

    def client(self, service: str) -> FakeSite:
        return self

    def changed(self) -> None:
        self.left -= 1
        if not self.left:
            raise ConnectionError("the operator's computer goes to sleep")
        accepted = [self.live] if "live" in self.aliases else self.known
        refused = [each for each in self.sent for known in accepted if each not in known.split()]
        assert not refused, f"sockets are refused: {refused} are sent, {accepted} accepted"

    # CloudFormation

    def get_paginator(self, name: str) -> FakeSite:
        assert name == "list_stack_resources"
        return self

    def paginate(self, StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        rows = [
            ("AWS::Lambda::Function", "Lambdasconnect1A", "connect"),
            ("AWS::Lambda::Function", "Lambdasjoin1A", "join"),
            ("AWS::CloudFront::Distribution", "Site", "E123"),
            ("AWS::SecretsManager::Secret", "EdgeSecret", "arn"),
        ]
        return [
            {
                "StackResourceSummaries": [
                    {"ResourceType": kind, "LogicalResourceId": logical, "PhysicalResourceId": name}
                ]
            }
            for kind, logical, name in rows
        ]

    # CloudFront

    def get_distribution_config(self, Id: str) -> dict[str, Any]:  # noqa: N803
        header = {"HeaderName": EDGE_HEADER, "HeaderValue": self.sent[-1]}
        origins = [{"CustomHeaders": {"Quantity": 0}}, {"CustomHeaders": {"Quantity": 1, "Items": [header]}}]
        return {"ETag": "etag", "DistributionConfig": {"Origins": {"Items": origins}, "Comment": "kept"}}

    def update_distribution(self, Id: str, IfMatch: str, DistributionConfig: Mapping[str, Any]) -> None:  # noqa: N803
        assert (Id, IfMatch, DistributionConfig["Comment"]) == ("E123", "etag", "kept")
        self.sent.append(DistributionConfig["Origins"]["Items"][1]["CustomHeaders"]["Items"][0]["HeaderValue"])
        self.changed()

    # Lambda

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        assert FunctionName == "connect"
        return {"Environment": {"Variables": self.variables}}

    def update_function_configuration(self, FunctionName: str, Environment: Any) -> None:  # noqa: N803
        assert FunctionName == "connect"
        self.variables = Environment["Variables"]
        self.known.append(f"{self.variables['EDGE_SECRET']} {self.variables.get('EDGE_SECRET_BEFORE', '')}".strip())
        self.changed()

    def list_aliases(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        return {"Aliases": [{"Name": name} for name in self.aliases]}

    def publish_version(self, FunctionName: str) -> dict[str, str]:  # noqa: N803
        (known,) = self.known  # AWS refuses one while the function is being changed
        return {"Version": known}

    def update_alias(self, FunctionName: str, Name: str, FunctionVersion: str) -> None:  # noqa: N803
        assert Name == "live"
        assert FunctionVersion in self.ready, "calls of a version that is not ready fail"
        self.live = FunctionVersion
        self.changed()

    def get_waiter(self, name: str) -> Any:
        def wait(Qualifier: str = "", **_: str) -> None:  # noqa: N803
            match name:
                case "distribution_deployed":
                    del self.sent[:-1]
                case "function_updated_v2":
                    del self.known[:-1]
                case "published_version_active":
                    self.ready.add(Qualifier)

        return SimpleNamespace(wait=wait)

    # Secrets Manager

    def get_random_password(self, PasswordLength: int, ExcludePunctuation: bool) -> dict[str, str]:  # noqa: N803
        assert ExcludePunctuation, "it is the value of a header"
        self.drawn += 1
        return {"RandomPassword": f"new{self.drawn}"}

    def put_secret_value(self, SecretId: str, SecretString: str) -> None:  # noqa: N803
        assert SecretId == "arn"
        self.stored = SecretString
        self.changed()


@pytest.mark.parametrize("aliases", [(), ("live",), ("other",)])
def test_both_sides_and_the_store_end_with_the_new_one(aliases: tuple[str, ...]) -> None:
    """And nothing else of them has changed."""
    site = FakeSite(aliases=aliases)
    rotation.rotate(site, GUARDED, lambda _: None)

    assert (site.sent, site.known, site.stored) == (["new1"], ["new1"], "new1")
    assert site.live == ("new1" if "live" in aliases else "old")
    assert site.variables["TABLE_NAME"] == "kept"


@pytest.mark.parametrize("at", range(1, 7))
def test_a_rotation_that_broke_off_can_be_run_again(at: int) -> None:
    """Wherever it was, no socket is refused, and the second one ends as the first one should have."""
    site = FakeSite(aliases=("live",), fails_at=at)
    with pytest.raises(ConnectionError):
        rotation.rotate(site, GUARDED, lambda _: None)
    site.left = 99
    for begun in ("distribution_deployed", "function_updated_v2"):
        site.get_waiter(begun).wait()  # AWS goes on with it meanwhile
    rotation.rotate(site, GUARDED, lambda _: None)

    assert site.sent == site.known == [site.live] == [site.stored] == ["new2"]


def test_a_site_without_a_secret_says_so() -> None:
    """In a sentence."""
    with pytest.raises(NotReadyError, match="Passerby has no edge_secret"):
        rotation.rotate(FakeSite(), Options(), lambda _: None)


def test_the_resources_to_rotate_are_found_in_the_stack() -> None:
    """By the types and the beginning of a name that the template has once."""
    site = synthesise("guarded")
    names = [name for name in site.resources("AWS::Lambda::Function") if name.startswith(rotation.CONNECT)]

    assert len(names) == len(site.resources("AWS::SecretsManager::Secret")) == 1
    assert "EDGE_SECRET" in site.environment("functions.handlers.connect.handler")
