"""The events that API Gateway hands to a Lambda of a WebSocket API, field by field. Pure but for the random ids.

Shapes: docs.aws.amazon.com, "Set up a WebSocket API integration request"; the fixtures in tests/events hold one
recorded shape of each, and the tests compare the sets of fields.
"""

from __future__ import annotations

import base64
import os
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Event = dict[str, Any]

API_ID = "local"
ID_BYTES = 11  # API Gateway's ids are 15 characters of base64 and one "="
HOP_HEADERS = frozenset({"connection", "upgrade"})  # API Gateway keeps these to itself

# The event of a close without a reason of the client's own (recorded: 1005).
DISCONNECT_REASONS: Mapping[int, str] = {
    1001: "Going away",
    1005: "Client-side close frame status not set",
    1006: "Connection closed abnormally",
    1012: "Service restart",
}
STATUS_NOT_SET = 1005


@dataclass(frozen=True, slots=True)
class Client:
    """The client at the other end, as its upgrade request told it."""

    host: str
    source_ip: str
    headers: Sequence[tuple[str, str]]
    query: Sequence[tuple[str, str]]
    connection_id: str
    stage: str
    connected_at: int

    @property
    def user_agent(self) -> str | None:
        return next((value for name, value in self.headers if name.lower() == "user-agent"), None)


def connect_event(client: Client, port: int) -> Event:
    """Return the event of `$connect`: the only one that carries the upgrade request's headers and query string."""
    headers = [(name, value) for name, value in client.headers if name.lower() not in HOP_HEADERS]
    forwarded = [value for name, value in headers if name.lower() == "x-forwarded-for"]
    headers = [(name, value) for name, value in headers if not name.lower().startswith("x-forwarded-")]
    headers += [
        # The right-most address is the one that the gateway saw; the rest is the client's word.
        ("X-Forwarded-For", ", ".join([*forwarded, client.source_ip])),
        ("X-Forwarded-Port", str(port)),
        ("X-Forwarded-Proto", "http"),
        ("X-Amzn-Trace-Id", f"Root=1-{client.connected_at // 1000:x}-{secrets.token_hex(12)}"),
    ]
    event = _headers(headers)
    if client.query:
        event["queryStringParameters"] = dict(client.query)
        event["multiValueQueryStringParameters"] = _grouped(client.query)
    event["requestContext"] = _context(client, "$connect", "CONNECT")
    event["isBase64Encoded"] = False
    return event


def message_event(client: Client, route_key: str, body: str) -> Event:
    context = _context(client, route_key, "MESSAGE")
    context["messageId"] = new_id()
    return {"requestContext": context, "body": body, "isBase64Encoded": False}


def disconnect_event(client: Client, code: int, reason: str) -> Event:
    """Return the event of a closed connection; its headers are API Gateway's own, empty ones."""
    event = _headers([("Host", client.host), ("x-api-key", ""), ("X-Forwarded-For", ""), ("x-restapi", "")])
    context = _context(client, "$disconnect", "DISCONNECT")
    context["disconnectStatusCode"] = code
    context["disconnectReason"] = reason or DISCONNECT_REASONS.get(code, "")
    event["requestContext"] = context
    event["isBase64Encoded"] = False
    return event


def new_id() -> str:
    """Return an id as API Gateway makes them: base64 with a trailing "=", which has to be encoded in an address."""
    return base64.urlsafe_b64encode(os.urandom(ID_BYTES)).decode("ascii")


def now_milliseconds() -> int:
    return time.time_ns() // 1_000_000


def _context(client: Client, route_key: str, event_type: str) -> Event:
    now = now_milliseconds()
    request_id = new_id()
    identity = {"sourceIp": client.source_ip}
    user_agent = client.user_agent
    if user_agent is not None:
        identity["userAgent"] = user_agent
    return {
        "routeKey": route_key,
        "eventType": event_type,
        "extendedRequestId": request_id,
        "requestTime": _time(now // 1000),
        "messageDirection": "IN",
        "stage": client.stage,
        "connectedAt": client.connected_at,
        "requestTimeEpoch": now,
        "identity": identity,
        "requestId": request_id,
        "domainName": client.host,
        "connectionId": client.connection_id,
        "apiId": API_ID,
    }


@lru_cache(maxsize=1)
def _time(seconds: int) -> str:
    return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(seconds))


def _headers(headers: Sequence[tuple[str, str]]) -> Event:
    return {"headers": dict(headers), "multiValueHeaders": _grouped(headers)}


def _grouped(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped
