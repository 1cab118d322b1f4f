"""The lines of `make diff`: each change in words, losses first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.deploy import changes, preview
from infra.options.options import Options
from tests.infra.stack.templates import VARIANTS, synthesise

TABLE = "AWS::DynamoDB::GlobalTable"


def change(action: str, kind: str, replacement: str | None = None) -> dict[str, str]:
    return {"Action": action, "ResourceType": kind, **({"Replacement": replacement} if replacement else {})}


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (change("Modify", "AWS::Lambda::Function", "False"), "changed           Lambda: conversations go on"),
        (change("Modify", TABLE, "True"), "replaced          table: bans, reports and everybody's place would be lost"),
        (change("Modify", TABLE, "Conditional"), "perhaps replaced  table: if so, bans"),
        (change("Remove", TABLE), "removed           table: bans"),
        (change("Import", TABLE), "adopted           table"),
        (change("Modify", "AWS::ApiGatewayV2::Api", "True"), "replaced          API of the sockets: everybody is disc"),
        (change("Add", "AWS::SecretsManager::Secret"), "new               secret of the edge: $0.40 a month"),
        (change("Add", "AWS::WAFv2::WebACL"), "new               web application firewall: $6.00 a month"),
        (change("Add", "AWS::Events::Rule"), "new               schedule of the trial: up to $1.20 a month"),
        (change("Modify", "AWS::IAM::Role", "False"), "changed           Role of IAM"),
        (change("Dynamic", "AWS::SQS::Queue"), "perhaps replaced  queue: if so, lost connections"),
        (
            change("Remove", "Custom::S3AutoDeleteObjects"),
            "removed           step S3AutoDeleteObjects of the deployment",
        ),
    ],
)
def test_a_change_is_one_line_of_what_it_means(made: dict[str, str], line: str) -> None:
    """For visitors and for the bill."""
    (said,) = changes.describe([made])

    assert said.strip().startswith(line)


def test_losses_come_first_and_equal_changes_are_counted() -> None:
    """Fourteen Lambdas are one line."""
    said = list(
        changes.describe(
            [
                *[change("Modify", "AWS::Lambda::Function", "False")] * 14,
                change("Add", "AWS::CloudWatch::Alarm"),
                change("Remove", "AWS::EC2::Instance"),
                change("Modify", TABLE, "True"),
            ]
        )
    )

    assert [line.split()[0] for line in said] == ["removed", "replaced", "changed", "new"]
    assert "14 x Lambda" in said[2]
    assert list(changes.describe([])) == ["  Nothing would change."]
    assert list(changes.describe([change("Modify", "AWS::CDK::Metadata", "False")])) == ["  Nothing would change."]


@pytest.mark.parametrize(
    ("made", "loses"),
    [
        (change("Modify", TABLE, "True"), True),
        (change("Modify", TABLE, "Conditional"), True),
        (change("Remove", TABLE), True),
        (change("Modify", TABLE, "False"), False),
        (change("Add", TABLE), False),
        (change("Modify", "AWS::SQS::Queue", "True"), False),
    ],
)
def test_a_lost_table_is_noticed(made: dict[str, str], loses: bool) -> None:
    """With any other changes in the list."""
    assert changes.loses_the_table([change("Add", "AWS::SNS::Topic"), made]) is loses


def test_everything_that_costs_or_interrupts_has_words() -> None:
    """A type that is new among those must not be told by its name alone."""
    costly = ("EC2::Instance", "EC2::EIP", "SecretsManager", "WAFv2", "KinesisVideo", "DynamoDB", "ApiGatewayV2::Api")
    built = {resource["Type"] for variant in VARIANTS for _, resource in synthesise(variant).all_resources()}

    assert {kind for kind in built if any(each in kind for each in costly)} <= changes.TYPES.keys()
    assert changes.TYPES.keys() <= built


class FakeStacks:
    """CloudFormation with one stack and a prepared set; an absent stack raises as AWS does."""

    class exceptions:  # noqa: N801 - boto3's own name
        ClientError = type("ClientError", (Exception,), {})
        ChangeSetNotFoundException = type("ChangeSetNotFoundException", (ClientError,), {})

    def __init__(self, found: list[dict[str, str]] | None, status: str = "CREATE_COMPLETE") -> None:
        self.found = found
        self.status = status
        self.deleted: list[str] = []

    def client(self, service: str, region_name: str | None = None) -> FakeStacks:
        assert service == "cloudformation"
        return self

    region_name = "eu-west-1"

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        if not self.status:
            raise self.exceptions.ClientError(f"Stack with id {StackName} does not exist")
        return {"Stacks": [{"StackStatus": self.status}]}

    def get_paginator(self, name: str) -> FakeStacks:
        assert name == "describe_change_set"
        return self

    def paginate(self, StackName: str, ChangeSetName: str) -> Iterator[Mapping[str, Any]]:  # noqa: N803
        if self.found is None:
            raise self.exceptions.ChangeSetNotFoundException
        yield from ({"Changes": [{"ResourceChange": each}]} for each in self.found)

    def delete_change_set(self, StackName: str, ChangeSetName: str) -> None:  # noqa: N803
        self.deleted.append(f"{StackName}/{ChangeSetName}")


def said(stacks: FakeStacks, options: Options, code: int = 0) -> tuple[int, str, list[str]]:
    """Return the exit code, the output, and the commands of the CDK that ran."""
    words: list[str] = []
    ran: list[str] = []

    def run(*arguments: str) -> int:
        ran.append(arguments[0])
        return code if arguments[0] == "deploy" else 0

    return preview.say(stacks, options, run, words.append), "".join(words), ran


def test_a_prepared_set_is_told_and_taken_away() -> None:
    """Nothing of the question stays."""
    stacks = FakeStacks([change("Add", "AWS::CloudWatch::Alarm"), change("Modify", TABLE, "True")])
    code, words, ran = said(stacks, Options())

    assert (code, ran) == (0, ["deploy"])
    assert words.splitlines()[0] == "Passerby in eu-west-1:"
    assert "`make deploy` would be refused" in words
    assert stacks.deleted == ["Passerby/passerby-preview"]
    assert "would be refused" not in said(stacks, Options(removal_policy="destroy"))[1]


def test_a_set_without_changes_is_none_for_the_cdk() -> None:
    """It takes it away by itself."""
    assert "Nothing would change" in said(FakeStacks(None), Options())[1]


@pytest.mark.parametrize("status", ["", "REVIEW_IN_PROGRESS"])
def test_a_site_that_is_not_there_is_not_made_by_the_question(status: str) -> None:
    """A prepared set would leave an empty stack behind."""
    code, words, ran = said(FakeStacks([], status), Options())

    assert (code, ran) == (0, [])
    assert "There is no Passerby in eu-west-1 yet" in words


def test_where_no_set_can_be_prepared_the_templates_are_compared() -> None:
    """Rights may be missing; the CDK's own list is better than none."""
    assert said(FakeStacks([]), Options(), code=1)[2] == ["deploy", "diff"]


def test_only_what_costs_or_is_lost_is_asked_for() -> None:
    """A version of the Lambdas and a new log group are nobody's worry; a relay and a lost socket are."""
    found = [
        change("Modify", "AWS::Lambda::Function"),
        change("Add", "AWS::Logs::LogGroup"),
        change("Add", "AWS::EC2::Instance"),
        change("Add", "AWS::Events::Rule"),
        change("Modify", "AWS::ApiGatewayV2::Api", "True"),
        change("Remove", "AWS::IAM::Role"),
    ]
    stacks = FakeStacks(found)
    lines = preview.weighty(stacks, Options(), lambda *_: 0)

    assert [line.split()[0] for line in lines] == ["new", "new", "replaced"]
    assert "$7.36 a month" in lines[0]
    assert "up to $1.20 a month" in lines[1]
    assert "everybody is disconnected" in lines[2]
    assert stacks.deleted == ["Passerby/passerby-preview"]


def test_a_new_site_is_asked_for_its_options_prices() -> None:
    """There is nothing to compare yet, and nothing is prepared for the question."""
    stacks = FakeStacks([], "")

    def never(*arguments: str) -> int:
        raise AssertionError(arguments)

    assert preview.weighty(stacks, Options(), never) == []
    lines = preview.weighty(stacks, Options(turn="coturn", smoke_minutes=60), never)
    assert lines == ["  turn = coturn: $7.36 a month", "  smoke_minutes: up to $1.20 a month"]


def test_a_change_set_that_cannot_be_prepared_is_not_asked_for() -> None:
    """The deployment says itself why it fails."""
    assert preview.weighty(FakeStacks([change("Add", "AWS::EC2::Instance")]), Options(), lambda *_: 1) == []


def test_changes_that_may_not_be_listed_are_said_to_be_unknown_before_anybody_agrees() -> None:
    """With AWS's own words; `make diff` compares the templates instead."""

    class Closed(FakeStacks):
        def paginate(self, StackName: str, ChangeSetName: str) -> Iterator[Mapping[str, Any]]:  # noqa: N803
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not you"}}, "DescribeChangeSet")

    stacks = Closed([])
    (line,) = preview.weighty(stacks, Options(), lambda *_: 0)

    assert "not you" in line and "cannot be told beforehand" in line
    assert said(stacks, Options())[2] == ["deploy", "diff"]
    assert stacks.deleted == ["Passerby/passerby-preview"] * 2
