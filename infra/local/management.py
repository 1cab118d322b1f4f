"""The management API: what handlers post to, read and close connections with, as boto3 expects it to answer.

Errors carry their name in the header `x-amzn-errortype`: without it boto3 raises a nameless ClientError where AWS
would make it a GoneException.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import unquote

from aiohttp import web

from infra.local.connection import Connection
from infra.local.counters import Counters
from infra.local.events import now_milliseconds
from infra.local.faults import Dice
from infra.local.gateway import Gateway
from infra.local.settings import Settings

CONNECTIONS_PATH = "/@connections/"
NORMAL = 1000

GONE = (HTTPStatus.GONE, "GoneException", "")
TOO_LARGE = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "PayloadTooLargeException", "The data is larger than 131072 bytes")
LIMIT_EXCEEDED = (HTTPStatus.TOO_MANY_REQUESTS, "LimitExceededException", "")
FORBIDDEN = (HTTPStatus.FORBIDDEN, "ForbiddenException", "Missing Authentication Token")


class Management:
    """Answers requests about single connections."""

    def __init__(self, gateway: Gateway, settings: Settings, counters: Counters, dice: Dice) -> None:
        self._gateway = gateway
        self._settings = settings
        self._counters = counters
        self._dice = dice
        self._prefixes = (CONNECTIONS_PATH, f"/{settings.stage}{CONNECTIONS_PATH}")

    def connection_id(self, raw_path: str) -> str | None:
        """Return the connection that a path is about, None when it is another's path."""
        for prefix in self._prefixes:
            if raw_path.startswith(prefix):
                return unquote(raw_path[len(prefix) :])
        return None

    async def answer(self, request: web.BaseRequest, connection_id: str) -> web.Response:
        """Serve POST, GET and DELETE of one connection."""
        methods = {"POST": self._post, "GET": self._get, "DELETE": self._delete}
        method = methods.get(request.method)
        if method is None or not is_loopback(request) or "Authorization" not in request.headers:
            # The SDKs sign every request. A page of another origin cannot send this header, so it cannot post.
            return _error(FORBIDDEN)
        connection = self._gateway.connections.get(connection_id)
        if connection is not None and not connection.is_open:
            connection = None  # inside its own $connect, or closing: not there yet, or no more
        return await method(request, connection)

    async def _post(self, request: web.BaseRequest, connection: Connection | None) -> web.Response:
        response = await self._deliver(request, connection)
        self._counters.posts[response.status] += 1
        return response

    async def _get(self, _: web.BaseRequest, connection: Connection | None) -> web.Response:
        return _error(GONE) if connection is None else web.json_response(_description(connection))

    async def _delete(self, _: web.BaseRequest, connection: Connection | None) -> web.Response:
        if connection is None:
            return _error(GONE)
        connection.close(NORMAL)
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def _deliver(self, request: web.BaseRequest, connection: Connection | None) -> web.Response:
        if (request.content_length or 0) > self._settings.message_bytes_max:
            return _error(TOO_LARGE)
        data = await request.read()
        if self._dice.throttles_post():
            self._counters.faults["throttle_post"] += 1
            return _error(LIMIT_EXCEEDED)
        if connection is not None and connection.unread_bytes > self._settings.send_buffer_bytes_max:
            return _error(LIMIT_EXCEEDED)
        if connection is None or not await connection.send(data):
            return _error(GONE)
        return web.Response()


def is_loopback(request: web.BaseRequest) -> bool:
    """Whether the request came from this machine itself."""
    address = request.remote or ""
    return address.startswith(("127.", "::ffff:127.")) or address == "::1"


def _description(connection: Connection) -> dict[str, object]:
    client = connection.client
    idle_milliseconds = round(connection.idle_seconds * 1000)
    return {
        "connectedAt": _timestamp(client.connected_at),
        "identity": {"sourceIp": client.source_ip, "userAgent": client.user_agent or ""},
        "lastActiveAt": _timestamp(now_milliseconds() - idle_milliseconds),
    }


def _timestamp(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _error(error: tuple[HTTPStatus, str, str]) -> web.Response:
    status, name, message = error
    return web.json_response({"message": message}, status=status, headers={"x-amzn-errortype": name})
