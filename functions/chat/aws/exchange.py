"""Connections to one address of AWS that are kept, and the standard library's HTTP over them.

A request to DynamoDB or to a socket is a small text, and so is its answer. urllib3, which botocore has in between,
takes twice as long for the same.
"""

from __future__ import annotations

import select
import ssl
from collections import deque
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPSConnection, IncompleteRead
from typing import NamedTuple
from urllib.parse import urlsplit


class UnreachableError(OSError):
    """There is no connection."""


class Reply(NamedTuple):
    status: int
    headers: Mapping[str, str] | HTTPMessage
    body: bytes


class Limits(NamedTuple):
    """How long to wait for a connection and for an answer, and how many connections to keep."""

    connect_seconds: float
    read_seconds: float
    kept_max: int


class Origin:
    """One address of a service, and the connections to it that are kept. Threads may share it."""

    def __init__(self, url: str, limits: Limits, trust: Callable[[], ssl.SSLContext]) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._limits = parts.hostname or "", parts.port, limits
        self._trust = trust if parts.scheme == "https" else None
        self._context: ssl.SSLContext | None = None
        self._kept: deque[HTTPConnection] = deque()

    def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Send a request and return its answer.

        Raises UnreachableError when nothing was sent; OSError or HTTPException when the request may have been done or
        not.
        """
        connection = self._take() or self._open()
        try:
            connection.request(method, target, body, headers)
            found = connection.getresponse()
            if found.length is None and not found.chunked:  # its end is the connection's end, so half may be missing
                raise IncompleteRead(b"")
            reply = Reply(found.status, found.headers, found.read())
        except (OSError, HTTPException):
            connection.close()
            raise
        if not found.will_close and len(self._kept) < self._limits.kept_max:
            self._kept.append(connection)
        else:
            connection.close()
        return reply

    def _take(self) -> HTTPConnection | None:
        """Return the connection that was used last, if the other side has not closed it since."""
        while True:
            try:
                connection = self._kept.pop()
            except IndexError:
                return None
            if not _is_closed(connection):
                return connection
            connection.close()

    def _open(self) -> HTTPConnection:
        connection = self._connection()
        try:
            connection.connect()
            connection.sock.settimeout(self._limits.read_seconds)
        except OSError as failed:
            connection.close()
            raise UnreachableError(str(failed)) from failed
        return connection

    def _connection(self) -> HTTPConnection:
        seconds = self._limits.connect_seconds
        if self._trust is None:
            return HTTPConnection(self._host, self._port, timeout=seconds)
        self._context = self._context or self._trust()
        return HTTPSConnection(self._host, self._port, timeout=seconds, context=self._context)


def _is_closed(connection: HTTPConnection) -> bool:
    """Tell whether a kept connection has something to read before a request: its end, or unexpected bytes."""
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return bool(poll.poll(0))
