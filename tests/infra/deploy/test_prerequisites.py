"""`make deploy` says what is missing, in words, before it begins."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, NoRegionError

from infra.deploy import prerequisites
from infra.deploy.prerequisites import NotReadyError
from infra.options.options import Options


class FakeAws:
    """An account: parameters by name, and how many Lambdas may run; `refusal` is what STS raises."""

    def __init__(self, refusal: Exception | None = None, concurrency: int = 1000, **parameters: str) -> None:
        self.refusal = refusal
        self.concurrency = concurrency
        self.parameters = {"/cdk-bootstrap/hnb659fds/version": "30", **parameters}
        self.kinds: dict[str, str] = {}

    def client(self, service: str) -> FakeAws:
        assert service in {"sts", "ssm", "lambda"}
        return self

    def get_caller_identity(self) -> dict[str, Any]:
        if self.refusal:
            raise self.refusal
        return {"Account": "123456789012"}

    def get_parameter(self, Name: str) -> dict[str, Any]:  # noqa: N803 - AWS's own spelling
        if Name not in self.parameters:
            raise ClientError({"Error": {"Code": "ParameterNotFound"}}, "GetParameter")
        return {"Parameter": {"Value": self.parameters[Name]}}

    def put_parameter(self, Name: str, Value: str, Type: str) -> None:  # noqa: N803
        self.parameters[Name] = Value
        self.kinds[Name] = Type

    def get_account_settings(self) -> dict[str, Any]:
        return {"AccountLimit": {"ConcurrentExecutions": self.concurrency}}


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        (NoCredentialsError(), "No AWS credentials were found"),
        (NoRegionError(), "No Region was chosen"),
        (ClientError({"Error": {"Code": "ExpiredToken"}}, "GetCallerIdentity"), "have expired or are wrong"),
        (EndpointConnectionError(endpoint_url="https://sts"), "cannot be asked who you are"),
    ],
)
def test_who_cannot_sign_in_is_told_what_to_do(refusal: Exception, sentence: str) -> None:
    """Each way to fail has a sentence instead of a traceback."""
    with pytest.raises(NotReadyError, match=sentence):
        prerequisites.account(FakeAws(refusal).client)


def test_an_account_that_was_never_prepared_is_named_with_its_region() -> None:
    """The command that prepares it stands in the sentence."""
    aws = FakeAws()
    aws.parameters.clear()
    with pytest.raises(NotReadyError, match=r"eu-west-1\. Run `make bootstrap` once"):
        prerequisites.check(aws.client, "eu-west-1", Options())


def test_an_account_that_an_older_cdk_prepared_is_refused() -> None:
    """It would fail in the middle of the deployment otherwise."""
    aws = FakeAws(**{"/cdk-bootstrap/hnb659fds/version": "5"})
    with pytest.raises(NotReadyError, match="older CDK"):
        prerequisites.check(aws.client, "eu-west-1", Options())


def test_a_prepared_account_is_ready() -> None:
    """Nothing is made and nothing is said."""
    aws = FakeAws()
    prerequisites.check(aws.client, "eu-west-1", Options())

    assert prerequisites.account(aws.client) == "123456789012"
    assert list(prerequisites.warnings(aws.client)) == []
    assert len(aws.parameters) == 1


def test_the_secret_of_the_stacks_own_relay_is_made_once() -> None:
    """It is encrypted, long, and never made again: coturn and the Lambdas must know the same one."""
    aws = FakeAws()
    prerequisites.check(aws.client, "eu-west-1", Options(turn="coturn"))
    made = aws.parameters["/passerby/turn-secret"]
    prerequisites.check(aws.client, "eu-west-1", Options(turn="coturn"))

    assert re.fullmatch(r"[0-9a-f]{64}", made)
    assert aws.kinds == {"/passerby/turn-secret": "SecureString"}
    assert aws.parameters["/passerby/turn-secret"] == made


@pytest.mark.parametrize(
    "options", [Options(turn="cloudflare"), Options(turn="static"), Options(turn="coturn", turn_urls=("turn:mine",))]
)
def test_a_secret_that_somebody_else_knows_must_be_there(options: Options) -> None:
    """The sentence is the command that puts it there."""
    with pytest.raises(NotReadyError, match=r"aws ssm put-parameter --type SecureString --name /passerby/turn-secret"):
        prerequisites.check(FakeAws().client, "eu-west-1", options)


def test_a_low_limit_of_lambdas_is_told_and_does_not_stop() -> None:
    """A new account is told what to ask for before its first busy evening."""
    (warning,) = prerequisites.warnings(FakeAws(concurrency=10).client)

    assert "10 Lambdas at once" in warning
    assert "Service Quotas" in warning
