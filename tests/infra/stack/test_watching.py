"""The operator's page and alarms: every number exists, every text says what to do, every query asks real lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from functions.chat.runtime.metrics import BY_NAME
from infra import prices
from infra.stack.queries import QUERIES
from tests.functions.test_log_lines import ALWAYS, FACTS, lines
from tests.infra.stack.languages import fields_of
from tests.infra.stack.templates import VARIANTS, Synthesis, flat, synthesise

EVERY_VARIANT = pytest.mark.parametrize("variant", VARIANTS)
# A dashboard of more metrics costs $3 a month, and ten metrics of alarms are free (aws.amazon.com/cloudwatch/pricing).
FREE_METRICS_OF_PAGE = 50
FREE_METRICS_OF_ALARMS = 10

# Of the runtime, which logs what a handler raises (docs: "Working with log files for Python Lambda functions").
OF_RUNTIME = frozenset({"errorType", "errorMessage"})


def page(site: Synthesis) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(flat(site.only("AWS::CloudWatch::Dashboard")["DashboardBody"]))
    return body


def shown(site: Synthesis) -> Iterator[list[Any]]:
    """Give every metric of the page as [namespace, name, dimensions …]; calculations and options are left out."""
    for widget in page(site)["widgets"]:
        for row in widget["properties"].get("metrics", ()):
            parts = [part for part in row if isinstance(part, str)]
            if parts:
                yield parts


@EVERY_VARIANT
def test_every_number_of_the_page_is_one_that_the_handlers_report(variant: str) -> None:
    """A graph of a name that nobody reports stays empty, and nobody notices."""
    own = [parts for parts in shown(synthesise(variant)) if parts[0] == "Passerby"]

    assert len(own) > 30
    assert {parts[1] for parts in own} <= set(BY_NAME)
    assert {tuple(parts[2:]) for parts in own} == {("service", "passerby")}


def test_the_page_answers_its_three_questions_without_costing_anything() -> None:
    """Up to fifty metrics are free."""
    site = synthesise()
    texts = [widget["properties"]["markdown"] for widget in page(site)["widgets"] if widget["type"] == "text"]

    assert [text.splitlines()[0] for text in texts] == [
        "## Is it healthy?",
        "## Who waits?",
        "## What does it cost today?",
    ]
    assert len({tuple(parts) for parts in shown(site)}) <= FREE_METRICS_OF_PAGE


def test_the_cost_of_today_is_worked_out_with_the_prices_of_the_one_table() -> None:
    """Messages, invocations, seconds and units each at their price."""
    widgets = [each["properties"] for each in page(synthesise())["widgets"]]
    (today,) = (each for each in widgets if each.get("title") == "Dollars today")
    expressions = " ".join(row[0]["expression"] for row in today["metrics"] if "expression" in row[0])
    found = [float(number) for number in re.findall(r"\* ([0-9.]+)", expressions)]
    second = prices.GIGABYTE_SECOND / 2

    assert found == pytest.approx(
        [prices.MESSAGE, prices.INVOCATION, second / 1000, prices.WRITE_UNIT, prices.READ_UNIT], rel=1e-4
    )


@EVERY_VARIANT
def test_every_alarm_says_what_to_do_and_reaches_whoever_there_is(variant: str) -> None:
    """By e-mail where an address is given, on the page always."""
    site = synthesise(variant)
    alarms = [each["Properties"] for each in site.resources("AWS::CloudWatch::Alarm").values()]
    on_page = json.dumps(page(site))

    assert len(alarms) >= 5
    for alarm in alarms:
        assert re.search(r"Run|Look|Double|See|Service Quotas", alarm["AlarmDescription"])
        assert bool(alarm.get("AlarmActions")) == bool(VARIANTS[variant].get("alarm_email"))
        assert alarm.get("OKActions") == alarm.get("AlarmActions"), "the operator hears that it is over, too"
        assert alarm["TreatMissingData"] == "notBreaching", "an empty site is no alarm"
    assert all(name in on_page for name in site.resources("AWS::CloudWatch::Alarm"))


def test_the_alarms_of_a_default_site_cost_nothing() -> None:
    """Each number that one of them calculates with is billed for itself."""
    alarms = [each["Properties"] for each in synthesise().resources("AWS::CloudWatch::Alarm").values()]
    watched = [sum("MetricStat" in each for each in alarm.get("Metrics", [])) or 1 for alarm in alarms]

    assert len(alarms) < sum(watched) <= FREE_METRICS_OF_ALARMS


@EVERY_VARIANT
def test_every_service_that_publishes_to_a_topic_is_allowed_to(variant: str) -> None:
    """A policy that only denies takes away what a topic allows by itself: alarms would write to nobody."""
    site = synthesise(variant)
    wanted = {
        (topic["Ref"], "cloudwatch.amazonaws.com")
        for alarm in site.resources("AWS::CloudWatch::Alarm").values()
        for topic in [*alarm["Properties"].get("AlarmActions", []), *alarm["Properties"].get("OKActions", [])]
    } | {
        (subscriber["Address"]["Ref"], "budgets.amazonaws.com")
        for budget in site.resources("AWS::Budgets::Budget").values()
        for notice in budget["Properties"]["NotificationsWithSubscribers"]
        for subscriber in notice["Subscribers"]
        if subscriber["SubscriptionType"] == "SNS"
    }
    allowed = {
        (topic["Ref"], statement["Principal"]["Service"])
        for policy in site.resources("AWS::SNS::TopicPolicy").values()
        for topic in policy["Properties"]["Topics"]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
        and statement["Action"] == "sns:Publish"
        # In the name of this account only: the services work for all others as well.
        and statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    }

    assert allowed == wanted
    assert bool(wanted) == ("alarm_email" in VARIANTS[variant])


def test_waiting_is_an_alarm_only_where_many_are_paired() -> None:
    """On a small site people wait because nobody is there."""
    waiting = synthesise().only("AWS::CloudWatch::Alarm", "PeopleWait")
    (calculated,) = (each for each in waiting["Metrics"] if "Expression" in each)

    assert calculated["Expression"] == "IF(FILL(pairs, 0) >= 30, waited, 0)"
    names = {each["MetricStat"]["Metric"]["MetricName"] for each in waiting["Metrics"] if "MetricStat" in each}
    assert names == {"Claims_WON", "Waited"}
    assert (waiting["Threshold"], waiting["EvaluationPeriods"]) == (10_000, 3)
    (waited,) = (each["MetricStat"] for each in waiting["Metrics"] if each["Id"] == "waited")
    assert waited["Stat"] == "p50"


def test_one_message_that_failed_for_good_is_an_alarm_whenever_it_lies_there() -> None:
    """In any of the five minutes: the queue may be empty again at the end."""
    failing = synthesise().only("AWS::CloudWatch::Alarm", "LaterWorkFails")

    assert (failing["MetricName"], failing["Statistic"]) == ("ApproximateNumberOfMessagesVisible", "Maximum")
    assert (failing["Threshold"], failing["Period"], failing["EvaluationPeriods"]) == (1, 300, 1)


def test_a_refusal_that_scanners_bring_about_is_no_failure() -> None:
    """API Gateway counts a socket that connect refuses as an error of its handler; those are taken off."""
    failing = synthesise().only("AWS::CloudWatch::Alarm", "FramesFail")
    (calculated,) = (each for each in failing["Metrics"] if "Expression" in each)
    counted = {each["Id"]: each["MetricStat"]["Metric"] for each in failing["Metrics"] if "MetricStat" in each}

    assert calculated["Expression"] == "FILL(errors, 0) - FILL(refused, 0)"
    assert {name: metric["MetricName"] for name, metric in counted.items()} == {
        "errors": "IntegrationError",
        "refused": "ConnectionsRefused",
    }
    assert failing["EvaluationPeriods"] > 1, "two counters do not tick together"


@pytest.mark.parametrize(
    ("errors", "refused", "rings"),
    [
        (100_000, 100_000, False),  # scanners only: connect's own 403 and 429 are errors to API Gateway
        (5, 0, True),
        (100_005, 100_000, True),  # a fault behind a storm of scanners
        (0, 7, False),  # counted in this window, seen by the gateway in the one before
        (4, 0, False),
    ],
)
def test_scanners_ring_no_alarm_and_hide_none(errors: int, refused: int, rings: bool) -> None:
    """Calculated with the numbers of five minutes."""
    failing = synthesise().only("AWS::CloudWatch::Alarm", "FramesFail")
    (calculated,) = (each["Expression"] for each in failing["Metrics"] if "Expression" in each)
    value = eval(calculated, {"FILL": lambda number, _: number, "errors": errors, "refused": refused})

    assert (value >= failing["Threshold"]) is rings


def test_relay_and_spending_are_watched_where_there_is_one_and_a_limit() -> None:
    """An alarm that cannot ring is left out."""
    names = {variant: " ".join(synthesise(variant).resources("AWS::CloudWatch::Alarm")) for variant in VARIANTS}

    assert {variant for variant, found in names.items() if "RelayFails" in found} == {
        variant for variant, options in VARIANTS.items() if options.get("turn", "none") != "none"
    }
    assert {variant for variant, found in names.items() if "SpendsFast" in found} == {
        variant for variant, options in VARIANTS.items() if "monthly_budget_usd" in options
    }


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.id)
def test_a_query_asks_for_lines_and_facts_that_the_handlers_write(query) -> None:
    """It is a sentence of Logs Insights; each message exists, and each field is in a line that passes its filter."""
    messages = re.findall(r'message (?:=|in) (\[[^]]*\]|"[^"]*")', query.text)
    asked = set(re.findall(r'"([^"]+)"', " ".join(messages)))
    assert asked <= set(FACTS)

    written = {name for line in lines() if not asked or line["message"] in asked for name in line} | OF_RUNTIME
    asked_for = {field for field in fields_of(query.written) if not field.startswith("@")}
    assert asked_for <= written | ALWAYS


def test_the_queries_are_saved_over_the_handlers_logs() -> None:
    """In a folder of the stack's name, each beginning with its question."""
    site = synthesise()
    saved = [each["Properties"] for each in site.resources("AWS::Logs::QueryDefinition").values()]
    handlers = [each for each in site.resources("AWS::Logs::LogGroup") if each.startswith("Lambdas")]

    assert sorted(each["Name"] for each in saved) == sorted(f"Passerby/{each.question[:-1]}" for each in QUERIES)
    for each in saved:
        assert each["QueryString"].startswith("# ")
        assert sorted(group["Ref"] for group in each["LogGroupNames"]) == sorted(handlers)


def test_debug_lines_and_traces_are_there_when_asked_for() -> None:
    """Both cost, so both are off else; the platform's level of logs and the handlers' go together."""
    for variant, percent, level in (("default", None, "INFO"), ("coturn", "0.05", "DEBUG"), ("mailed", None, "WARN")):
        for function in synthesise(variant).resources("AWS::Lambda::Function").values():
            properties = function["Properties"]
            if not str(properties["Handler"]).startswith("functions.handlers."):
                continue
            variables = properties["Environment"]["Variables"]
            assert variables.get("POWERTOOLS_LOGGER_SAMPLE_RATE") == percent
            assert properties["LoggingConfig"]["ApplicationLogLevel"] == level
            assert ("TracingConfig" in properties) == (variant == "coturn")
