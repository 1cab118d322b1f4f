"""The management API, by which handlers post to, read and close connections, as boto3 expects it to answer.

Errors carry their name in the header `x-amzn-errortype`: without it boto3 raises a nameless ClientError where AWS
would make it a GoneException.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import unquote

from aiohttp import web

from infra.local.core.connection import Connection
from infra.local.core.counters import Counters
from infra.local.core.events import now_milliseconds
from infra.local.core.faults import Dice
from infra.local.core.gateway import Gateway
from infra.local.core.settings import Settings

CONNECTIONS_PATH = "/@connections/"
NORMAL = 1000


@dataclass(frozen=True, slots=True)
class Request:
    """A request about a connection, over HTTP or not; `size` is the data's length, or the length announced for it."""

    method: str
    connection_id: str
    is_signed: bool
    data: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one: a status, the name of the error, and a JSON document."""

    status: HTTPStatus
    body: bytes = b""
    error: str = ""

    @property
    def headers(self) -> dict[str, str]:
        named = {"x-amzn-errortype": self.error} if self.error else {}
        return {"Content-Type": "application/json", **named} if self.body else named


def _error(status: HTTPStatus, error: str, message: str = "") -> Reply:
    return Reply(status, json.dumps({"message": message}).encode(), error)


DONE = Reply(HTTPStatus.OK)
CLOSED = Reply(HTTPStatus.NO_CONTENT)
GONE = _error(HTTPStatus.GONE, "GoneException")
TOO_LARGE = _error(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "PayloadTooLargeException", "The data is larger than 131072 bytes"
)
LIMIT_EXCEEDED = _error(HTTPStatus.TOO_MANY_REQUESTS, "LimitExceededException")
ANSWER_LOST = _error(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalServerErrorException")
FORBIDDEN = _error(HTTPStatus.FORBIDDEN, "ForbiddenException", "Missing Authentication Token")


class Management:
    """Answers requests about single connections."""

    def __init__(self, gateway: Gateway, settings: Settings, counters: Counters, dice: Dice) -> None:
        self._gateway = gateway
        self._settings = settings
        self._counters = counters
        self._dice = dice
        self._unanswered: set[tuple[str, bytes]] = set()
        self._prefixes = (CONNECTIONS_PATH, f"/{settings.stage}{CONNECTIONS_PATH}")
        self._methods = {"POST": self._post, "GET": self._get, "DELETE": self._delete}

    def connection_id(self, raw_path: str) -> str | None:
        """Return the connection that a path is about, None when it is another's path."""
        for prefix in self._prefixes:
            if raw_path.startswith(prefix):
                return unquote(raw_path[len(prefix) :])
        return None

    async def serve(self, request: web.BaseRequest, connection_id: str) -> web.Response:
        """Answer a request that came over HTTP."""
        if not is_loopback(request):
            return _response(FORBIDDEN)
        is_signed, announced = "Authorization" in request.headers, request.content_length or 0
        data = await request.read() if is_signed and announced <= self._settings.message_bytes_max else b""
        size = max(announced, len(data))
        return _response(self.answer(Request(request.method, connection_id, is_signed, data, size)))

    def answer(self, request: Request) -> Reply:
        """Do what is asked, on the event loop."""
        method = self._methods.get(request.method)
        if method is None or not request.is_signed:
            # The SDKs sign every request. A page of another origin cannot send this header, so it cannot post.
            return FORBIDDEN
        connection = self._gateway.connections.get(request.connection_id)
        if connection is not None and not connection.is_open:
            connection = None  # inside its own $connect, or closing: not there yet, or no more
        return method(request, connection)

    def _post(self, request: Request, connection: Connection | None) -> Reply:
        reply = self._deliver(request, connection)
        self._counters.posts[reply.status] += 1
        return reply

    def _get(self, _: Request, connection: Connection | None) -> Reply:
        if connection is None:
            return GONE
        return Reply(HTTPStatus.OK, json.dumps(_description(connection)).encode())

    def _delete(self, _: Request, connection: Connection | None) -> Reply:
        if connection is None:
            return GONE
        connection.close(NORMAL)
        return CLOSED

    def _deliver(self, request: Request, connection: Connection | None) -> Reply:
        if request.size > self._settings.message_bytes_max:
            return TOO_LARGE
        if self._dice.throttles_post():
            self._counters.faults["throttle_post"] += 1
            return LIMIT_EXCEEDED
        if connection is not None and connection.unread_bytes > self._settings.send_buffer_bytes_max:
            return LIMIT_EXCEEDED
        if connection is None or not connection.send(request.data):
            return GONE
        post = (request.connection_id, request.data)
        if post in self._unanswered:
            self._unanswered.remove(post)
        elif self._dice.loses_post_answer():
            self._unanswered.add(post)
            self._counters.faults["lose_post_answer"] += 1
            return ANSWER_LOST
        return DONE


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


def _response(reply: Reply) -> web.Response:
    return web.Response(body=reply.body, status=reply.status, headers=reply.headers)
