"""The AWS clients are made once, when they are needed, and none of them waits for long."""

from __future__ import annotations

import json

import pytest

from tests.functions.child import output_of

REGION = {"AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1"}
FACTS = """
import json, logging, sys
from concurrent.futures import ThreadPoolExecutor
from functions.chat.aws import clients

logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
makers = [clients.dynamodb, clients.management, clients.queues]
with ThreadPoolExecutor(12) as threads:
    made = list(threads.map(lambda make: make(), makers * 8))
levels = [logging.getLogger(f"{name}.anything").getEffectiveLevel() for name in clients.TALKATIVE]
print(json.dumps({
    "clients": len({id(client) for client in made}),
    "endpoints": sorted({client.meta.endpoint_url for client in made}),
    "regions": sorted({client.meta.region_name for client in made}),
    "quiet": min(levels) >= logging.WARNING,
}))
"""


def test_every_thread_gets_the_same_client_of_a_session_that_all_share():
    """Making one is slow and not safe for threads; the SDK's own variables say where each goes."""
    endpoints = {
        "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:1",
        "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": "http://127.0.0.1:2/live",
        "AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:3",
    }
    facts = json.loads(output_of(FACTS, **REGION, **endpoints))

    assert facts == {"clients": 3, "endpoints": sorted(endpoints.values()), "regions": ["eu-central-1"], "quiet": True}


PLACES = """
import json
from functions.chat.aws import clients

providers = clients._session().get_component("credential_provider").providers
print(json.dumps([[each.METHOD for each in providers], clients.config().proxies]))
"""


def test_keys_of_the_environment_are_the_only_ones_that_are_looked_for_where_there_are_some():
    """As on Lambda; where there are none, as with snapshots, all ten places are."""
    keys = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nobody"}
    with_keys, without = (json.loads(output_of(PLACES, **REGION, **each))[0] for each in (keys, {}))

    assert with_keys == ["env"]
    assert {"env", "container-role", "iam-role"} <= set(without)


@pytest.mark.parametrize(
    ("environment", "proxies"),
    [
        ({}, {}),
        ({"NO_PROXY": "localhost"}, {}),
        ({"HTTPS_PROXY": "http://127.0.0.1:9"}, None),
        ({"http_proxy": "x"}, None),
    ],
)
def test_a_proxy_is_looked_for_where_one_is_named(environment: dict[str, str], proxies: dict[str, str] | None):
    """Otherwise nothing is loaded to look for it."""
    assert json.loads(output_of(PLACES, **REGION, **environment))[1] == proxies
