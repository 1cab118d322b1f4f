"""What must be there before a deployment, and what to do when it is not, in words."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from infra.options.options import Options

# Where `cdk bootstrap` writes which version of itself it left in an account, and what our stacks need of it.
BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
BOOTSTRAP_VERSION_MIN = 6

# New accounts may start with 10 Lambdas at once, which a hundred people reach.
CONCURRENCY_MIN = 100

RELAY_SECRET_BYTES = 32
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId"})

NO_CREDENTIALS = (
    "No AWS credentials were found. Sign in (`aws configure sso`, then `export AWS_PROFILE=…`) or set "
    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; docs/deploying.md, step 2, begins with an empty account."
)
NO_REGION = "No Region was chosen. Set one that is near your visitors, for example `export AWS_REGION=eu-central-1`."
NOT_BOOTSTRAPPED = "This account was never prepared for the CDK in {region}. Run `make bootstrap` once, then again."
OLD_BOOTSTRAP = "This account was prepared by an older CDK. Run `make bootstrap`, then again."
ABSENT = (
    "{option} needs the encrypted parameter {name}. Put the secret there: "
    "`aws ssm put-parameter --type SecureString --name {name} --value …`."
)
FEW_LAMBDAS = (
    "This account may run {number} Lambdas at once, which about {people} people reach. "
    "Ask for 1,000: Service Quotas, AWS Lambda, Concurrent executions."
)

MakeClient = Callable[[str], Any]


class NotReadyError(RuntimeError):
    """Something is missing; the sentence says what to do."""


def account(make_client: MakeClient) -> str:
    """Return the number of the account that the credentials open."""
    try:
        return str(make_client("sts").get_caller_identity()["Account"])
    except NoCredentialsError:
        raise NotReadyError(NO_CREDENTIALS) from None
    except NoRegionError:
        raise NotReadyError(NO_REGION) from None
    except ClientError as refused:
        if refused.response["Error"]["Code"] in EXPIRED:
            raise NotReadyError("The AWS credentials have expired or are wrong. Sign in again.") from None
        raise
    except BotoCoreError as failed:
        raise NotReadyError(f"AWS cannot be asked who you are: {failed}.") from failed


def check(make_client: MakeClient, region: str, options: Options) -> None:
    """Raise `NotReadyError` unless the account is prepared and the relay's secret is there."""
    version = _parameter(make_client, BOOTSTRAP_PARAMETER)
    if version is None:
        raise NotReadyError(NOT_BOOTSTRAPPED.format(region=region))
    if int(version) < BOOTSTRAP_VERSION_MIN:
        raise NotReadyError(OLD_BOOTSTRAP)
    if (age_secret := options.age_secret_parameter) and _parameter(make_client, age_secret) is None:
        raise NotReadyError(ABSENT.format(option="age_secret_parameter", name=age_secret))
    if options.turn in {"static", "coturn", "cloudflare"}:
        _check_relay_secret(make_client, options)


def warnings(make_client: MakeClient) -> Iterator[str]:
    """Yield what will not stop a deployment and should be known."""
    limits = make_client("lambda").get_account_settings()["AccountLimit"]
    if (number := limits["ConcurrentExecutions"]) < CONCURRENCY_MIN:
        yield FEW_LAMBDAS.format(number=number, people=10 * number)


def _check_relay_secret(make_client: MakeClient, options: Options) -> None:
    """Make the secret of a relay that the stack builds; one that somebody else knows must be there already."""
    name = options.turn_secret_parameter
    if _parameter(make_client, name) is not None:
        return
    if options.turn != "coturn" or options.turn_urls:
        raise NotReadyError(ABSENT.format(option=f"turn = {options.turn}", name=name))
    make_client("ssm").put_parameter(Name=name, Value=secrets.token_hex(RELAY_SECRET_BYTES), Type="SecureString")


def _parameter(make_client: MakeClient, name: str) -> str | None:
    try:
        return str(make_client("ssm").get_parameter(Name=name)["Parameter"]["Value"])
    except ClientError as refused:
        if refused.response["Error"]["Code"] == "ParameterNotFound":
            return None
        raise
