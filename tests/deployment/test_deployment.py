"""The product is deployed by the real command line to an independent AWS, used there, upgraded and removed.

The tests run in this order: those at the end take away what the others use.
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import time
from collections.abc import Callable, Iterable
from http.client import HTTPSConnection
from urllib.parse import urlsplit

import aiohttp
import pytest
from playwright.sync_api import expect

from functions.routes import LIFECYCLE_KEYS, ROUTES
from infra.page import site_headers
from tests.browser.window import Window, expect_meeting, talk
from tests.conformance import CASES, Options, run_cases
from tests.deployment.deployment import Deployment

# MiniStack runs the frames of a function one after another, 55 ms each: these cases ask for the speed of a crowd.
CROWDS = {
    "a thousand lines both ways without loss",
    "a hundred skips and never a frame of another room",
    "fifty who come at once all meet",
    "ten who come at once all meet",
    "who goes in two ways at once is told of once",
}
# MiniStack reads a frame's action by Python's own recursion, and a frame nested so deep ends its connection.
NESTED = {"frames that name no route are refused"}
# API Gateway does these by itself, and MiniStack does not.
PLATFORM = {name for name, case in CASES.items() if case.platform}

WARM_SECONDS_MAX = 120
WARMED_AT_ONCE = 2
WARMINGS_MAX = 5

# Until the pages are back after a deployment: the emulator needs a while to breathe on a busy machine.
BACK_SECONDS_MAX = 90
CONNECTED = re.compile("^Connected")
# More people than `online_threshold`, of whom the site tells after two counts at the latest.
CROWD, COUNTED_SECONDS_MAX, JOIN_AGAIN_SECONDS = 12, 240, 5

PLAYED = sorted(set(CASES) - CROWDS - NESTED - PLATFORM)

pytestmark = pytest.mark.timeout(900)


def test_the_page_is_served_with_the_headers_of_localhost(deployment: Deployment) -> None:
    """CloudFront answers over TLS, from the private bucket, with every header that the local gateway sends."""
    status, headers, page = _get(deployment, "/")
    websocket = urlsplit(deployment.websocket_url)
    expected = site_headers.headers(f"wss://{websocket.hostname}", site_headers.styles_in(page))

    assert status == 200
    assert {name: headers.get(name.lower()) for name in expected} == expected
    assert headers["strict-transport-security"] == site_headers.strict_transport_security()


def test_pages_are_asked_for_each_time_and_assets_never_again(deployment: Deployment) -> None:
    """The page points into a folder named by its content, which browsers may keep; the page itself they may not."""
    _, page_headers, page = _get(deployment, "/")
    asset = re.search(r'"(/v/[0-9a-f]{12}/main\.js)"', page)
    assert asset is not None, "the page starts from main.js"

    assert page_headers["cache-control"] == "no-cache"
    assert _get(deployment, "/config.json")[1]["cache-control"] == "no-cache"
    assert _get(deployment, asset[1])[1]["cache-control"] == "public, max-age=31536000, immutable"
    assert _get(deployment, "/no-such-page")[0] == 404


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


@pytest.fixture(scope="module")
def conformance(deployment: Deployment) -> dict[str, str]:
    """How each case went: empty when it was kept; else what AWS's logs end with stands below it."""
    asyncio.run(_warm(deployment))
    options = Options(origin=deployment.url, insecure=True, alone=True, at_once=2, patience_seconds=45, is_busy=True)
    results = _play(deployment, options, PLAYED)
    logged = deployment.emulator.log_tail()  # of the very run: a handler that failed says there why
    return {result.name: result.failure and f"{result.failure}\n{logged}" for result in results}


@pytest.mark.parametrize("name", PLAYED)
def test_the_deployed_socket_keeps(name: str, conformance: dict[str, str]) -> None:
    """The protocol's own cases pass at the deployed address."""
    assert conformance[name] == "", f"{CASES[name].guarantee}\n  {conformance[name]}"


def test_the_trial_after_a_deployment_passes(deployment: Deployment, conformance: dict[str, str]) -> None:
    """`make deploy` ends with it: every step, as an operator's own computer sees the site."""
    said = deployment.run("smoke")

    assert [line.removeprefix("  well: ") for line in said.splitlines() if line.startswith("  well: ")] == [
        "the page",
        "its configuration",
        "a socket and its sign of life",
        "two people who meet, talk and part",
        "the credentials of a video call",
    ]


def test_visitors_are_told_how_many_people_are_here(deployment: Deployment) -> None:
    """The one Lambda that may writes the one file, within the permissions of both, and the site serves it."""
    # The minute in which the cases were played may have been one with a crowd of theirs; its number ends by itself.
    quiet_by = time.monotonic() + COUNTED_SECONDS_MAX
    while _here(deployment) >= CROWD:
        assert time.monotonic() < quiet_by, "the site goes on telling of people who are gone"
        time.sleep(JOIN_AGAIN_SECONDS)

    told = asyncio.run(_gather(deployment))

    assert told["online"] >= CROWD
    assert told["until"] > time.time()


def test_a_socket_from_another_site_is_refused(deployment: Deployment) -> None:
    """The allowed origin is the site's own, without anybody having set it."""
    options = Options(origin="https://elsewhere.example", insecure=True)
    (result,) = _play(deployment, options, ["ping is answered pong"])

    assert "403" in result.failure


def test_an_upgrade_keeps_conversations(deployment: Deployment, new_window: Callable[[], Window]) -> None:
    """Every Lambda is replaced in the middle of a conversation, and nobody has to do anything."""
    one, other = new_window(), new_window()
    one.start("")
    other.start("")
    expect_meeting(one, other)
    table_before = deployment.physical_id("AWS::DynamoDB::GlobalTable")

    said = deployment.run("deploy", log_level="WARNING")

    assert deployment.url in said
    assert deployment.physical_id("AWS::DynamoDB::GlobalTable") == table_before
    # The pages deal themselves with failures of that time (MiniStack answers nobody while it works hard).
    for window in (one, other):
        expect(window.status(CONNECTED)).to_be_visible(timeout=BACK_SECONDS_MAX * 1000)
    talk(one, other)


def test_destroying_leaves_nothing(deployment: Deployment) -> None:
    """After `make destroy` the account is as it was after `make bootstrap`."""
    deployment.run("destroy", "--force")

    client = deployment.client
    assert client("dynamodb").list_tables()["TableNames"] == []
    assert client("lambda").list_functions()["Functions"] == []
    assert client("apigatewayv2").get_apis()["Items"] == []
    assert client("sqs").list_queues().get("QueueUrls", []) == []
    assert client("logs").describe_log_groups()["logGroups"] == []
    assert client("cloudfront").list_distributions()["DistributionList"].get("Items", []) == []
    assert _not_of_bootstrap(bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]) == []
    assert _not_of_bootstrap(role["RoleName"] for role in client("iam").list_roles()["Roles"]) == []
    assert _not_of_bootstrap(each["Name"] for each in client("ssm").describe_parameters()["Parameters"]) == []
    stacks = client("cloudformation").describe_stacks()["Stacks"]
    assert [stack["StackName"] for stack in stacks] == ["CDKToolkit"]


def test_an_account_that_was_never_prepared_gets_a_sentence(deployment: Deployment) -> None:
    """`make deploy` says what to do instead of failing in the middle."""
    deployment.client("ssm").delete_parameter(Name="/cdk-bootstrap/hnb659fds/version")

    assert "Run `make bootstrap` once" in deployment.run("deploy", expected=1)


def _play(deployment: Deployment, options: Options, names: Iterable[str]) -> list:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WSS_PROXY", deployment.emulator.front.url)
        return run_cases(deployment.websocket_url, options, names=names)


async def _warm(deployment: Deployment) -> None:
    """Have every route refuse a frame, two at a time: a first call takes seconds, and the cases time answers.

    MiniStack closes the socket of a function that did not start in time, so what was not answered is asked again.
    """
    actions = [route.key for route in ROUTES if route.key not in LIFECYCLE_KEYS] + ["no such action"]
    proxy, headers = deployment.emulator.front.url, {"Origin": deployment.url}
    places = asyncio.Semaphore(WARMED_AT_ONCE)
    async with aiohttp.ClientSession() as http, asyncio.timeout(WARM_SECONDS_MAX):

        async def is_refused(action: str) -> bool:
            connecting = http.ws_connect(deployment.websocket_url, proxy=proxy, ssl=False, headers=headers)
            async with connecting as socket:
                await socket.send_json({"action": action, "room": 5})
                return (await socket.receive()).type is aiohttp.WSMsgType.TEXT

        async def refuse(action: str) -> None:
            async with places:
                for _ in range(WARMINGS_MAX):
                    if await is_refused(action):
                        return
            raise AssertionError(f"{action} was never answered")

        await asyncio.gather(*map(refuse, actions))


async def _gather(deployment: Deployment) -> dict[str, int]:
    """Open more sockets than the threshold, and return what the site says then."""
    proxy, headers = deployment.emulator.front.url, {"Origin": deployment.url}
    async with aiohttp.ClientSession() as http, asyncio.timeout(COUNTED_SECONDS_MAX):
        sockets = [
            await http.ws_connect(deployment.websocket_url, proxy=proxy, ssl=False, headers=headers)
            for _ in range(CROWD)
        ]
        while True:
            # Sent again as a page does, which also wakes the census.
            for socket in sockets:
                await socket.send_json({"action": "join", "mode": "text"})
            told: dict[str, int] = json.loads((await asyncio.to_thread(_get, deployment, "/online.json"))[2])
            if told.get("online", 0) >= CROWD:
                return told
            await asyncio.sleep(JOIN_AGAIN_SECONDS)


def _here(deployment: Deployment) -> int:
    """Return how many people a page that is opened now says are here."""
    told = json.loads(_get(deployment, "/online.json")[2])
    return int(told["online"]) if told.get("until", 0) > time.time() else 0


def _not_of_bootstrap(names: Iterable[str]) -> list[str]:
    return [name for name in names if not name.startswith(("cdk-", "/cdk-"))]


def _get(deployment: Deployment, path: str) -> tuple[int, dict[str, str], str]:
    trusted = ssl.create_default_context(cafile=str(deployment.emulator.certificate))
    front, site = urlsplit(deployment.emulator.front.url), urlsplit(deployment.url)
    connection = HTTPSConnection(str(front.hostname), front.port, context=trusted, timeout=30)
    connection.set_tunnel(str(site.hostname))
    connection.request("GET", path)
    response = connection.getresponse()
    headers = {name.lower(): value for name, value in response.getheaders()}
    body = response.read().decode()
    connection.close()
    return response.status, headers, body
