"""The sockets: accepts clients, turns their frames into invocations, and tells the handlers when they are gone."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Coroutine
from functools import partial
from http import HTTPStatus
from typing import Any

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web
from aiohttp.http_websocket import WebSocketError

from functions.routes import select
from infra.local.core import events, replies
from infra.local.core.connection import ABNORMAL, SERVICE_RESTART, TOO_BIG, UNSUPPORTED_DATA, Connection
from infra.local.core.counters import Counters
from infra.local.core.events import Client
from infra.local.core.faults import Dice
from infra.local.core.frames import MeteredProtocol
from infra.local.core.hosts import names_a_machine
from infra.local.core.invocation import Answer, Answered, Failure, Invoker
from infra.local.core.settings import Settings

# The burst of an AWS account (docs.aws.amazon.com, "Amazon API Gateway quotas"): more frames at once are refused.
FRAMES_AT_ONCE_MAX = 5000

DATA = frozenset({WSMsgType.TEXT, WSMsgType.BINARY})
UNLIMITED_BYTES = sys.maxsize  # no send waits for a slow reader: the management API refuses it instead


class Gateway:
    """All connections of one gateway."""

    def __init__(self, settings: Settings, invoker: Invoker, counters: Counters, dice: Dice) -> None:
        self.connections: dict[str, Connection] = {}
        self._settings = settings
        self._invoker = invoker
        self._counters = counters
        self._dice = dice
        self._holding: set[asyncio.Task[Any]] = set()
        self._answering = 0  # frames
        self._disconnecting: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer an upgrade request: hold the connection until it is closed, or refuse it as `$connect` says."""
        if self._is_stopping:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if not web.WebSocketResponse().can_prepare(request).ok:
            return web.Response(status=HTTPStatus.UPGRADE_REQUIRED, text="This address speaks WebSocket only.\n")
        if not _is_own_page(request):
            return web.Response(status=HTTPStatus.FORBIDDEN, text="Another site's page may not open sockets here.\n")
        client = _client(request, self._settings.stage)
        connection = Connection(client, self._settings, self._counters)
        self.connections[client.connection_id] = connection
        try:
            answer = await self._invoker.invoke("$connect", events.connect_event(client, self._settings.port))
            status = replies.connect_status(answer)
            if isinstance(answer, Failure) or status // 100 != 2:
                self._counters.connections_refused += 1
                return replies.refusal(status, client)
            return await self._hold(request, connection, answer)
        finally:
            del self.connections[client.connection_id]

    async def stop(self) -> None:
        """Close every connection and give their last handlers a moment; longer ones are lost, as on AWS."""
        self._is_stopping = True
        for connection in self.connections.values():
            connection.close(SERVICE_RESTART)
        if self._holding:
            await asyncio.wait(self._holding, timeout=self._settings.close_seconds_max)
        if self._disconnecting:
            await asyncio.wait(self._disconnecting, timeout=self._settings.drain_seconds_max)

    async def _hold(self, request: web.BaseRequest, connection: Connection, answer: Answer) -> web.StreamResponse:
        socket = web.WebSocketResponse(
            timeout=self._settings.close_seconds_max,
            autoclose=False,
            protocols=replies.subprotocols(answer),
            compress=False,
            max_msg_size=0,  # the metered protocol limits it
            writer_limit=UNLIMITED_BYTES,
        )
        task = asyncio.current_task()
        assert task is not None, "aiohttp runs a request in a task"
        code, reason = ABNORMAL, ""
        self._holding.add(task)
        self._counters.connections_opened += 1
        self._counters.connections_open += 1
        try:
            await socket.prepare(request)
            connection.open(socket, request.transport)
            assert isinstance(request.protocol, MeteredProtocol), "the server makes metered protocols only"
            request.protocol.notify(partial(connection.close, TOO_BIG))
            code, reason = await self._receive(connection, socket)
        except ConnectionResetError:
            # It was gone before the upgrade was answered. aiohttp would try to close a WebSocket that never opened.
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        finally:
            self._counters.connections_open -= 1
            self._counters.closed_connection_seconds += connection.open_seconds
            self._counters.closes[code] += 1
            self._holding.discard(task)
            self._begin_disconnect(connection.client, code, reason)
        return socket

    async def _receive(self, connection: Connection, socket: web.WebSocketResponse) -> tuple[int, str]:
        """Accept frames until the connection is closed; return the code and reason of that."""
        while (frame := await socket.receive()).type in DATA:
            if frame.type is WSMsgType.BINARY:
                connection.close(UNSUPPORTED_DATA)
            elif connection.is_open:
                self._accept(connection, frame.data)
        if connection.close_code is None and frame.type is WSMsgType.CLOSE:
            await socket.close(code=frame.data or WSCloseCode.OK, drain=False)
        await connection.end()
        return _close_reason(connection, frame)

    def _accept(self, connection: Connection, text: str) -> None:
        connection.touch()
        self._counters.frames_received += 1
        if self._answering >= FRAMES_AT_ONCE_MAX:
            self._counters.frames_refused += 1
            connection.send(replies.error_frame(replies.TOO_MANY_REQUESTS, connection.client, events.new_id()))
            return
        self._answering += 1
        delay_seconds = self._dice.frame_delay_seconds()
        if delay_seconds:
            self._counters.faults["delay_frame"] += 1
            asyncio.get_running_loop().call_later(delay_seconds, self._answer, connection, text)
        else:
            self._answer(connection, text)

    def _answer(self, connection: Connection, text: str) -> None:
        route = select(_action(text))
        if route.answer is not None:
            self._answering -= 1
            connection.send(route.answer.encode())
            return
        event = events.message_event(connection.client, route.key, text)
        answered = self._invoker.invoke(route.key, event)
        # Callbacks and no task for each frame, which would be a sixth of what the loop does for it.
        answered.add_done_callback(partial(self._end, connection, event["requestContext"]["requestId"]))

    def _end(self, connection: Connection, request_id: str, answered: Answered) -> None:
        self._answering -= 1
        outcome = answered.result()
        if isinstance(outcome, Failure):
            connection.send(replies.error_frame(outcome, connection.client, request_id))

    def _begin_disconnect(self, client: Client, code: int, reason: str) -> None:
        if self._dice.loses_disconnect():
            self._counters.faults["lose_disconnect"] += 1
            return
        _keep(self._disconnecting, self._disconnect(events.disconnect_event(client, code, reason)))

    async def _disconnect(self, event: events.Event) -> None:
        delay_seconds = self._dice.disconnect_delay_seconds()
        if delay_seconds:
            self._counters.faults["delay_disconnect"] += 1
            await asyncio.sleep(delay_seconds)
        await self._invoker.invoke("$disconnect", event)


def _is_own_page(request: web.BaseRequest) -> bool:
    """Tell whether a page of this host asks, or a client that is no browser.

    A browser says in Origin whose page it is, and in Host what it thinks that it reached; a foreign page that had its
    name lead to this machine (DNS rebinding) names a host that is neither an address nor localhost.
    """
    origin = request.headers.get("Origin")
    return origin is None or (names_a_machine(request.host) and origin == f"http://{request.host}")


def _client(request: web.BaseRequest, stage: str) -> Client:
    return Client(
        host=request.host,
        source_ip=request.remote or "",
        headers=tuple(request.headers.items()),
        query=tuple(request.query.items()),
        connection_id=events.new_id(),
        stage=stage,
        connected_at=events.now_milliseconds(),
    )


def _action(text: str) -> object:
    """Return what `$request.body.action` selects, None where there is no such thing."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return body.get("action") if isinstance(body, dict) else None


def _close_reason(connection: Connection, frame: WSMessage) -> tuple[int, str]:
    if connection.close_code is not None:
        return connection.close_code, ""
    if frame.type is WSMsgType.CLOSE:
        return frame.data or events.STATUS_NOT_SET, frame.extra or ""
    if frame.type is WSMsgType.ERROR and isinstance(frame.data, WebSocketError):
        return frame.data.code, ""
    return ABNORMAL, ""


def _keep(tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
    """Start `work` and hold on to it until it is done: asyncio itself keeps only a weak reference."""
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
