"""The AWS clients are made once, when they are needed, and none of them waits for long."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.certificates import make_identity
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
talkative = ("boto3", "botocore", "pynamodb", "urllib3")
levels = [logging.getLogger(f"{name}.anything").getEffectiveLevel() for name in talkative]
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


LIMITS = """
import json
from functions.chat.aws import clients

makers = (clients.dynamodb, clients.management, clients.queues, clients.storage)
configs = {make.__name__: make().meta.config for make in makers}
print(json.dumps({
    name: [each.connect_timeout, each.read_timeout, each.retries, each.max_pool_connections]
    for name, each in configs.items()
}))
"""


def test_a_call_that_hangs_is_given_up_and_tried_once_more():
    """Within what a handler gets; a post to a socket hangs with its receiver's network, and gets half of that."""
    limits = json.loads(output_of(LIMITS, **REGION, AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI="http://x"))

    twice = {"mode": "standard", "total_max_attempts": 2}
    assert limits == {name: [1, 1 if name == "management" else 2, twice, 32] for name in limits}
    assert len(limits) == 4


TRUSTED = """
from functions.chat.aws import clients

print([dict(sum(each["subject"], ())).get("commonName") for each in clients._trust().get_ca_certs()])
"""


def test_the_operators_own_authorities_are_trusted_where_some_are_named(tmp_path: Path):
    """Else those of botocore, or the few that the asset has in their place."""
    (tmp_path / "own.pem").write_bytes(make_identity("an authority of our own", ["aws.example"]).certificate)

    own = output_of(TRUSTED, **REGION, AWS_CA_BUNDLE=str(tmp_path / "own.pem"))
    assert own.strip() == "['an authority of our own']"
    assert "Amazon Root CA 1" in output_of(TRUSTED, **REGION)


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
