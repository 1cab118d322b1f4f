"""The product is deployed by the real command line to an independent AWS, used there, upgraded and removed.

The tests run in this order: the last one removes what the others use.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from http.client import HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

import pytest

from infra import site_headers
from tests.browser.window import Window, expect_meeting, talk
from tests.conformance import CASES, Options, run_cases
from tests.deployment.deployment import STACK, Deployment

# MiniStack runs the frames of a function one after another, 55 ms each: what these cases ask for is a crowd's speed.
CROWDS = frozenset(
    {
        "a thousand lines both ways without loss",
        "a hundred skips and never a frame of another room",
        "fifty who come at once all meet",
        "ten who come at once all meet",
    }
)
SECONDS_MAX = 900

pytestmark = pytest.mark.timeout(SECONDS_MAX)


def test_the_page_is_served_with_the_headers_of_localhost(deployment: Deployment) -> None:
    """CloudFront answers over TLS, from the private bucket, with every header that the local gateway sends."""
    response = _get(deployment, "/")
    websocket = urlsplit(deployment.websocket_url)
    expected = site_headers.headers(f"wss://{websocket.hostname}")

    assert response.status == 200
    assert {name: response.getheader(name) for name in expected} == expected
    assert response.getheader("Strict-Transport-Security") == site_headers.strict_transport_security()


def test_pages_are_asked_for_each_time_and_assets_never_again(deployment: Deployment) -> None:
    """The page points into a folder named by its content, which browsers may keep; the page itself they may not."""
    page = _get(deployment, "/")
    asset = re.search(r'"(/v/[0-9a-f]{12}/main\.js)"', page.read().decode())
    assert asset is not None, "the page starts from main.js"

    assert page.getheader("Cache-Control") == "no-cache"
    assert _get(deployment, "/config.json").getheader("Cache-Control") == "no-cache"
    assert _get(deployment, asset[1]).getheader("Cache-Control") == "public, max-age=31536000, immutable"
    assert _get(deployment, "/no-such-page").status == 404


def test_two_windows_meet_talk_skip_and_meet_again(deployment: Deployment, new_window: Callable[[], Window]) -> None:
    """Two browsers on the CloudFront host are paired and chat through the deployed Lambdas, again and again."""
    one, other = new_window(), new_window()
    one.start("")
    one.expect_searching()
    other.start("")
    expect_meeting(one, other)
    one.skip()
    # The same two meet again after ten seconds, when there is nobody else.
    expect_meeting(one, other)

    assert [one.complaints, other.complaints] == [[], []]


@pytest.mark.parametrize("name", sorted(set(CASES) - CROWDS))
def test_the_deployed_socket_keeps(name: str, conformance: dict[str, str]) -> None:
    """The protocol's own cases pass at the deployed address."""
    assert conformance.get(name, "") == "", f"{CASES[name].guarantee}\n  {conformance[name]}"


@pytest.fixture(scope="module")
def conformance(deployment: Deployment) -> dict[str, str]:
    """How each case went: empty when it was kept."""
    options = Options(origin=deployment.url, insecure=True, alone=True, at_once=2, patience_seconds=30)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WSS_PROXY", deployment.emulator.front.url)
        results = run_cases(deployment.websocket_url, options, names=set(CASES) - CROWDS)
    return {result.name: result.failure for result in results}


def test_a_socket_from_another_site_is_refused(deployment: Deployment) -> None:
    """The allowed origin is the site's own without anybody having set it."""
    options = Options(origin="https://elsewhere.example", insecure=True, at_once=1)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WSS_PROXY", deployment.emulator.front.url)
        results = run_cases(deployment.websocket_url, options, names={"ping is answered pong"})

    assert "403" in results[0].failure


def test_an_upgrade_keeps_conversations(deployment: Deployment, new_window: Callable[[], Window]) -> None:
    """Every Lambda is replaced in the middle of a conversation, and nobody has to do anything."""
    one, other = new_window(), new_window()
    one.start("")
    other.start("")
    expect_meeting(one, other)
    table_before = _physical_id(deployment, "AWS::DynamoDB::GlobalTable")

    deployment.deploy(log_level="WARNING")

    talk(one, other)
    assert _physical_id(deployment, "AWS::DynamoDB::GlobalTable") == table_before
    assert [one.complaints, other.complaints] == [[], []]


def test_destroying_leaves_nothing(deployment: Deployment) -> None:
    """After `cdk destroy` the account is as it was after `cdk bootstrap`."""
    deployment.destroy()

    client = deployment.client
    assert client("dynamodb").list_tables()["TableNames"] == []
    assert client("lambda").list_functions()["Functions"] == []
    assert client("apigatewayv2").get_apis()["Items"] == []
    assert client("sqs").list_queues().get("QueueUrls", []) == []
    assert client("logs").describe_log_groups()["logGroups"] == []
    assert client("cloudfront").list_distributions()["DistributionList"].get("Items", []) == []
    assert _not_of_bootstrap(bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]) == []
    assert _not_of_bootstrap(role["RoleName"] for role in client("iam").list_roles()["Roles"]) == []
    stacks = client("cloudformation").describe_stacks()["Stacks"]
    assert [stack["StackName"] for stack in stacks] == ["CDKToolkit"]


def _not_of_bootstrap(names: object) -> list[str]:
    return [name for name in names if not name.startswith("cdk-")]


def _physical_id(deployment: Deployment, resource_type: str) -> str:
    resources = deployment.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    (found,) = (each["PhysicalResourceId"] for each in resources if each["ResourceType"] == resource_type)
    return found


def _get(deployment: Deployment, path: str) -> HTTPResponse:
    trusted = ssl.create_default_context(cafile=str(deployment.emulator.certificate))
    front = urlsplit(deployment.emulator.front.url)
    connection = HTTPSConnection(front.hostname, front.port, context=trusted)
    connection.set_tunnel(urlsplit(deployment.url).hostname)
    connection.request("GET", path)
    response = connection.getresponse()
    response.body = response.read()
    response.read = lambda: response.body
    connection.close()
    return response
