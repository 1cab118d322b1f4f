"""The @connections API: it sends an event to one socket, and tells whether the socket took it.

API Gateway answers 410 for a closed socket; that is a result here and no exception. Success is not delivery: a
half-open socket accepts posts until the platform notices, so clients acknowledge lines.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as SocketError

from functions.chat.protocol import events
from functions.chat.protocol.events import Event
from functions.chat.runtime import telemetry

GONE = "GoneException"
SLOW = frozenset({"LimitExceededException", "ThrottlingException", "TooManyRequestsException"})


class Delivery(Enum):
    """The result of a call."""

    ACCEPTED = "accepted"
    GONE = "the socket is closed"
    BUSY = "the client reads too slowly, or the platform throttles or fails; the event may have arrived"


class Connections:
    """Posts to sockets by connection id."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def post(self, connection_id: str, event: Event) -> Delivery:
        """Send one event; retries, timeouts and their limits are the client's (clients.py)."""
        data = events.encode(event)
        return _deliver(lambda: self._client.post_to_connection(ConnectionId=connection_id, Data=data))

    def close(self, connection_id: str) -> Delivery:
        """Close a socket, if it is still there."""
        return _deliver(lambda: self._client.delete_connection(ConnectionId=connection_id))

    def last_used(self, connection_id: str) -> float | None:
        """Return when a socket was used last, in epoch seconds; None when it is closed, infinity where nobody knows."""
        found: dict[str, Any] = {}
        if _deliver(lambda: found.update(self._client.get_connection(ConnectionId=connection_id))) is Delivery.GONE:
            return None
        return float(found["LastActiveAt"].timestamp()) if "LastActiveAt" in found else float("inf")


def _deliver(call: Callable[[], object]) -> Delivery:
    try:
        call()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == GONE:
            telemetry.count("Gone")
            return Delivery.GONE
        if code in SLOW or error.response["ResponseMetadata"]["HTTPStatusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
            telemetry.count("PostsRefused")
            return Delivery.BUSY
        raise
    except (SocketError, HTTPClientError):
        # A call may hang (github.com/aws/aws-sdk-js-v3/issues/7632): no other person may wait for it.
        return Delivery.BUSY
    return Delivery.ACCEPTED
