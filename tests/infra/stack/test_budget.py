"""The month's budget writes, and closes the queues when it is used up."""

from __future__ import annotations

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


def test_closing_can_be_switched_off() -> None:
    """Then the budget only writes."""
    assert subscribers(synthesise("mailed")) == {80: {"EMAIL"}, 100: {"EMAIL"}}


def test_it_counts_this_site_only() -> None:
    """By the tag that everything of the site has, as AWS Budgets spells a tag of a user."""
    (budget,) = synthesise("guarded").resources("AWS::Budgets::Budget").values()

    assert budget["Properties"]["Budget"]["CostFilters"] == {"TagKeyValue": ["user:passerby-site$Passerby"]}


def test_without_a_budget_there_is_nothing() -> None:
    """No limit, no notice, no topic."""
    assert synthesise().resources("AWS::Budgets::Budget", "AWS::SNS::Topic") == {}
