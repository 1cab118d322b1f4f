"""The month's budget writes, and closes the queues when it is used up."""

from __future__ import annotations

import json
from typing import Any

from functions.routes import CLOSING
from tests.infra.stack.templates import Synthesis, synthesise


def subscribers(site: Synthesis) -> dict[int, set[str]]:
    """Return who is told, by the percentage."""
    (budget,) = site.resources("AWS::Budgets::Budget").values()
    notices: list[dict[str, Any]] = budget["Properties"]["NotificationsWithSubscribers"]
    return {
        each["Notification"]["Threshold"]: {who["SubscriptionType"] for who in each["Subscribers"]} for each in notices
    }


def test_it_writes_before_it_closes() -> None:
    """At 80 % there is a mail; at 100 % a mail, and the function is called."""
    site = synthesise("guarded")
    resources = site.template["Resources"]
    (called,) = [
        each["Properties"]
        for each in site.resources("AWS::SNS::Subscription").values()
        if each["Properties"]["Protocol"] == "lambda"
    ]
    function = resources[called["Endpoint"]["Fn::GetAtt"][0]]["Properties"]

    assert subscribers(site) == {80: {"EMAIL"}, 100: {"EMAIL", "SNS"}}
    assert function["Handler"] == CLOSING.handler_path


def test_only_the_accounts_own_budgets_may_call_it() -> None:
    """Nobody else can close the site."""
    site = synthesise("guarded")
    (policy,) = [
        each["Properties"]["PolicyDocument"]["Statement"]
        for name, each in site.resources("AWS::SNS::TopicPolicy").items()
        if name.startswith("BudgetUsedUp")
    ]
    allowed = [each for each in policy if each["Effect"] == "Allow"]

    assert [(each["Principal"], each["Condition"]) for each in allowed] == [
        ({"Service": "budgets.amazonaws.com"}, {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}})
    ]


def test_a_closing_that_fails_is_kept_and_rings() -> None:
    """Nobody waits for its answer: neither the topic's failure nor the function's would be known otherwise."""
    site = synthesise("guarded")
    (kept,) = (name for name in site.resources("AWS::SQS::Queue") if name.startswith("ClosingFailed"))
    arn = {"Fn::GetAtt": [kept, "Arn"]}
    (calling,) = (
        each["Properties"]
        for each in site.resources("AWS::SNS::Subscription").values()
        if each["Properties"]["Protocol"] == "lambda"
    )
    (asked,) = (each["Properties"] for each in site.resources("AWS::Lambda::EventInvokeConfig").values())
    (alarm,) = (
        each["Properties"]
        for name, each in site.resources("AWS::CloudWatch::Alarm").items()
        if name.startswith("ClosingFails")
    )

    assert calling["RedrivePolicy"] == {"deadLetterTargetArn": arn}
    assert asked["DestinationConfig"] == {"OnFailure": {"Destination": arn}}
    assert asked["FunctionName"]["Ref"] == calling["Endpoint"]["Fn::GetAtt"][0]
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": [kept, "QueueName"]}}]
    assert (alarm["MetricName"], alarm["Threshold"]) == ("ApproximateNumberOfMessagesVisible", 1)


def test_what_may_write_to_the_failed_closings_is_the_topic_and_the_function() -> None:
    """Else the failure fails, too."""
    site = synthesise("guarded")
    (policy,) = (each for name, each in site.resources("AWS::SQS::QueuePolicy").items() if name.startswith("ClosingF"))
    services = [each["Principal"] for each in policy["Properties"]["PolicyDocument"]["Statement"][1:]]
    sending = [
        each["Properties"]["Roles"]
        for each in site.resources("AWS::IAM::Policy").values()
        if "ClosingFailed" in json.dumps(each) and "sqs:SendMessage" in json.dumps(each)
    ]

    assert services == [{"Service": "sns.amazonaws.com"}]
    assert [role["Ref"].startswith("Lambdascloserole") for (role,) in sending] == [True]


def test_closing_can_be_switched_off() -> None:
    """Then the budget only writes."""
    site = synthesise("mailed")

    assert subscribers(site) == {80: {"EMAIL"}, 100: {"EMAIL"}}
    assert [name for name in site.resources("AWS::SQS::Queue") if name.startswith("Closing")] == []


def test_it_counts_this_site_only() -> None:
    """By the tag that everything of the site has, as AWS Budgets spells a tag of a user."""
    (budget,) = synthesise("guarded").resources("AWS::Budgets::Budget").values()

    assert budget["Properties"]["Budget"]["CostFilters"] == {"TagKeyValue": ["user:passerby-site$Passerby"]}


def test_without_a_budget_there_is_nothing() -> None:
    """No limit, no notice, no topic."""
    assert synthesise().resources("AWS::Budgets::Budget", "AWS::SNS::Topic") == {}
