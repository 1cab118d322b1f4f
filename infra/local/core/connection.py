"""One client's WebSocket: whether it is open, when it was last used, how it is written to and closed."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from aiohttp import web
from aiohttp.client_exceptions import ClientConnectionResetError

from infra.local.core.counters import Counters
from infra.local.core.events import Client
from infra.local.core.settings import Settings

GOING_AWAY = 1001
SERVICE_RESTART = 1012  # the registry of RFC 6455: the client may come back
UNSUPPORTED_DATA = 1003
ABNORMAL = 1006
TOO_BIG = 1009
CLOSE_CODE = struct.Struct("!H")  # RFC 6455, section 5.5.1


class Connection:
    """A connection exists from the upgrade request on, and is open from the accepted upgrade to its close."""

    def __init__(self, client: Client, settings: Settings, counters: Counters) -> None:
        self.client = client
        self._last_active = 0.0
        self._settings = settings
        self._counters = counters
        self._opened_at = 0.0
        self._socket: web.WebSocketResponse | None = None
        self._transport: asyncio.Transport | None = None
        self._clock: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None
        self.close_code: int | None = None  # what the gateway closed with; None while it did not

    @property
    def is_open(self) -> bool:
        return self._socket is not None and self.close_code is None and not self._socket.closed

    @property
    def unread_bytes(self) -> int:
        """The bytes that the client has not taken yet, beyond those that the kernel holds for it."""
        return self._transport.get_write_buffer_size() if self._transport is not None else 0

    @property
    def idle_seconds(self) -> float:
        return asyncio.get_running_loop().time() - self._last_active

    @property
    def open_seconds(self) -> float:
        """How long it has been open; 0 inside its upgrade."""
        return asyncio.get_running_loop().time() - self._opened_at if self._opened_at else 0.0

    def open(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self._socket = socket
        self._transport = transport
        self._opened_at = self._last_active = asyncio.get_running_loop().time()
        self._wind()

    def touch(self) -> None:
        """Note that data passed, which sets the idle clock back."""
        self._last_active = asyncio.get_running_loop().time()

    def send(self, data: bytes) -> bool:
        """Hand a text frame to the socket; return whether the connection was still open."""
        if self._socket is None or not self.is_open:
            return False
        try:
            _finish(self._socket.send_frame(data, web.WSMsgType.TEXT))
        except ClientConnectionResetError:
            return False
        self._counters.frames_sent += 1
        self.touch()
        return True

    def close(self, code: int) -> None:
        """Send a close frame; nothing is sent or accepted from now on, and a client that does not answer is cut off."""
        if self._socket is None or self._transport is None or not self.is_open:
            return
        self.close_code = code
        self._stop_clock()
        # Not aiohttp's close(): while another task receives, it ends the TCP connection at once. A client that is
        # still sending is then reset, and never reads the code.
        self._closing = asyncio.create_task(self._send_close(self._socket, code))
        loop = asyncio.get_running_loop()
        self._clock = loop.call_later(self._settings.close_seconds_max, self._transport.abort)

    async def end(self) -> None:
        """End the TCP connection, after the close frames, and stop the clock."""
        self._stop_clock()
        if self._closing is not None:
            await asyncio.wait({self._closing})
        if self._transport is not None:
            self._transport.close()

    async def _send_close(self, socket: web.WebSocketResponse, code: int) -> None:
        with suppress(ClientConnectionResetError):  # the client was faster
            await socket.send_frame(CLOSE_CODE.pack(code), web.WSMsgType.CLOSE)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()

    def _wind(self) -> None:
        # One timer that looks again when it rings costs less than one that every frame sets back.
        deadline = min(
            self._last_active + self._settings.idle_seconds_max, self._opened_at + self._settings.connection_seconds_max
        )
        loop = asyncio.get_running_loop()
        if deadline <= loop.time():
            self.close(GOING_AWAY)
        else:
            self._clock = loop.call_at(deadline, self._wind)


def _finish(sending: Coroutine[Any, Any, None]) -> None:
    """Run a send that waits for nothing here and now: of an uncompressed frame, with no limit on unread bytes."""
    try:
        sending.send(None)
    except StopIteration:
        return
    raise AssertionError("aiohttp hands a frame to the transport without waiting")
