"""The answers that API Gateway gives by itself: why an upgrade is refused, and that an invocation failed. Pure."""

from __future__ import annotations

import json
from http import HTTPStatus

from aiohttp import web

from infra.local.core.events import Client, new_id
from infra.local.core.invocation import Answer, Failure

TOO_MANY_REQUESTS = "Too Many Requests"

# The statuses that clients get when the handler of $connect raises or hangs.
CONNECT_FAILURES = {Failure.ERROR: HTTPStatus.BAD_GATEWAY, Failure.TIMEOUT: HTTPStatus.GATEWAY_TIMEOUT}
PHRASES = {status.value: status.phrase for status in HTTPStatus}
SUBPROTOCOL = "sec-websocket-protocol"


def connect_status(answer: Answer | Failure) -> int:
    """Return the status of the upgrade request; only 2xx opens the socket."""
    if isinstance(answer, Failure):
        return CONNECT_FAILURES[answer]
    status = answer.get("statusCode") if isinstance(answer, dict) else None
    return status if isinstance(status, int) else HTTPStatus.BAD_GATEWAY


def subprotocols(answer: Answer) -> tuple[str, ...]:
    """Return the subprotocol that `$connect` agreed to: API Gateway names none that the handler does not."""
    headers = answer.get("headers") or {}
    return tuple(str(value) for name, value in headers.items() if name.lower() == SUBPROTOCOL)


def refusal(status: int, client: Client) -> web.Response:
    """Return the answer to an upgrade request that is refused."""
    return web.json_response(_body(PHRASES.get(status, "Refused"), client, new_id()), status=status)


def error_frame(message: str, client: Client, request_id: str) -> bytes:
    """Return the frame that a client gets instead of a handler's answer."""
    return json.dumps(_body(message, client, request_id)).encode()


def _body(message: str, client: Client, request_id: str) -> dict[str, str]:
    return {"message": message, "connectionId": client.connection_id, "requestId": request_id}
