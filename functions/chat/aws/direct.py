"""The calls that every frame makes, on the shortest way: of items in DynamoDB, and of posts to sockets.

pynamodb hands over the very JSON that DynamoDB reads, and the product reads the very JSON that DynamoDB answers. In
between botocore copied both by its models, resolved the address anew and prepared urllib3 anew: 0.35 ms of a processor
for each call. This module encodes a call, signs it, sends it by the standard library and decodes the answer. The
address, the keys and the timeouts come from botocore's client. The errors, the pauses between two attempts and the
event `before-send`, by which the local gateway or a test answers a request, are like botocore's. Any other call is
botocore's own.
"""

from __future__ import annotations

import base64
import json
import random
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
)
from botocore.exceptions import ConnectionError as SocketError
from botocore.hooks import first_non_none_response

from functions.chat.aws import signing
from functions.chat.aws.exchange import Limits, Origin, Reply, UnreachableError

TARGET = "DynamoDB_20120810."
JSON = "application/x-amz-json-1.0"
ANSWERED = "answered"  # an event of our own, with the answer of each call
PAUSE_SECONDS_MAX = 1.0  # before the second attempt, by chance
REFUSED = range(300, 600)
# Failures that may pass (AWS SDKs and Tools reference guide, "Retry behavior", standard mode).
TRANSIENT = frozenset({500, 502, 503, 504})
SLOW = frozenset(
    {
        *("Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "RequestThrottled"),
        *("TooManyRequestsException", "ProvisionedThroughputExceededException", "RequestLimitExceeded", "SlowDown"),
        *("TransactionInProgressException", "BandwidthLimitExceeded", "LimitExceededException"),
        *("PriorRequestNotComplete", "EC2ThrottledException", "RequestTimeout", "RequestTimeoutException"),
    }
)
_encode = json.JSONEncoder(separators=(",", ":"), default=lambda value: base64.b64encode(value).decode()).encode


class Way:
    """How the calls of one client reach its service."""

    def __init__(
        self,
        client: Any,
        keys: Any,
        attempts_max: int,
        trust: Callable[[], ssl.SSLContext],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        meta = client.meta
        self._events = meta.events
        self._service = meta.service_model.service_id.hyphenize()
        self._name, self._region, self._keys = meta.service_model.signing_name, meta.region_name, keys
        self._attempts_max, self._sleep = attempts_max, sleep
        self._agent = meta.config.user_agent
        self._url = meta.endpoint_url.rstrip("/")
        parts = urlsplit(self._url)
        self._host, self._path = parts.netloc, parts.path
        config = meta.config
        limits = Limits(config.connect_timeout, config.read_timeout, config.max_pool_connections)
        self._origin = Origin(self._url, limits, trust)

    def ask(self, operation: str, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the answer to a request, which is sent again after a pause where that may help; see ClientError."""
        for attempts_left in reversed(range(self._attempts_max)):
            try:
                reply = self._attempt(operation, method, path, headers, body)
            except (SocketError, HTTPClientError):
                if not attempts_left:
                    raise
            else:
                if reply.status not in REFUSED:
                    return reply
                error = _error_of(operation, reply)
                if not attempts_left or not _may_pass(reply.status, error):
                    raise error
            self._sleep(random.uniform(0, PAUSE_SECONDS_MAX))  # noqa: S311 - a pause is no secret
        raise AssertionError("there is at least one attempt")

    def note(self, operation: str, answer: Mapping[str, Any]) -> None:
        """Tell every listener the answer of a call."""
        self._events.emit(f"{ANSWERED}.{self._service}", operation=operation, answer=answer)

    def _attempt(self, operation: str, method: str, path: str, named: Mapping[str, str], body: bytes) -> Reply:
        signed: Any = {"User-Agent": self._agent, **named}
        request = AWSPreparedRequest(method, f"{self._url}{path}", signed, body, stream_output=False)
        keys = self._keys.get_frozen_credentials()
        signing.sign(request, self._name, self._region, keys, datetime.now(UTC))
        answers = self._events.emit(f"before-send.{self._service}.{operation}", request=request)
        answer: Any = first_non_none_response(answers)
        if answer is not None:  # the local gateway or a test answered in AWS's place
            return Reply(answer.status_code, answer.headers, answer.content)
        return self._send(method, f"{self._path}{path}", {"Host": self._host, **signed}, body)

    def _send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        try:
            return self._origin.exchange(method, target, headers, body)
        except UnreachableError as failed:
            raise EndpointConnectionError(endpoint_url=self._url, error=failed) from failed
        except TimeoutError as failed:
            raise ReadTimeoutError(endpoint_url=self._url, error=failed) from failed
        except (OSError, HTTPException) as failed:
            raise ConnectionClosedError(endpoint_url=self._url, error=failed) from failed


class _Shortened:
    """A client of botocore's, some of whose calls go the short way."""

    def __init__(self, client: Any, way: Way) -> None:
        self.meta = client.meta
        self._client, self._way = client, way

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


class DynamoDB(_Shortened):
    """The client that pynamodb makes its calls with."""

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        if operation == "TransactWriteItems":  # a transaction that arrives twice is done once
            request = {"ClientRequestToken": str(uuid4()), **request}
        headers = {"Content-Type": JSON, "X-Amz-Target": TARGET + operation}
        reply = self._way.ask(operation, "POST", "/", headers, _encode(request).encode())
        answer: dict[str, Any] = json.loads(reply.body)
        self._way.note(operation, answer)
        return answer


class Management(_Shortened):
    """The @connections API."""

    def post_to_connection(self, ConnectionId: str, Data: bytes) -> None:  # noqa: N803 - botocore's names
        """Send bytes to a socket."""
        headers = {"Content-Type": "application/octet-stream"}
        self._way.ask("PostToConnection", "POST", _path_of(ConnectionId), headers, Data)

    def delete_connection(self, ConnectionId: str) -> None:  # noqa: N803
        self._way.ask("DeleteConnection", "DELETE", _path_of(ConnectionId), {}, b"")


def _path_of(connection_id: str) -> str:
    return f"/@connections/{quote(connection_id, safe='')}"


def _may_pass(status: int, error: ClientError) -> bool:
    return status in TRANSIENT or error.response["Error"]["Code"] in SLOW


def _error_of(operation: str, reply: Reply) -> ClientError:
    """Return the error as botocore raises it: a header or the body names it, and the body may say more."""
    try:
        said = json.loads(reply.body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        said = {}
    headers = {name.lower(): value for name, value in reply.headers.items()}
    kind = headers.get("x-amzn-errortype") or said.get("__type") or said.get("code") or str(reply.status)
    code = str(kind).partition(":")[0].rpartition("#")[2]
    response: Any = {
        "Error": {"Code": code, "Message": said.get("message") or said.get("Message") or ""},
        "ResponseMetadata": {"HTTPStatusCode": reply.status, "HTTPHeaders": headers},
        **{name: said[name] for name in ("CancellationReasons", "Item") if name in said},
    }
    return ClientError(response, operation)
