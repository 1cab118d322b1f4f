"""The result of a post, through the real client and a socket: the loss of a peer is a result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from functions.chat.aws import clients
from functions.chat.aws.sockets import Connections, Delivery
from tests.functions.endpoint import Endpoint, serving

ATTEMPTS_MAX = 2

EVENT = {"type": "message", "room": "r", "seq": 1, "text": "né 😀"}
# The product's own time-outs, shortened: a test need not wait for two seconds to see what comes after them.
HURRIED = Config(read_timeout=0.15, connect_timeout=0.15)


def connections_to(url: str) -> Connections:
    keys = Credentials("nobody", "nobody")
    client = boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=url,
        region_name="eu-central-1",
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        config=clients.config().merge(HURRIED),
    )
    return Connections(clients.shortened(client, keys))


@pytest.fixture(scope="module")
def client_and_endpoint() -> Iterator[tuple[Connections, Endpoint]]:
    with serving() as endpoint:
        yield connections_to(endpoint.url), endpoint


@pytest.fixture
def api(client_and_endpoint: Any) -> tuple[Connections, Endpoint]:
    client_and_endpoint[1].requests.clear()
    return client_and_endpoint


def test_a_post_arrives_as_the_bytes_of_the_event(api):
    """At the connection that is meant, whose id needs encoding in an address."""
    connections, endpoint = api

    assert connections.post("UJ2k/XcWqFiACHeA=", EVENT) is Delivery.ACCEPTED
    assert endpoint.asked("POST") == [
        ("/@connections/UJ2k/XcWqFiACHeA=", '{"type":"message","room":"r","seq":1,"text":"né 😀"}'.encode())
    ]


OUTCOMES = [
    (410, "GoneException", Delivery.GONE),
    (429, "LimitExceededException", Delivery.BUSY),
    (429, "ThrottlingException", Delivery.BUSY),
    (429, "TooManyRequestsException", Delivery.BUSY),
    (500, "InternalServerErrorException", Delivery.BUSY),
    (503, "", Delivery.BUSY),
]


@pytest.mark.parametrize(("status", "error", "delivery"), OUTCOMES)
def test_a_peer_that_is_gone_or_slow_and_a_platform_that_fails_are_results(api, status, error, delivery):
    """Never an exception: the caller decides what it means. Closing tells the same."""
    connections, endpoint = api
    endpoint.answer("Gone=", status, error)

    assert connections.post("Gone=", EVENT) is delivery
    assert connections.close("Gone=") is delivery


@pytest.mark.parametrize(("status", "error", "used_at"), [(410, "GoneException", None), (429, "Throttled", "inf")])
def test_a_closed_socket_was_never_used_and_one_that_nobody_knows_of_is_there(api, status, error, used_at):
    """The census takes nobody away on a doubt."""
    connections, endpoint = api
    endpoint.answer("Asked=", status, {"Throttled": "ThrottlingException"}.get(error, error))

    assert connections.last_used("Asked=") == (None if used_at is None else float(used_at))
    assert {path for path, _ in endpoint.asked("GET")} == {"/@connections/Asked="}


def test_gone_is_believed_at_once_and_slowness_is_tried_again(api):
    """The client retries what may pass, within its own limits."""
    connections, endpoint = api
    endpoint.answer("Gone=", 410, "GoneException")
    endpoint.answer("Slow=", 429, "LimitExceededException")

    connections.post("Gone=", EVENT)
    connections.post("Slow=", EVENT)

    paths = [path for path, _ in endpoint.asked("POST")]
    assert paths == ["/@connections/Gone="] + ["/@connections/Slow="] * ATTEMPTS_MAX


@pytest.mark.parametrize("call", ["post", "close"])
def test_a_call_that_hangs_is_given_up(api, call):
    """A socket of somebody's broken network must not hold up the one who talks to it."""
    connections, endpoint = api
    endpoint.answer("Stuck=", hangs=True)

    outcome = connections.post("Stuck=", EVENT) if call == "post" else connections.close("Stuck=")

    assert outcome is Delivery.BUSY
    assert len(endpoint.requests) == ATTEMPTS_MAX


def test_an_api_that_cannot_be_reached_is_busy():
    """Nobody is taken for gone because of our own network."""
    with serving() as endpoint:
        connections = connections_to(endpoint.url)

    assert connections.post("Ada=", EVENT) is Delivery.BUSY
    assert connections.close("Ada=") is Delivery.BUSY


@pytest.mark.parametrize(
    ("status", "error"),
    [(403, "ForbiddenException"), (413, "PayloadTooLargeException"), (400, "BadRequestException")],
)
def test_anything_else_is_an_accident_and_is_raised(api, status, error):
    """A missing permission or a message that is too large is a mistake of ours."""
    connections, endpoint = api
    endpoint.answer("Ada=", status, error)

    with pytest.raises(ClientError, match=error):
        connections.post("Ada=", EVENT)
    with pytest.raises(ClientError, match=error):
        connections.close("Ada=")


def test_closing_closes_the_socket(api):
    """By the same address."""
    connections, endpoint = api

    assert connections.close("Ada2=") is Delivery.ACCEPTED
    assert endpoint.asked("DELETE") == [("/@connections/Ada2=", b"")]


def test_an_event_that_cannot_be_encoded_reaches_nobody(api):
    """The frame's checks keep it out; if they ever did not, nothing malformed would be sent."""
    connections, endpoint = api

    with pytest.raises(ValueError, match="JSON"):
        connections.post("Ada=", {"type": "signal", "data": {"a": float("inf")}})
    assert endpoint.requests == []
