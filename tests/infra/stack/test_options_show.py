"""An option that is set to another value than its default shows in the templates: none of them does nothing."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from aws_cdk import App

from functions.routes import BY_KEY, ROUTES
from infra.stack import assembly
from tests.infra.stack.templates import CHOSEN, Synthesis, synthesise


def _every(site: Synthesis, kind: str, *path: str) -> set[object]:
    """Return what the resources of a type have at a path, of those that have it."""
    found = set()
    for resource in site.resources(kind).values():
        value = resource["Properties"]
        for name in path:
            value = value.get(name, {}) if isinstance(value, dict) else {}
        if value != {}:
            found.add(value)
    return found


def _variable(name: str, route_key: str = "join") -> Callable[[Synthesis], object]:
    return lambda site: site.environment(BY_KEY[route_key].handler_path).get(name)


def _memory(site: Synthesis) -> object:
    functions = site.resources("AWS::Lambda::Function").values()
    ours = [each for each in functions if each["Properties"]["Handler"].startswith("functions.handlers.")]
    return {each["Properties"]["MemorySize"] for each in ours}


def _throttles(site: Synthesis) -> object:
    (stage,) = site.resources("AWS::ApiGatewayV2::Stage").values()
    settings = stage["Properties"]["RouteSettings"]
    return {route.key: settings[route.key]["ThrottlingRateLimit"] / route.throttle.rate_per_second for route in ROUTES}


SHOWN: dict[str, tuple[Callable[[Synthesis], object], object]] = {
    "queue_shards": (_variable("QUEUE_SHARDS"), "3"),
    "grace_seconds": (_variable("GRACE_SECONDS"), "33"),
    "places_of_address": (_variable("PLACES_OF_ADDRESS"), "44"),
    "online_threshold": (_variable("ONLINE_THRESHOLD"), "55"),
    "log_level": (_variable("LOG_LEVEL"), "WARNING"),
    "lambda_memory_mb": (_memory, {777}),
    "log_retention_days": (lambda site: _every(site, "AWS::Logs::LogGroup", "RetentionInDays"), {30}),
    "table_name": (lambda site: _every(site, "AWS::DynamoDB::GlobalTable", "TableName"), {"Chosen-Table"}),
    "throttle_percent": (_throttles, dict.fromkeys((route.key for route in ROUTES), 0.5)),
    "turn_instance_type": (lambda site: "t4g.small" in json.dumps(site.template), True),
    "turn_secret_parameter": (_variable("TURN_SECRET_PARAMETER"), "/chosen/turn"),
    "turn": (_variable("TURN_PROVIDER"), "coturn"),
    "relay_only": (_variable("RELAY_ONLY"), "true"),
    "blur_until_reveal": (_variable("BLUR_UNTIL_REVEAL"), "true"),
    "stun_urls": (_variable("STUN_URLS"), "stun:stun.example.org:3478"),
    "allowed_origins": (_variable("ALLOWED_ORIGINS", "$connect"), "https://chosen.example.org"),
}


@pytest.mark.parametrize("option", SHOWN)
def test_an_option_shows_where_it_is_meant_to(option: str) -> None:
    """At its chosen value, and not with the default."""
    read, value = SHOWN[option]

    assert read(synthesise("chosen")) == value
    assert read(synthesise()) != value


def test_every_chosen_option_is_looked_at() -> None:
    """None is set in vain."""
    assert SHOWN.keys() == CHOSEN.keys()


def test_the_people_of_the_busiest_second_choose_the_shards() -> None:
    """One for each 250 of them, in the deployed resources."""
    shards = synthesise("kinesis").environment(BY_KEY["join"].handler_path)["QUEUE_SHARDS"]

    assert shards == "4"


def test_a_quota_that_comes_near_is_named_when_a_site_is_synthesised(capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is said of a site that has room."""
    app = App(context={"people_at_busiest_second": "5000"})

    assert assembly.read_aloud(app).people_at_busiest_second == 5000
    assert "new connections" in capsys.readouterr().err
    assembly.read_aloud(App(context={}))
    assert capsys.readouterr().err == ""
