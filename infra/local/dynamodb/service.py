"""The table in this process, for our own clients and over HTTP: DynamoDB's protocol around the database in memory.

A client of this process has its requests answered in its own thread: botocore serialises, signs, parses and retries as
ever, and only the way through two HTTP servers is saved, which was most of what a request cost.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from aiohttp import web
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from infra.local.core.hosts import names_a_machine
from infra.local.core.management import is_loopback
from infra.local.core.shortcut import Raw
from infra.local.dynamodb.administration import AdministeredDatabase
from infra.local.dynamodb.values import DatabaseError

DYNAMODB_PATH = "/_dynamodb"
EVENT = "before-send.dynamodb"
TARGET = "X-Amz-Target"
API = "com.amazonaws.dynamodb.v20120810#"
HEADERS = {"Content-Type": "application/x-amz-json-1.0"}


class Answer(NamedTuple):
    """The answer of DynamoDB to one request."""

    status: HTTPStatus
    body: bytes


class DynamoDB:
    """One database; every request is one step, and nobody sees half of another one."""

    def __init__(self) -> None:
        self._database = AdministeredDatabase()
        self._lock = threading.Lock()

    def answer(self, target: str, body: bytes) -> Answer:
        """Do what a request asks, in this thread."""
        request = json.loads(body)
        try:
            with self._lock:
                answer = self._database.call(target.partition(".")[2], request)
        except DatabaseError as error:
            return Answer(HTTPStatus.BAD_REQUEST, _text(_refusal(error)))
        return Answer(HTTPStatus.OK, _text(answer))

    def lead(self, client: Any) -> None:
        """Answer the requests of a client of this process from now on."""
        client.meta.events.register(EVENT, self._answer_client)

    async def serve(self, request: web.BaseRequest) -> web.Response:
        """Answer a program of this machine, and no page of a browser: it would let every page read its answers.

        A page's request has an Origin, or a Host that was made to lead here; a program's names this machine.
        """
        is_page = "Origin" in request.headers or not names_a_machine(request.host)
        if is_page or not is_loopback(request):
            return web.Response(status=HTTPStatus.FORBIDDEN)
        if request.method != "POST" or TARGET not in request.headers:
            return web.Response(status=HTTPStatus.OK if request.method == "GET" else HTTPStatus.BAD_REQUEST)
        answer = self.answer(request.headers[TARGET], await request.read())
        return web.Response(status=answer.status, headers=HEADERS, body=answer.body)

    def _answer_client(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        target: Any = request.headers[TARGET]
        data: Any = request.body
        answer = self.answer(target if isinstance(target, str) else target.decode(), data)
        headers: Any = HEADERS  # any mapping will do
        return AWSResponse(request.url, int(answer.status), headers, Raw(answer.body))


def _refusal(error: DatabaseError) -> Mapping[str, Any]:
    """Return an error as DynamoDB words it: a transaction's has its reasons, a condition's the item if it was asked."""
    said: dict[str, Any] = {"__type": API + error.code, "message": error.message}
    if error.reasons is not None:
        said |= {"Message": error.message, "CancellationReasons": error.reasons}
    return said if error.item is None else {**said, "Item": error.item}


def _text(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, default=_binary).encode()


def _binary(value: bytes) -> str:
    return base64.b64encode(value).decode()
