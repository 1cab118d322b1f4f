"""`make rotate-edge-secret`: another secret between CloudFront and connect, while sockets go on opening.

First connect knows the new one besides the old one, then CloudFront sends the new one, then connect forgets the old
one. CloudFormation could not do that: it changes both sides at once although CloudFront takes minutes, and it reads a
secret again only where a template has changed. The result is the one that the next deployment would make, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from functions.chat.runtime.settings import EDGE_HEADER
from infra.deploy.prerequisites import NotReadyError
from infra.options.options import EDGE_SECRET_CHARACTERS, LIVE, Options

NOTHING_TO_ROTATE = "The site {name} has no edge_secret: there is nothing to rotate."
CONNECT = "Lambdasconnect"  # how the CDK begins the function's logical id


def rotate(session: Any, options: Options, say: Callable[[str], object]) -> None:
    """Rotate the secret of a deployed site; broken off anywhere, it can simply be run again."""
    if not options.edge_secret:
        raise NotReadyError(NOTHING_TO_ROTATE.format(name=options.stack_name))
    found = _resources(session.client("cloudformation"), options.stack_name)
    edge = _Edge(session.client("cloudfront"), found["AWS::CloudFront::Distribution"])
    connect = _Connect(session.client("lambda"), found["AWS::Lambda::Function"])
    secrets = session.client("secretsmanager")
    old = edge.sends()
    new = secrets.get_random_password(PasswordLength=EDGE_SECRET_CHARACTERS, ExcludePunctuation=True)["RandomPassword"]
    connect.know(new, before=old)
    say("connect knows both secrets.\n")
    secrets.put_secret_value(SecretId=found["AWS::SecretsManager::Secret"], SecretString=new)
    say("CloudFront is told the new one, which takes about five minutes ...\n")
    edge.send(new)
    connect.know(new)
    say("The old secret opens nothing any more.\n")


def _resources(cloudformation: Any, stack: str) -> Mapping[str, str]:
    """Return the physical ids by type; of the functions only connect's."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return {
        each["ResourceType"]: each["PhysicalResourceId"]
        for page in pages
        for each in page["StackResourceSummaries"]
        if each["ResourceType"] != "AWS::Lambda::Function" or each["LogicalResourceId"].startswith(CONNECT)
    }


class _Edge:
    """CloudFront's side."""

    def __init__(self, client: Any, distribution: str) -> None:
        self._client = client
        self._distribution = distribution

    def sends(self) -> str:
        """Return the secret that CloudFront sends now: an earlier rotation may have been broken off."""
        return str(self._header(self._config()["DistributionConfig"])["HeaderValue"])

    def send(self, secret: str) -> None:
        """Let it send another secret, and wait until all of it does."""
        found = self._config()
        self._header(found["DistributionConfig"])["HeaderValue"] = secret
        self._client.update_distribution(
            Id=self._distribution, IfMatch=found["ETag"], DistributionConfig=found["DistributionConfig"]
        )
        self._client.get_waiter("distribution_deployed").wait(Id=self._distribution)

    def _config(self) -> dict[str, Any]:
        found: dict[str, Any] = self._client.get_distribution_config(Id=self._distribution)
        return found

    def _header(self, config: Mapping[str, Any]) -> dict[str, Any]:
        origins = config["Origins"]["Items"]
        headers = (each for origin in origins for each in origin.get("CustomHeaders", {}).get("Items", ()))
        return next(each for each in headers if each["HeaderName"].lower() == EDGE_HEADER)


class _Connect:
    """The function's side."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def know(self, secret: str, before: str = "") -> None:
        """Let it accept a secret and the one before, also where routes call the alias of a published version."""
        known = self._client.get_function_configuration(FunctionName=self._name)["Environment"]["Variables"]
        changed = {**known, "EDGE_SECRET": secret, "EDGE_SECRET_BEFORE": before}
        variables = {name: value for name, value in changed.items() if value}
        self._client.update_function_configuration(FunctionName=self._name, Environment={"Variables": variables})
        self._client.get_waiter("function_updated_v2").wait(FunctionName=self._name)
        for alias in self._client.list_aliases(FunctionName=self._name)["Aliases"]:
            if alias["Name"] == LIVE:
                version = self._client.publish_version(FunctionName=self._name)["Version"]
                self._client.get_waiter("published_version_active").wait(FunctionName=self._name, Qualifier=version)
                self._client.update_alias(FunctionName=self._name, Name=LIVE, FunctionVersion=version)
