"""The real boto3 client finds API Gateway's management API."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp.test_utils import make_mocked_request
from botocore.exceptions import ClientError

from functions.chat.aws.sockets import Connections
from infra.local.core.management import is_loopback
from tests.local.world import (
    OK,
    WAIT_SECONDS_MAX,
    Recorder,
    World,
    close_code,
    management_client,
    near,
    receive,
    transport_of,
    until,
    world,
)

MESSAGE_BYTES = 128 * 1024
# How a client reaches the API: over HTTP, with and without the stage, or as the handlers' own one does.
WAYS: dict[str, Callable[[World], Any]] = {
    "http": lambda w: w.management(),
    "http without a stage": lambda w: management_client(w.url),
    "here": near,
}


async def call(method: Any, **arguments: Any) -> Any:
    """Call the blocking client from the event loop."""
    return await asyncio.to_thread(lambda: method(**arguments))


@pytest.mark.parametrize("way", WAYS)
async def test_a_post_arrives_as_a_text_frame(way):
    """With and without the stage in the address, for ids that have to be encoded in it, and without HTTP."""
    async with world() as w:
        socket = await w.connect()
        client = WAYS[way](w)

        await call(client.post_to_connection, ConnectionId=await w.connection_id(), Data='{"type":"grüezi"}'.encode())

        assert await receive(socket) == {"type": "grüezi"}
        assert w.counters.posts == {200: 1}


@pytest.mark.parametrize("way", WAYS)
async def test_a_closed_connection_is_gone(way):
    """As soon as the client has closed there is nobody to post to."""
    async with world() as w:
        socket = await w.connect()
        await socket.close()
        await w.handlers["$disconnect"].event()
        client = WAYS[way](w)

        with pytest.raises(client.exceptions.GoneException):
            await call(client.post_to_connection, ConnectionId=await w.connection_id(), Data=b"x")


@pytest.mark.parametrize("way", WAYS)
async def test_a_connection_is_gone_to_its_own_connect(way):
    """Inside $connect the socket is not writable: AWS answers 410 there, and so does this."""
    outcomes: list[str] = []
    clients: list[Any] = []

    def post(event: dict[str, Any]) -> Any:
        try:
            clients[0].post_to_connection(ConnectionId=event["requestContext"]["connectionId"], Data=b"x")
        except ClientError as error:
            outcomes.append(type(error).__name__)
        return OK

    async with world({"$connect": Recorder(post)}) as w:
        clients.append(WAYS[way](w))
        await w.connect()

        assert outcomes == ["GoneException"]


async def test_a_handler_can_post_to_its_own_client_and_another():
    """The posts of a relay: from a thread, through HTTP, to the peer's socket and to one's own."""

    def relay(event: dict[str, Any]) -> Any:
        client = management_client(f"http://{event['requestContext']['domainName']}/local")
        for connection_id in json.loads(event["body"])["to"]:
            client.post_to_connection(ConnectionId=connection_id, Data=b'{"type":"relayed"}')
        return OK

    async with world({"signal": Recorder(relay)}) as w:
        one, two = await w.connect(), await w.connect()
        ids = [await w.connection_id(0), await w.connection_id(1)]
        await one.send_json({"action": "signal", "to": ids})

        assert [await receive(one), await receive(two)] == [{"type": "relayed"}] * 2


@pytest.mark.parametrize("way", WAYS)
async def test_the_largest_post_passes_and_a_larger_one_is_too_large(way):
    """128 KB arrive; one byte more is a PayloadTooLargeException, and so is a megabyte."""
    async with world() as w:
        socket = await w.connect()
        client = WAYS[way](w)
        connection_id = await w.connection_id()
        await call(client.post_to_connection, ConnectionId=connection_id, Data=b"x" * MESSAGE_BYTES)

        assert len((await socket.receive(timeout=WAIT_SECONDS_MAX)).data) == MESSAGE_BYTES
        for size in (MESSAGE_BYTES + 1, 2 * 1024 * 1024):
            with pytest.raises(client.exceptions.PayloadTooLargeException):
                await call(client.post_to_connection, ConnectionId=connection_id, Data=b"x" * size)


@pytest.mark.parametrize("way", WAYS)
async def test_a_client_that_does_not_read_exceeds_the_limit(way):
    """When the send buffer is full posts are refused with LimitExceededException, and nobody else waits."""
    async with world() as w:
        slow = await w.connect()
        transport_of(slow).pause_reading()
        client = WAYS[way](w)
        slow_id = await w.connection_id()

        def fill() -> None:
            while True:  # ends when the buffers of the kernel and of the gateway are full
                client.post_to_connection(ConnectionId=slow_id, Data=b"x" * MESSAGE_BYTES)

        with pytest.raises(client.exceptions.LimitExceededException):
            await asyncio.to_thread(fill)
        other = await w.connect()
        await call(client.post_to_connection, ConnectionId=await w.connection_id(1), Data=b'{"type":"free"}')
        assert await receive(other) == {"type": "free"}


async def test_the_functions_learn_when_a_socket_was_used_and_that_one_is_closed():
    """With the product's own reading of the answer, as the census does."""
    async with world() as w:
        socket = await w.connect()
        connection_id = await w.connection_id()
        connections = Connections(w.management())

        used_at = await asyncio.to_thread(connections.last_used, connection_id)
        assert used_at is not None
        assert abs(used_at - time.time()) < WAIT_SECONDS_MAX

        await socket.close()
        await until(lambda: w.counters.connections_open == 0)
        assert await asyncio.to_thread(connections.last_used, connection_id) is None


async def test_get_describes_the_connection():
    """The connection, and since when it is there, as boto3 parses it."""
    async with world() as w:
        _socket = await w.session.ws_connect(f"{w.url}/ws", headers={"User-Agent": "me"})
        found = await call(w.management().get_connection, ConnectionId=await w.connection_id())

        assert found["Identity"] == {"SourceIp": "127.0.0.1", "UserAgent": "me"}
        assert abs((datetime.now(tz=UTC) - found["ConnectedAt"]).total_seconds()) < 5
        assert abs((datetime.now(tz=UTC) - found["LastActiveAt"]).total_seconds()) < 5


@pytest.mark.parametrize("way", WAYS)
async def test_delete_closes_the_socket(way):
    """The client sees a close, $disconnect runs, and the id is gone."""
    async with world() as w:
        socket = await w.connect()
        client = WAYS[way](w)
        connection_id = await w.connection_id()
        await call(client.delete_connection, ConnectionId=connection_id)

        with pytest.raises(client.exceptions.GoneException):
            await call(client.get_connection, ConnectionId=connection_id)
        assert await close_code(socket) == 1000
        assert (await w.handlers["$disconnect"].event())["requestContext"]["disconnectStatusCode"] == 1000


async def test_an_unsigned_request_is_forbidden():
    """A page of another origin can send a simple POST to this machine, but no Authorization header with it."""
    async with world() as w:
        socket = await w.connect()
        path = "/@connections/" + quote(await w.connection_id(), safe="")
        async with w.session.post(w.url + path, data=b"from elsewhere") as answer:
            assert answer.status == HTTPStatus.FORBIDDEN
            assert answer.headers["x-amzn-errortype"] == "ForbiddenException"

        await socket.send_str('{"action":"ping"}')
        assert await receive(socket) == {"type": "pong"}


async def test_a_post_that_does_not_say_how_large_it_is_has_the_same_limit():
    """In chunks there is no Content-Length to look at, only what has come."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(2):
            yield b"x" * MESSAGE_BYTES

    async with world() as w:
        _socket = await w.connect()
        path = "/@connections/" + quote(await w.connection_id(), safe="")
        async with w.session.post(w.url + path, data=chunks(), headers={"Authorization": "signed"}) as answer:
            assert answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            assert answer.headers["x-amzn-errortype"] == "PayloadTooLargeException"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.0.2.1", False),
        ("::ffff:192.0.2.1", False),
        ("1270.0.0.1", False),
        (None, False),
    ],
)
def test_only_this_machine_manages_connections(address, expected):
    """With --host 0.0.0.0 other machines may chat, but not post as the handlers do."""
    assert expected == is_loopback(make_mocked_request("GET", "/").clone(remote=address))


async def test_posts_from_many_threads_all_arrive():
    """The connections of one client are used by many handlers at once; every post is one whole frame."""
    async with world() as w:
        socket = await w.connect()
        client = w.management()
        connection_id = await w.connection_id()
        threads = [
            threading.Thread(
                target=client.post_to_connection, kwargs={"ConnectionId": connection_id, "Data": b'{"n":%d}' % n}
            )
            for n in range(20)
        ]
        for thread in threads:
            thread.start()

        assert set(range(20)) == {(await receive(socket))["n"] for _ in threads}
        await until(lambda: not any(thread.is_alive() for thread in threads))


async def test_a_wrong_path_is_not_the_management_api():
    """Another stage's path is nobody's: the client gets an error, not a success."""
    async with world() as w:
        client = management_client(f"{w.url}/production")

        with pytest.raises(ClientError):
            await call(client.post_to_connection, ConnectionId="nobody123456789=", Data=b"x")
