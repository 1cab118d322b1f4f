"""What connect needs to know people by: the keys behind pseudonyms, and where an address is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from functions.chat import settings
from infra.options import Options


@dataclass(frozen=True)
class Identity:
    """The environment and the permissions of connect, and of no other Lambda."""

    environment: Mapping[str, str]
    statements: Sequence[iam.PolicyStatement]


def make_identity(scope: Construct, options: Options) -> Identity:
    """Name the parameter that connect makes at its first call: CloudFormation cannot make an encrypted one."""
    name = options.identity_parameter
    arn = Stack.of(scope).format_arn(service="ssm", resource="parameter", resource_name=name.removeprefix("/"))
    making = iam.PolicyStatement(actions=["ssm:GetParameter", "ssm:PutParameter"], resources=[arn])
    return Identity({"IDENTITY_PARAMETER": name, "ADDRESS_SOURCE": _address_source(options)}, [making])


def _address_source(options: Options) -> str:
    """CloudFront's word counts where nobody else can speak to connect; without that proof nobody's does."""
    if options.websocket == "direct":
        return settings.SOCKET
    return settings.EDGE if options.edge_secret else settings.NOWHERE
