"""The handlers' own client is answered without HTTP, and exactly as every other client is over HTTP."""

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
from tests.local.world import (
    WAIT_SECONDS_MAX,
    Recorder,
    World,
    close_code,
    management_client,
    receive,
    transport_of,
    world,
)

MESSAGE_BYTES = 128 * 1024
NOBODY = "nobody123456789="
ACTIONS = ("post_to_connection", "get_connection", "delete_connection")


def near(w: World, seconds_max: float = WAIT_SECONDS_MAX) -> Any:
    """Return a client that is answered in this process; at its address nobody listens."""
    client = management_client(f"http://127.0.0.1:{free_port()}/local")
    client.meta.config.read_timeout = seconds_max
    w.server.shorten(client)
    return client


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


async def test_a_post_arrives_without_http():
    """The event is on the socket although nobody listens at the client's address, and it counts as every post does."""
    async with world() as w:
        socket = await w.connect()
        client = near(w)

        said = await outcome(client.post_to_connection, ConnectionId=await w.connection_id(), Data=b'{"type":"here"}')

        assert said == ("done", 200, {})
        assert await receive(socket) == {"type": "here"}
        assert w.counters.posts == {200: 1}


@pytest.mark.parametrize("action", ACTIONS)
async def test_nobody_is_gone_on_both_ways(action):
    """The same exception class, status and error, whatever is asked about somebody who is not there."""
    async with world() as w:
        arguments = {"ConnectionId": NOBODY} | ({"Data": b"x"} if action == "post_to_connection" else {})
        outcomes = [await outcome(getattr(client, action), **arguments) for client in both(w)]

        assert outcomes[0] == outcomes[1]
        assert outcomes[0][:2] == ("GoneException", 410)


async def test_the_description_of_a_connection_is_the_same_on_both_ways():
    """What counting people reads from it: when the socket was used last."""
    async with world() as w:
        _socket = await w.connect()
        connection_id = await w.connection_id()
        outcomes = [await outcome(client.get_connection, ConnectionId=connection_id) for client in both(w)]

        for found in outcomes:
            found[2].pop("LastActiveAt")  # a second may begin between the two
        assert outcomes[0] == outcomes[1]
        assert outcomes[0][2]["Identity"]["SourceIp"] == "127.0.0.1"


async def test_limits_are_the_same_on_both_ways():
    """128 KB pass, a byte more is too large, and neither closes anything."""
    async with world() as w:
        socket = await w.connect()
        connection_id = await w.connection_id()
        for client in both(w):
            post = client.post_to_connection
            assert (await outcome(post, ConnectionId=connection_id, Data=b"x" * MESSAGE_BYTES))[0] == "done"
            assert len((await socket.receive()).data) == MESSAGE_BYTES
            refused = await outcome(post, ConnectionId=connection_id, Data=b"x" * (MESSAGE_BYTES + 1))
            assert refused[:2] == ("PayloadTooLargeException", 413)


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


async def test_a_client_that_does_not_read_exceeds_the_limit_without_http_too():
    """However fast the posts come: each finds the buffer as the one before has left it."""
    async with world() as w:
        slow = await w.connect()
        transport_of(slow).pause_reading()
        client = near(w)
        connection_id = await w.connection_id()

        def fill() -> None:
            while True:  # ends when the buffers of the kernel and of the gateway are full
                client.post_to_connection(ConnectionId=connection_id, Data=b"x" * MESSAGE_BYTES)

        with pytest.raises(client.exceptions.LimitExceededException):
            await asyncio.to_thread(fill)


async def test_delete_closes_the_socket_without_http():
    """The client sees a close, and the id is gone for whoever comes next."""
    async with world() as w:
        socket = await w.connect()
        client = near(w)
        connection_id = await w.connection_id()

        assert (await outcome(client.delete_connection, ConnectionId=connection_id))[:2] == ("done", 204)
        assert (await outcome(client.get_connection, ConnectionId=connection_id))[0] == "GoneException"
        assert await close_code(socket) == 1000


async def test_a_connection_is_gone_to_its_own_connect_without_http():
    """Inside $connect the socket is not there yet."""
    outcomes: list[str] = []
    clients: list[Any] = []

    def post(event: dict[str, Any]) -> Any:
        try:
            clients[0].post_to_connection(ConnectionId=event["requestContext"]["connectionId"], Data=b"x")
        except ClientError as error:
            outcomes.append(type(error).__name__)
        return {"statusCode": 200}

    async with world({"$connect": Recorder(post)}) as w:
        clients.append(near(w))
        await w.connect()

        assert outcomes == ["GoneException"]


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
