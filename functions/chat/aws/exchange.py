"""HTTP/1.1 as a client of AWS's JSON services needs it: one request, one answer, over connections that are kept.

A request to DynamoDB or to a socket is a small text, and so is its answer. urllib3 and the standard library's client
around it were 0.15 ms of a processor each time, as much as all the rest of a call.
"""

from __future__ import annotations

import select
import socket
import ssl
from collections import deque
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

LINE_BYTES_MAX = 65_536
HEADERS_MAX = 100
BUFFER_BYTES = 16_384  # a page of twenty tickets
PORTS = {"http": 80, "https": 443}
OLD, CURRENT = "HTTP/1.0", "HTTP/1.1"
NO_BODY = frozenset({204, 304})
CONTINUES = range(100, 200)


class UnreachableError(OSError):
    """There is no connection."""


class BadAnswerError(OSError):
    """What came is no HTTP/1.1."""


class Reply(NamedTuple):
    """An answer; the names of its headers are in small letters."""

    status: int
    headers: dict[str, str]
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
        self._host, self._port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        self._limits = limits
        self._trust = trust if parts.scheme == "https" else None
        self._context: ssl.SSLContext | None = None
        self._kept: deque[_Connection] = deque()

    def exchange(self, request: bytes) -> Reply:
        """Send a whole request and return its answer. Raises OSError: what became of the request is not known then."""
        connection = self._take() or self._open()
        try:
            reply, lasts = connection.exchange(request)
        except BaseException:
            connection.close()
            raise
        if lasts and len(self._kept) < self._limits.kept_max:
            self._kept.append(connection)
        else:
            connection.close()
        return reply

    def _take(self) -> _Connection | None:
        """Return the connection that was used last, if the other side has not closed it since."""
        while True:
            try:
                connection = self._kept.pop()
            except IndexError:
                return None
            if not connection.is_closed():
                return connection
            connection.close()

    def _open(self) -> _Connection:
        try:
            opened = socket.create_connection((self._host, self._port), self._limits.connect_seconds)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            return _Connection(self._secured(opened), self._limits.read_seconds)
        except OSError as failed:
            raise UnreachableError(str(failed)) from failed

    def _secured(self, opened: socket.socket) -> socket.socket:
        if self._trust is None:
            return opened
        self._context = self._context or self._trust()
        try:
            return self._context.wrap_socket(opened, server_hostname=self._host)
        except OSError:
            opened.close()
            raise


class _Connection:
    def __init__(self, opened: socket.socket, read_seconds: float) -> None:
        opened.settimeout(read_seconds)
        self._socket = opened
        self._reader = opened.makefile("rb", BUFFER_BYTES)
        self._poll = select.poll()
        self._poll.register(opened, select.POLLIN)

    def is_closed(self) -> bool:
        """Tell whether there is something to read before anything was asked: the end, or what nobody waits for."""
        return bool(self._poll.poll(0))

    def close(self) -> None:
        self._reader.close()
        self._socket.close()

    def exchange(self, request: bytes) -> tuple[Reply, bool]:
        """Return the answer to a request, and whether the connection lasts."""
        self._socket.sendall(request)
        version, status, headers = self._head()
        while status in CONTINUES:
            version, status, headers = self._head()
        lasts = version == CURRENT and headers.get("connection", "").lower() != "close"
        if status in NO_BODY:
            return Reply(status, headers, b""), lasts
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return Reply(status, headers, b"".join(iter(self._chunk, b""))), lasts
        if "content-length" not in headers:
            return Reply(status, headers, self._reader.read()), False
        return Reply(status, headers, self._read(_number(headers["content-length"], 10))), lasts

    def _head(self) -> tuple[str, int, dict[str, str]]:
        version, _, rest = self._line().partition(" ")
        if version not in (OLD, CURRENT):
            raise BadAnswerError(version)
        headers: dict[str, str] = {}
        for _ in range(HEADERS_MAX):
            line = self._line()
            if not line:
                return version, _number(rest[:3], 10), headers
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        raise BadAnswerError("there is no end of headers")

    def _chunk(self) -> bytes:
        """Return the next part of a body, which is empty at its end."""
        size = _number(self._line().partition(";")[0], 16)
        part = self._read(size)
        while self._line() and not size:
            pass  # headers behind the last part
        return part

    def _line(self) -> str:
        line = self._reader.readline(LINE_BYTES_MAX)
        if not line.endswith(b"\n"):
            raise ConnectionResetError("closed within an answer, or before it")
        return line.rstrip(b"\r\n").decode("latin-1")

    def _read(self, size: int) -> bytes:
        body: bytes = self._reader.read(size)
        if len(body) < size:
            raise ConnectionResetError("closed within an answer")
        return body


def _number(text: str, base: int) -> int:
    try:
        return int(text, base)
    except ValueError as wrong:
        raise BadAnswerError(f"no number: {text}") from wrong
