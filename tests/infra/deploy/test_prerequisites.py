"""`make deploy` says what is missing, in words, before it begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, NoRegionError

from infra.deploy import command, prerequisites
from infra.deploy.prerequisites import NotReadyError
from infra.options.options import Options
from infra.papers import requests


class FakeAws:
    """An account: parameters by name, and how many Lambdas may run; `refusal` is what STS raises."""

    def __init__(
        self, refusal: Exception | None = None, concurrency: int = 1000, parameters: Mapping[str, str] | None = None
    ) -> None:
        self.refusal = refusal
        self.concurrency = concurrency
        self.parameters = {"/cdk-bootstrap/hnb659fds/version": "30", **(parameters or {})}
        self.kinds: dict[str, str] = {}
        self.tags: dict[str, list[dict[str, str]]] = {}
        self.asked: list[str | None] = []
        self.elsewhere = self
        self.requests_a_second: float | None = 10_000.0
        self.distributions = 1
        self.tag_states: list[str] | None = []
        self.subscriptions: list[tuple[str, str, str]] = []
        self.offered = {"t4g.nano": {"eu-west-1a", "eu-west-1b"}}

    def client(self, service: str, *, region_name: str | None = None) -> FakeAws:
        assert service in {"sts", "ssm", "lambda", "cloudfront", "service-quotas", "ec2", "ce", "sns"}
        if service == "ce":
            assert region_name == "us-east-1", "bills are asked for there"
            return self
        self.asked.append(region_name)
        return self if region_name in {None, "eu-west-1"} else self.elsewhere

    def get_caller_identity(self) -> dict[str, Any]:
        if self.refusal:
            raise self.refusal
        return {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:root"}

    def get_parameter(self, Name: str) -> dict[str, Any]:  # noqa: N803 - AWS's own spelling
        if Name not in self.parameters:
            raise ClientError({"Error": {"Code": "ParameterNotFound"}}, "GetParameter")
        return {"Parameter": {"Value": self.parameters[Name]}}

    def put_parameter(self, Name: str, Value: str, Type: str, Tags: list[dict[str, str]]) -> None:  # noqa: N803
        self.parameters[Name] = Value
        self.kinds[Name] = Type
        self.tags[Name] = Tags

    def list_tags_for_resource(self, ResourceType: str, ResourceId: str) -> dict[str, Any]:  # noqa: N803
        assert ResourceType == "Parameter"
        if ResourceId not in self.parameters:
            raise ClientError({"Error": {"Code": "InvalidResourceId"}}, "ListTagsForResource")
        return {"TagList": self.tags.get(ResourceId, [])}

    def list_subscriptions(self) -> dict[str, Any]:
        names = ("TopicArn", "Endpoint", "SubscriptionArn")
        return {"Subscriptions": [dict(zip(names, each, strict=True)) for each in self.subscriptions]}

    def list_distributions(self) -> dict[str, Any]:
        return {"DistributionList": {"Quantity": self.distributions}}

    def get_service_quota(self, ServiceCode: str, QuotaCode: str) -> dict[str, Any]:  # noqa: N803
        assert (ServiceCode, QuotaCode) == ("apigateway", "L-8A5B8E43")
        if self.requests_a_second is None:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetServiceQuota")
        return {"Quota": {"Value": self.requests_a_second}}

    def list_cost_allocation_tags(self, TagKeys: list[str]) -> dict[str, Any]:  # noqa: N803
        assert TagKeys == ["passerby-site"]
        if self.tag_states is None:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "ListCostAllocationTags")
        return {"CostAllocationTags": [{"TagKey": TagKeys[0], "Status": state} for state in self.tag_states]}

    def describe_availability_zones(self, Filters: object) -> dict[str, Any]:  # noqa: N803
        return {"AvailabilityZones": [{"ZoneName": "eu-west-1b"}, {"ZoneName": "eu-west-1a"}]}

    def describe_instance_type_offerings(self, LocationType: str, Filters: list[Any]) -> dict[str, Any]:  # noqa: N803
        wanted = {each["Name"]: each["Values"] for each in Filters}
        (kind,) = wanted["instance-type"]
        zones = self.offered.get(kind, set())
        return {"InstanceTypeOfferings": [{"Location": zone} for zone in zones & set(wanted["location"])]}

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
def test_an_operator_who_cannot_sign_in_is_told_what_to_do(refusal: Exception, sentence: str) -> None:
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
    aws = FakeAws(parameters={"/cdk-bootstrap/hnb659fds/version": "5"})
    with pytest.raises(NotReadyError, match="older CDK"):
        prerequisites.check(aws.client, "eu-west-1", Options())
    aws.parameters["/cdk-bootstrap/hnb659fds/version"] = "6"
    prerequisites.check(aws.client, "eu-west-1", Options())


def test_a_prepared_account_is_ready() -> None:
    """Nothing is made and nothing is said."""
    aws = FakeAws()
    prerequisites.check(aws.client, "eu-west-1", Options())

    assert prerequisites.account(aws.client) == "123456789012"
    assert list(prerequisites.warnings(aws.client, Options())) == []
    assert len(aws.parameters) == 1


def test_a_quota_that_the_busiest_second_would_meet_is_said_before() -> None:
    """`make doctor` and `make deploy` say it, when there is still time to have it raised."""
    (warning,) = prerequisites.warnings(FakeAws().client, Options(people_at_busiest_second=450))

    assert "new connections" in warning


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
    (warning,) = prerequisites.warnings(FakeAws(concurrency=10).client, Options())

    assert "10 Lambdas at once" in warning
    assert "Service Quotas" in warning


def test_every_region_with_a_stack_of_ours_must_be_prepared() -> None:
    """A WAF for CloudFront lives in us-east-1, wherever the site is; without one nothing is asked there."""
    aws, options = FakeAws(), Options(waf_requests_per_5_minutes=500)
    aws.elsewhere = FakeAws()
    prerequisites.check(aws.client, "eu-west-1", options)
    aws.elsewhere.parameters.clear()

    with pytest.raises(NotReadyError, match=r"us-east-1\. Run `make bootstrap` once"):
        prerequisites.check(aws.client, "eu-west-1", options)
    prerequisites.check(aws.client, "eu-west-1", Options())


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException", "ValidationException"])
def test_a_question_that_fails_is_no_absent_parameter(code: str) -> None:
    """All of them come with the status 400; taken for absent, a secret that is in use would be made anew."""

    class Failing(FakeAws):
        def get_parameter(self, Name: str) -> dict[str, Any]:  # noqa: N803 - AWS's own spelling
            raise ClientError({"Error": {"Code": code}}, "GetParameter")

    aws = Failing()
    with pytest.raises(ClientError, match=code):
        prerequisites.check(aws.client, "eu-west-1", Options(turn="coturn"))
    assert aws.kinds == {}


@pytest.mark.parametrize(
    "region", ["cn-north-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "eusc-de-east-1"]
)
def test_a_region_of_another_partition_is_refused(region: str) -> None:
    """The product was not made for them."""
    with pytest.raises(NotReadyError, match=f"{region} is a Region of China or of a government"):
        prerequisites.check(FakeAws().client, region, Options())


def test_throttles_above_the_accounts_own_rate_are_refused_before_the_deployment() -> None:
    """The sentence says the share that fits, and that share is accepted."""
    aws = FakeAws()
    aws.requests_a_second = 2_500.0
    with pytest.raises(
        NotReadyError, match=r"2500 requests a second .* throttles of 4000\. Set throttle_percent = 62 "
    ):
        prerequisites.check(aws.client, "eu-west-1", Options())
    prerequisites.check(aws.client, "eu-west-1", Options(throttle_percent=62))
    aws.requests_a_second = None  # who deploys may not ask
    prerequisites.check(aws.client, "eu-west-1", Options())


def test_a_relays_type_of_instance_must_be_there_where_it_is_built() -> None:
    """That is the first zone's affair; a relay elsewhere is nobody's."""
    aws = FakeAws(parameters={"/passerby/turn-secret": "known"})
    aws.offered["t4g.nano"].remove("eu-west-1a")
    with pytest.raises(NotReadyError, match=r"t4g\.nano is not to be had in eu-west-1a"):
        prerequisites.check(aws.client, "eu-west-1", Options(turn="coturn"))
    prerequisites.check(aws.client, "eu-west-1", Options(turn="coturn", turn_urls=("turn:mine",)))


def test_a_question_that_may_not_be_asked_stops_nothing() -> None:
    """A pipeline's role has few rights; useful facts are then not known."""

    class Refusing(FakeAws):
        def client(self, service: str, *, region_name: str | None = None) -> Any:
            return super().client(service, region_name=region_name) if service == "ssm" else self

        def __getattribute__(self, name: str) -> Any:
            if name.startswith(("describe_", "list_", "get_account", "get_service")):
                raise ClientError({"Error": {"Code": "AccessDenied"}}, name)
            return super().__getattribute__(name)

    aws, options = Refusing(parameters={"/passerby/turn-secret": "known"}), Options(turn="coturn")

    assert list(prerequisites.problems(aws.client, "eu-west-1", options)) == []
    assert list(prerequisites.warnings(aws.client, options)) == []


def test_a_first_distribution_is_announced_as_what_may_need_a_verified_account() -> None:
    """AWS alone knows whether it does."""
    aws = FakeAws()
    aws.distributions = 0
    (warning,) = prerequisites.warnings(aws.client, Options())

    assert "write to AWS Support" in warning


@pytest.mark.parametrize(
    ("topic", "email", "subscription", "is_told"),
    [
        ("Passerby-AlarmsAB12-x", "me@example.org", "PendingConfirmation", True),
        ("Passerby-AlarmsAB12-x", "me@example.org", "arn:aws:sns:eu-west-1:123456789012:confirmed", False),
        ("Another-AlarmsAB12-x", "me@example.org", "PendingConfirmation", False),
        ("Passerby-AlarmsAB12-x", "old@example.org", "PendingConfirmation", False),
    ],
)
def test_an_address_that_was_never_confirmed_is_told(topic: str, email: str, subscription: str, is_told: bool) -> None:
    """AWS sends nothing to it, and says so nowhere else."""
    aws = FakeAws()
    aws.subscriptions = [(f"arn:aws:sns:eu-west-1:123456789012:{topic}", email, subscription)]
    said = list(prerequisites.warnings(aws.client, Options(alarm_email="me@example.org")))

    assert bool(said) is is_told
    assert not said or said[0].startswith("me@example.org has not agreed yet")


@pytest.mark.parametrize(
    ("states", "said"),
    [([], "is not active yet"), (["Inactive"], "is not active yet"), (None, "could not be looked up")],
)
def test_a_budget_that_counts_nothing_yet_is_told_with_the_command_that_helps(
    states: list[str] | None, said: str
) -> None:
    """A tag counts in bills once somebody has activated it; before, the budget would never close anything."""
    aws, options = FakeAws(), Options(monthly_budget_usd=5, alarm_email="me@example.org")
    aws.tag_states = states
    (warning,) = prerequisites.warnings(aws.client, options)

    assert said in warning
    assert "aws ce update-cost-allocation-tags-status" in warning
    assert list(prerequisites.warnings(aws.client, Options())) == [], "no budget, no question"
    aws.tag_states = ["Active"]
    assert list(prerequisites.warnings(aws.client, options)) == []


def test_a_secret_belongs_to_the_site_that_it_was_made_for() -> None:
    """Removing a site must not take the secret of another one, nor one that the operator put there."""
    aws, name = FakeAws(parameters={"/mine": "typed by hand"}), "/passerby/turn-secret"
    prerequisites.check(aws.client, "eu-west-1", Options(turn="coturn"))

    assert prerequisites.is_own(aws.client, name, Options())
    assert not prerequisites.is_own(aws.client, name, Options(stack_name="Second"))
    assert not prerequisites.is_own(aws.client, "/mine", Options())
    assert not prerequisites.is_own(aws.client, "/absent", Options())


def test_everything_that_is_missing_is_told_at_once_and_nothing_is_made() -> None:
    """The findings of `make doctor`, all at once: an operator who sees one after another deploys five times."""
    aws = FakeAws(parameters={"/cdk-bootstrap/hnb659fds/version": "5"})
    aws.requests_a_second = 2_500.0
    before = dict(aws.parameters)
    options = Options(turn="cloudflare", age_secret_parameter="/age", throttle_percent=100)

    found = list(prerequisites.problems(aws.client, "eu-west-1", options))

    assert [sentence.split(" ", 3)[:3] for sentence in found] == [
        ["This", "account", "was"],
        ["API", "Gateway", "lets"],
        ["age_secret_parameter", "needs", "the"],
        ["turn", "=", "cloudflare"],
    ]
    assert list(prerequisites.problems(aws.client, "eu-west-1", Options(turn="coturn")))
    assert aws.parameters == before


class FakeSession(FakeAws):
    region_name = "eu-west-1"


def test_the_doctor_tells_of_papers_that_are_missing_and_of_requests_that_wait(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They stop no deployment."""
    monkeypatch.setattr(command, "ROOT", tmp_path)
    folder = tmp_path / "sites" / "one.papers"
    requests.add(folder / "requests.jsonl", tmp_path / "seen.json", "", "olga", "Ofcom", "Why?", "2026-01-31")

    assert command._examine(FakeSession(), Options(), "123456789012", "one") == 0
    said = capsys.readouterr().out
    assert "- There are no papers yet" in said
    assert "- Request 1 of Ofcom is to be answered by 2026-01-31" in said
    assert "Ready for `make deploy`" in said
