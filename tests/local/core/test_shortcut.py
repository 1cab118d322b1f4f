"""The handlers' own client is answered without HTTP, and exactly as every other client is over HTTP.

The calls of a client stand in test_management.py, for both ways.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from functions.chat.aws.sockets import Connections, Delivery
from infra.local.core.faults import Faults
from tests.gateway import free_port
from tests.local.world import WAIT_SECONDS_MAX, World, management_client, near, world

NOBODY = "nobody123456789="
ACTIONS = ("post_to_connection", "get_connection", "delete_connection")


def both(w: World) -> tuple[Any, Any]:
    return near(w), w.management()


async def outcome(method: Callable[..., Any], **arguments: Any) -> tuple[str, int, Any]:
    """Return what a client says of a request: a name, the status, and what is read from the answer."""
    try:
        found = await asyncio.to_thread(lambda: method(**arguments))
    except ClientError as error:
        return type(error).__name__, error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]
    metadata = found.pop("ResponseMetadata")
    return "done", metadata["HTTPStatusCode"], found


@pytest.mark.parametrize("action", ACTIONS)
async def test_nobody_is_gone_on_both_ways(action):
    """The same exception class, status and error, for any request about a closed connection."""
    async with world() as w:
        arguments = {"ConnectionId": NOBODY} | ({"Data": b"x"} if action == "post_to_connection" else {})
        outcomes = [await outcome(getattr(client, action), **arguments) for client in both(w)]

        assert outcomes[0] == outcomes[1]
        assert outcomes[0][:2] == ("GoneException", 410)


async def test_the_description_of_a_connection_is_the_same_on_both_ways():
    """The census reads from it when the socket was used last."""
    async with world() as w:
        _socket = await w.connect()
        connection_id = await w.connection_id()
        outcomes = [await outcome(client.get_connection, ConnectionId=connection_id) for client in both(w)]

        for found in outcomes:
            found[2].pop("LastActiveAt")  # a second may begin between the two
        assert outcomes[0] == outcomes[1]
        assert outcomes[0][2]["Identity"]["SourceIp"] == "127.0.0.1"


async def test_faults_and_throttles_are_injected_on_both_ways():
    """The functions see a throttled post as busy, and the fault is counted where it is on HTTP."""
    async with world(faults=Faults(throttle_post=1.0)) as w:
        _socket = await w.connect()
        connection_id = await w.connection_id()
        for client in both(w):
            posted = await asyncio.to_thread(Connections(client).post, connection_id, {"type": "x"})
            assert posted is Delivery.BUSY

        assert w.counters.faults == {"throttle_post": 2}
        assert w.counters.posts == {429: 2}


async def test_an_event_loop_that_is_busy_is_a_timeout():
    """A client waits as long as it would for an answer over HTTP, and its handler goes on."""
    async with world() as w:
        client = near(w, seconds_max=0.05)
        outcomes: list[str] = []

        def post() -> None:
            try:
                client.post_to_connection(ConnectionId=NOBODY, Data=b"{}")
            except ReadTimeoutError as late:
                outcomes.append(type(late).__name__)

        posting = threading.Thread(target=post)
        posting.start()
        posting.join(WAIT_SECONDS_MAX)  # the event loop does nothing else meanwhile

        assert outcomes == ["ReadTimeoutError"]


async def test_another_path_goes_over_http():
    """Another stage is not this gateway's: nobody answers for it here."""
    async with world() as w:
        client = management_client(f"http://127.0.0.1:{free_port()}/production")
        w.server.shorten(client)

        with pytest.raises(EndpointConnectionError):
            await outcome(client.get_connection, ConnectionId=NOBODY)


def test_after_the_stop_http_says_that_nobody_is_there():
    """Handlers that outlive the gateway get the failure that they would get on AWS."""

    async def run() -> Any:
        async with world() as w:
            return near(w)

    client = asyncio.run(run())

    with pytest.raises(EndpointConnectionError):
        client.get_connection(ConnectionId=NOBODY)
