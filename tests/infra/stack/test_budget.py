"""The month's budget writes, and closes the queues when it is used up."""

from __future__ import annotations

import json
from typing import Any

from functions.routes import CLOSING
from tests.infra.stack.templates import Synthesis, synthesise


def subscribers(site: Synthesis) -> dict[int, set[str]]:
    """Return who is told, by the percentage."""
    notices: list[dict[str, Any]] = site.only("AWS::Budgets::Budget")["NotificationsWithSubscribers"]
    return {
        each["Notification"]["Threshold"]: {who["SubscriptionType"] for who in each["Subscribers"]} for each in notices
    }


def subscribed(site: Synthesis, protocol: str) -> dict[str, Any]:
    subscriptions = (each["Properties"] for each in site.resources("AWS::SNS::Subscription").values())
    (found,) = (each for each in subscriptions if each["Protocol"] == protocol)
    return found


def test_it_writes_before_it_closes() -> None:
    """At 80 % there is a mail; at 100 % a mail, and the function is called."""
    site = synthesise("guarded")
    called, mailed = subscribed(site, "lambda"), subscribed(site, "email")
    function = site.template["Resources"][called["Endpoint"]["Fn::GetAtt"][0]]["Properties"]

    assert subscribers(site) == {80: {"EMAIL"}, 100: {"EMAIL", "SNS"}}
    assert function["Handler"] == CLOSING.handler_path
    assert mailed["Endpoint"] == "somebody@example.org"
    assert site.only("AWS::Budgets::Budget")["Budget"]["BudgetLimit"] == {"Amount": 10, "Unit": "USD"}


def test_only_the_accounts_own_budgets_may_call_it() -> None:
    """Nobody else can close the site."""
    policy = synthesise("guarded").only("AWS::SNS::TopicPolicy", "BudgetUsedUp")["PolicyDocument"]["Statement"]
    allowed = [each for each in policy if each["Effect"] == "Allow"]

    assert [(each["Principal"], each["Condition"]) for each in allowed] == [
        ({"Service": "budgets.amazonaws.com"}, {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}})
    ]


def test_a_closing_that_fails_is_kept_and_rings() -> None:
    """Nobody waits for its answer: neither the topic's failure nor the function's would be known otherwise."""
    site = synthesise("guarded")
    (kept,) = (name for name in site.resources("AWS::SQS::Queue") if name.startswith("ClosingFailed"))
    arn = {"Fn::GetAtt": [kept, "Arn"]}
    calling, asked = subscribed(site, "lambda"), site.only("AWS::Lambda::EventInvokeConfig")
    alarm = site.only("AWS::CloudWatch::Alarm", "ClosingFails")

    assert calling["RedrivePolicy"] == {"deadLetterTargetArn": arn}
    assert asked["DestinationConfig"] == {"OnFailure": {"Destination": arn}}
    assert asked["MaximumRetryAttempts"] == 2, "a table that is busy now is not in three minutes"
    assert asked["FunctionName"]["Ref"] == calling["Endpoint"]["Fn::GetAtt"][0]
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": [kept, "QueueName"]}}]
    assert (alarm["MetricName"], alarm["Threshold"]) == ("ApproximateNumberOfMessagesVisible", 1)


def test_only_the_topic_and_the_function_may_write_to_the_failed_closings() -> None:
    """Else the failure fails, too."""
    site = synthesise("guarded")
    policy = site.only("AWS::SQS::QueuePolicy", "ClosingF")["PolicyDocument"]
    services = [each["Principal"] for each in policy["Statement"][1:]]
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
    budget = synthesise("guarded").only("AWS::Budgets::Budget")["Budget"]

    assert budget["CostFilters"] == {"TagKeyValue": ["user:passerby-site$Passerby"]}


def test_without_a_budget_there_is_nothing() -> None:
    """No limit, no notice, no topic."""
    assert synthesise().resources("AWS::Budgets::Budget", "AWS::SNS::Topic") == {}
