"""The needs of the Lambdas that know people: the keys behind pseudonyms, and the place where an address is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_iam as iam
from constructs import Construct

from functions.chat.runtime import settings
from infra.options.options import Options
from infra.stack.permissions import of_parameter


@dataclass(frozen=True)
class Identity:
    """The environment and the permissions of the Lambdas whose row says that they know people, and of no other."""

    environment: Mapping[str, str]
    statements: Sequence[iam.PolicyStatement]


def make_identity(scope: Construct, options: Options) -> Identity:
    """Name the parameter that connect makes at its first call: CloudFormation cannot make an encrypted one."""
    name, age_secret = options.identity_parameter, options.age_secret_parameter
    environment = {"IDENTITY_PARAMETER": name, "ADDRESS_SOURCE": _address_source(options)}
    statements = [of_parameter(scope, name, "GetParameter", "PutParameter")]
    if age_secret:
        environment["AGE_SECRET_PARAMETER"] = age_secret
        statements.append(of_parameter(scope, age_secret, "GetParameter"))
    return Identity(environment, statements)


def _address_source(options: Options) -> str:
    """CloudFront's word counts where nobody else can speak to connect; without that proof nobody's does."""
    if options.websocket == "direct":
        return settings.SOCKET
    return settings.EDGE if options.edge_secret else settings.NOWHERE
