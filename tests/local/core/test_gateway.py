"""Sockets behave as API Gateway's: what reaches the handlers, and what the client gets."""

from __future__ import annotations

import asyncio
import threading
import time
from http import HTTPStatus
from typing import Any

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from tests.local.world import OK, WAIT_SECONDS_MAX, Recorder, close_code, receive, transport_of, until, world


def raising(problem: BaseException) -> Recorder:
    def answer(event: dict[str, Any]) -> Any:
        raise problem

    return Recorder(answer)


async def test_connect_sees_the_upgrade_request():
    """Origin, query string, user agent and address of the client are in the event of $connect."""
    async with world() as w:
        await w.session.ws_connect(f"{w.url}/ws?a=1", origin=w.url, headers={"User-Agent": "me"})

        event = await w.handlers["$connect"].event()

        assert event["headers"]["Origin"] == w.url
        assert event["queryStringParameters"] == {"a": "1"}
        assert event["requestContext"]["identity"] == {"sourceIp": "127.0.0.1", "userAgent": "me"}
        assert f"127.0.0.1:{w.port}" == event["requestContext"]["domainName"]


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://there.example", None),
        ("null", None),
        ("https://127.0.0.1", None),
        ("http://rebound.example:8080", "rebound.example:8080"),
        ("http://localhost.example", "localhost.example"),
    ],
)
async def test_a_foreign_page_opens_no_socket_on_this_machine(origin, host):
    """Neither from its own host nor from a name that it had lead here; its handler is not even called."""
    async with world() as w:
        with pytest.raises(WSServerHandshakeError) as refused:
            await w.session.ws_connect(f"{w.url}/ws", origin=origin, headers={"Host": host} if host else {})

        assert refused.value.status == HTTPStatus.FORBIDDEN
        assert w.handlers["$connect"].events == []


@pytest.mark.parametrize(
    "path", ["/_local.json", "/_local", "/_queue/", "/_bucket/site/online.json", "/@connections/a"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_paths_for_this_machine_alone_are_not_there_for_a_page_of_another_name(path, method):
    """It could set any header, being of one origin with what it asks; it sees the site and nothing else."""
    signed = {"Authorization": "x", "X-Amz-Target": "AmazonSQS.SendMessage", "Host": "rebound.example"}
    async with world() as w, w.session.request(method, w.url + path, headers=signed, data=b"{}") as answer:
        assert answer.status == (HTTPStatus.NOT_FOUND if method == "GET" else HTTPStatus.METHOD_NOT_ALLOWED)


@pytest.mark.parametrize(
    ("handler", "status"),
    [
        (Recorder(lambda event: {"statusCode": 403}), 403),
        (Recorder(lambda event: {"statusCode": 401}), 401),
        (raising(KeyError("x")), HTTPStatus.BAD_GATEWAY),
        (raising(SystemExit(1)), HTTPStatus.BAD_GATEWAY),
        (Recorder(lambda event: "not a response"), HTTPStatus.BAD_GATEWAY),
        (Recorder(lambda event: {"statusCode": {1, 2}}), HTTPStatus.BAD_GATEWAY),
    ],
)
async def test_connect_that_does_not_answer_2xx_refuses_the_socket(handler, status):
    """The upgrade is refused with the handler's status, or 502; nothing is left and no $disconnect follows."""
    async with world({"$connect": handler}) as w:
        with pytest.raises(WSServerHandshakeError) as refused:
            await w.connect()

        assert status == refused.value.status
        assert (w.counters.connections_refused, w.counters.connections_opened) == (1, 0)
        assert w.handlers["$disconnect"].events == []


async def test_a_plain_request_to_the_socket_address_is_told_to_upgrade():
    """No handler runs for a request that is no WebSocket."""
    async with world() as w, w.session.get(f"{w.url}/ws") as answer:
        assert answer.status == HTTPStatus.UPGRADE_REQUIRED
        assert w.handlers["$connect"].events == []


async def test_connect_chooses_the_subprotocol():
    """Only what $connect answers is agreed on, never what the client wished for."""
    answer = {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "second"}}
    async with world({"$connect": Recorder(lambda event: answer)}) as w:
        socket = await w.connect(protocols=("first", "second"))

        assert socket.protocol == "second"


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ('{"action":"join","mode":"text"}', "join"),
        (' {"action" : "join"} \n', "join"),
        ('{"action":"nonsense"}', "$default"),
        ('{"action":"$connect"}', "$default"),
        ('{"action":7}', "$default"),
        ('{"no":"action"}', "$default"),
        ("[1]", "$default"),
        ("", "$default"),
        ("{not json", "$default"),
        ("[" * 20_000, "$default"),
        ('{"action":"join","text":"\\ud800"}', "join"),
    ],
)
async def test_a_frame_reaches_the_handler_of_its_action(text, route):
    """The body arrives unchanged, at the route that the table selects, with the ids of frame and connection."""
    async with world() as w:
        socket = await w.connect()
        await socket.send_str(text)

        event = await w.handlers[route].event()

        assert (text, route, "MESSAGE") == (
            event["body"],
            event["requestContext"]["routeKey"],
            event["requestContext"]["eventType"],
        )
        assert await w.connection_id() == event["requestContext"]["connectionId"]


async def test_ping_is_answered_without_a_handler():
    """The keep-alive costs no invocation: the route table itself holds the answer."""
    async with world() as w:
        socket = await w.connect()
        await socket.send_str('{"action":"ping"}')

        assert await receive(socket) == {"type": "pong"}
        assert w.counters.invocations == {"$connect": 1}
        assert w.server._gateway._answering == 0, "else the gateway would refuse all frames after 5,000"


async def test_a_handlers_answer_does_not_reach_the_client():
    """Without a route response API Gateway drops the body; the next frame that comes is the pong."""
    async with world({"join": Recorder(lambda event: {"statusCode": 200, "body": "lost"})}) as w:
        socket = await w.connect()
        await socket.send_str('{"action":"join"}')
        await w.handlers["join"].event()
        await socket.send_str('{"action":"ping"}')

        assert await receive(socket) == {"type": "pong"}


@pytest.mark.parametrize("problem", [ValueError("secret"), SystemExit(), TimeoutError()])
async def test_a_handler_that_raises_sends_the_error_frame(problem):
    """The client gets API Gateway's own words and ids, never the exception's; the connection stays open."""
    async with world({"join": raising(problem)}) as w:
        socket = await w.connect()
        await socket.send_str('{"action":"join"}')

        frame = await receive(socket)

        event = await w.handlers["join"].event()
        assert {
            "message": "Internal server error",
            "connectionId": await w.connection_id(),
            "requestId": event["requestContext"]["requestId"],
        } == frame
        assert [("join", problem)] == w.failures
        assert not socket.closed


async def test_a_handler_that_hangs_is_given_up_but_goes_on():
    """After the integration's time the client is told, while the handler ends later and changes nothing for it."""
    finished = threading.Event()
    hanging = Recorder(lambda event: finished.wait(WAIT_SECONDS_MAX) and OK)
    async with world({"join": hanging}, integration_seconds_max=0.1) as w:
        socket = await w.connect()
        await socket.send_str('{"action":"join"}')

        assert (await receive(socket))["message"] == "Endpoint request timed out"
        finished.set()
        await socket.send_str('{"action":"ping"}')
        assert await receive(socket) == {"type": "pong"}
        assert w.counters.timeouts == {"join": 1}


async def test_two_frames_of_one_connection_run_at_once():
    """Nothing keeps the order of one client's frames: the first waits here until the second has come."""
    second_came = threading.Event()

    def answer(event: dict[str, Any]) -> Any:
        if '"seq":1' in event["body"]:
            assert second_came.wait(WAIT_SECONDS_MAX), "the second frame waited for the first"
        else:
            second_came.set()
        return OK

    async with world({"message": Recorder(answer)}) as w:
        socket = await w.connect()
        await socket.send_str('{"action":"message","seq":1}')
        await socket.send_str('{"action":"message","seq":2}')

        await until(lambda: len(w.handlers["message"].events) == 2)
        assert second_came.is_set()
        assert w.failures == []


async def test_a_hundred_frames_all_arrive_with_fewer_threads():
    """More frames than threads wait for their turn; none is lost."""
    async with world(invocations_at_once_max=3) as w:
        socket = await w.connect()
        texts = {f'{{"action":"typing","n":{n}}}' for n in range(100)}
        for text in texts:
            await socket.send_str(text)

        await until(lambda: len(w.handlers["typing"].events) == 100)
        assert texts == set(w.handlers["typing"].bodies)


@pytest.mark.parametrize(
    ("code", "reason", "expected"),
    [(1000, "", (1000, "")), (4321, "changed my mind", (4321, "changed my mind")), (1001, "", (1001, "Going away"))],
)
async def test_disconnect_tells_how_the_client_closed(code, reason, expected):
    """The code is answered to the client, and $disconnect runs with it and the reason."""
    async with world() as w:
        socket = await w.connect()
        await socket.close(code=code, message=reason.encode())
        assert socket.close_code == code

        context = (await w.handlers["$disconnect"].event())["requestContext"]

        assert expected == (context["disconnectStatusCode"], context["disconnectReason"])
        assert await w.connection_id() == context["connectionId"]
        assert w.counters.connections_open == 0


async def test_disconnect_of_a_close_without_a_code_says_1005():
    """A close frame may be empty; API Gateway then reports that no status was set."""
    async with world() as w:
        socket = await w.connect()
        await socket._writer.send_frame(b"", WSMsgType.CLOSE)

        context = (await w.handlers["$disconnect"].event())["requestContext"]

        assert (
            context["disconnectStatusCode"],
            context["disconnectReason"],
        ) == (1005, "Client-side close frame status not set")


async def test_a_vanished_client_is_disconnected_as_abnormal():
    """A connection that ends without a close frame is reported with 1006."""
    async with world() as w:
        socket = await w.connect()
        transport_of(socket).abort()

        context = (await w.handlers["$disconnect"].event())["requestContext"]

        assert context["disconnectStatusCode"] == 1006


async def test_closing_a_client_that_has_just_vanished_is_no_trouble():
    """The gateway may find out that a client is gone when it wants to say goodbye."""
    async with world() as w:
        await w.connect()
        (connection,) = w.server._gateway.connections.values()
        assert connection._transport is not None
        connection._transport.abort()
        connection.close(1001)
        del connection  # and with it the task that could not send the close frame

        await w.handlers["$disconnect"].event()


async def test_nothing_is_accepted_after_the_gateway_closed():
    """A frame that a client sends before it has read the close reaches no handler."""
    async with world(close_seconds_max=5.0) as w:
        socket = await w.connect()
        (connection,) = w.server._gateway.connections.values()
        connection.close(1001)
        await socket.send_str('{"action":"join"}')

        assert await close_code(socket) == 1001
        await w.handlers["$disconnect"].event()
        assert w.handlers["join"].events == []


async def test_a_client_that_leaves_during_connect_is_disconnected():
    """A socket that $connect let in gets a $disconnect, even when nobody was there any more."""
    let_in = threading.Event()
    async with world({"$connect": Recorder(lambda event: let_in.wait(WAIT_SECONDS_MAX) and OK)}) as w:
        connecting = asyncio.create_task(w.connect())
        await until(lambda: bool(w.handlers["$connect"].events))
        connecting.cancel()
        await asyncio.wait({connecting})
        let_in.set()

        context = (await w.handlers["$disconnect"].event())["requestContext"]

        assert await w.connection_id() == context["connectionId"]


async def test_a_binary_frame_closes_with_1003():
    """Binary is not supported; no handler sees it."""
    async with world() as w:
        socket = await w.connect()
        await socket.send_bytes(b"\0")

        assert await close_code(socket) == 1003
        assert (await w.handlers["$disconnect"].event())["requestContext"]["disconnectStatusCode"] == 1003
        assert {"$connect", "$disconnect"} == set(w.counters.invocations)


async def test_text_that_is_not_utf8_closes_with_1007():
    """RFC 6455 forbids it; no handler sees it."""
    async with world() as w:
        socket = await w.connect()
        await socket._writer.send_frame(b"\xff\xfe", WSMsgType.TEXT)

        assert await close_code(socket) == 1007


async def test_an_idle_connection_is_closed_with_1001():
    """Without data in either direction for the idle time the gateway closes."""
    async with world(idle_seconds_max=0.2) as w:
        socket = await w.connect()

        assert await close_code(socket) == 1001
        assert (await w.handlers["$disconnect"].event())["requestContext"]["disconnectStatusCode"] == 1001


async def test_data_sets_the_idle_clock_back_and_the_longest_life_ends_all_the_same():
    """A busy connection outlives the idle time and ends with 1001 at its longest life."""
    async with world(idle_seconds_max=0.3, connection_seconds_max=0.9) as w:
        socket = await w.connect()
        begun = asyncio.get_running_loop().time()

        async def keep_alive() -> None:
            while not socket.closed:
                await socket.send_str('{"action":"ping"}')
                await asyncio.sleep(0.1)

        alive = asyncio.create_task(keep_alive())
        while (await socket.receive(timeout=WAIT_SECONDS_MAX)).type is WSMsgType.TEXT:
            pass
        alive.cancel()

        assert socket.close_code == 1001
        assert asyncio.get_running_loop().time() - begun > 0.8


async def test_stopping_closes_every_socket_with_1012():
    """A restart is a going away that clients reconnect from; $disconnect still runs to its end."""
    ended: list[int] = []

    def disconnect(_event, _context):
        time.sleep(0.1)
        ended.append(1)

    async with world({"$disconnect": disconnect}, drain_seconds_max=WAIT_SECONDS_MAX) as w:
        sockets = [await w.connect() for _ in range(5)]
        stopping = asyncio.create_task(w.server.stop())

        assert [await close_code(socket) for socket in sockets] == [1012] * 5
        await stopping
        assert len(ended) == 5


async def test_a_client_that_gives_up_during_the_upgrade_leaves_no_trouble(caplog):
    """Its `$connect` was handled, so its `$disconnect` is, too; nothing is closed that never opened."""
    going, gone = threading.Event(), threading.Event()

    def connect(_event, _context):
        going.set()
        assert gone.wait(WAIT_SECONDS_MAX)
        return OK

    async with world({"$connect": connect}) as here:
        _, writer = await asyncio.open_connection("127.0.0.1", here.port)
        writer.write(
            b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        await until(going.is_set)
        writer.transport.abort()
        await asyncio.sleep(0.05)
        gone.set()
        await here.handlers["$disconnect"].event()
        await asyncio.sleep(0.05)

    assert [record.getMessage() for record in caplog.records] == []
