"""A name of one's own is looked at before a deployment, not by CloudFront in the middle of it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.deploy import own_name, prerequisites
from infra.options.options import Options

ARN = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-0000-0000-000000000000"


class FakeNames:
    """An account's certificate and zone; a text in place of one is the code of a refusal."""

    def __init__(self, names: list[str] | str, status: str = "ISSUED", zone: str = "example.org.") -> None:
        self.names, self.status, self.zone = names, status, zone

    def __call__(self, service: str, region_name: str | None = None) -> FakeNames:
        assert service in {"acm", "route53"}
        assert service != "acm" or region_name == "us-east-1", "CloudFront looks nowhere else"
        return self

    def describe_certificate(self, CertificateArn: str) -> dict[str, Any]:  # noqa: N803 - AWS's own spelling
        assert CertificateArn == ARN
        if isinstance(self.names, str):
            raise ClientError({"Error": {"Code": self.names}}, "DescribeCertificate")
        first, *_ = self.names
        names = {"DomainName": first, "SubjectAlternativeNames": self.names}
        return {"Certificate": {**names, "Status": self.status}}

    def get_hosted_zone(self, Id: str) -> dict[str, Any]:  # noqa: N803
        assert Id == "Z0123456789ABC"
        if not self.zone:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetHostedZone")
        return {"HostedZone": {"Name": self.zone}}


def told(aws: FakeNames, zone: str = "Z0123456789ABC") -> list[str]:
    options = Options(domain_name="chat.example.org", certificate_arn=ARN, hosted_zone_id=zone)
    return list(own_name.problems(aws, options))


@pytest.mark.parametrize(
    ("aws", "sentence"),
    [
        (FakeNames("ResourceNotFoundException"), "certificate_arn names no certificate of this account. Request one"),
        (FakeNames(["chat.example.org"], "PENDING_VALIDATION"), "is not issued yet (pending validation): prove"),
        (FakeNames(["example.org", "*.other.org"]), "is for example.org, *.other.org and not for chat.example.org."),
        (FakeNames(["*.org"]), "is for *.org and not for chat.example.org."),
        (
            FakeNames(["chat.example.org"], zone="ple.org."),
            "is the zone of ple.org, to which chat.example.org",
        ),
    ],
)
def test_a_name_that_lacks_something_is_told_so_in_one_sentence(aws: FakeNames, sentence: str) -> None:
    """With what to do where that is not plain."""
    (found,) = told(aws)

    assert sentence in found


@pytest.mark.parametrize("names", [["chat.example.org"], ["*.example.org"], ["a.org", "chat.example.org"]])
def test_a_certificate_for_the_name_is_enough(names: list[str]) -> None:
    """By itself, among others, or by a star."""
    assert told(FakeNames(names)) == []
    assert told(FakeNames(names, zone="chat.example.org.")) == []


def test_credentials_that_may_not_ask_deploy_all_the_same() -> None:
    """The role of a pipeline cannot."""
    assert told(FakeNames("AccessDeniedException", zone="")) == []
    assert list(own_name.problems(FakeNames("never asked"), Options())) == []


def test_a_deployment_is_stopped_by_it() -> None:
    """Beside everything else that is missing."""

    class Account(FakeNames):
        def __call__(self, service: str, region_name: str | None = None) -> Any:
            return self

        def get_parameter(self, Name: str) -> dict[str, Any]:  # noqa: N803
            return {"Parameter": {"Value": "30"}}

        def get_service_quota(self, ServiceCode: str, QuotaCode: str) -> dict[str, Any]:  # noqa: N803
            return {"Quota": {"Value": 10_000}}

    options = Options(domain_name="chat.example.org", certificate_arn=ARN)
    (found,) = prerequisites.problems(Account("ResourceNotFoundException"), "eu-west-1", options)

    assert found.startswith("certificate_arn names no certificate")
