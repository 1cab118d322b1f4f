"""API Gateway's two limits for clients: 32 KB for a frame, 128 KB for a message of several frames.

aiohttp hands over whole messages and can limit only those. So a meter reads the frame headers (RFC 6455, section 5.2)
of the same bytes before aiohttp's own reader does, and stops them at the first frame that is too large.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp.http_websocket import WebSocketReader
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_server import Server

MASK_BYTES = 4
CONTINUATION_OPCODE = 0x0
FIRST_CONTROL_OPCODE = 0x8
CLOSE_OPCODE = 0x8


class FrameMeter:
    """Follows the frames in a stream of bytes, wherever the reads cut it. Does no I/O."""

    def __init__(self, frame_bytes_max: int, message_bytes_max: int) -> None:
        self._frame_bytes_max = frame_bytes_max
        self._message_bytes_max = message_bytes_max
        self._header = b""  # the beginning of a header whose rest has not arrived
        self._skip_bytes = 0  # what is left of the current frame's payload
        self._message_bytes = 0  # the frames so far of a message that is not complete
        self.exceeded = False
        self.closed = False

    def feed(self, data: bytes) -> None:
        """Read on; `exceeded` and `closed` tell what has been seen: a limit passed, a close frame."""
        if self._skip_bytes >= len(data):
            self._skip_bytes -= len(data)
            return
        data = self._header + data[self._skip_bytes :]
        self._skip_bytes = 0
        position = 0
        while (length := _header_bytes(data, position)) <= len(data) - position:
            payload_bytes = self._read_header(data, position)
            position += length + payload_bytes
            if position > len(data):
                self._skip_bytes = position - len(data)
                self._header = b""
                return
        self._header = data[position:]

    def _read_header(self, data: bytes, position: int) -> int:
        opcode = data[position] & 0x0F
        final = data[position] & 0x80
        payload_bytes = data[position + 1] & 0x7F
        if payload_bytes == 126:
            payload_bytes = int.from_bytes(data[position + 2 : position + 4], "big")
        elif payload_bytes == 127:
            payload_bytes = int.from_bytes(data[position + 2 : position + 10], "big")
        if opcode >= FIRST_CONTROL_OPCODE:
            self.closed = self.closed or opcode == CLOSE_OPCODE
            return payload_bytes
        self._message_bytes = payload_bytes + (self._message_bytes if opcode == CONTINUATION_OPCODE else 0)
        if payload_bytes > self._frame_bytes_max or self._message_bytes > self._message_bytes_max:
            self.exceeded = True
        if final:
            self._message_bytes = 0
        return payload_bytes


def _header_bytes(data: bytes, position: int) -> int:
    """Return how long the header at `position` is, as far as its first two bytes are there."""
    if len(data) - position < 2:
        return 2
    length_code = data[position + 1] & 0x7F
    extended_bytes = {126: 2, 127: 8}.get(length_code, 0)
    return 2 + extended_bytes + (MASK_BYTES if data[position + 1] & 0x80 else 0)


class MeteredReader:
    """Stands before aiohttp's reader: passes bytes on until a limit is exceeded, then only waits for the close."""

    def __init__(self, reader: WebSocketReader, meter: FrameMeter, on_exceeded: Callable[[], None]) -> None:
        self._reader = reader
        self._meter = meter
        self._on_exceeded = on_exceeded

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        discarding = self._meter.exceeded
        self._meter.feed(data)
        if not self._meter.exceeded:
            return self._reader.feed_data(data)
        if not discarding:
            self._on_exceeded()
        # The rest of a large frame is read and dropped: closing a TCP connection with bytes unread resets it, and the
        # client would never see the close code. aiohttp waits for the client's close frame, or for the end.
        if self._meter.closed:
            self._reader.feed_eof()
        return False, b""

    def feed_eof(self) -> None:
        self._reader.feed_eof()


class MeteredProtocol(RequestHandler):
    """aiohttp's protocol of one TCP connection, with a meter before its WebSocket reader."""

    __slots__ = ("_frame_bytes_max", "_message_bytes_max", "_meter", "_on_exceeded")

    def __init__(self, manager: Server, *, frame_bytes_max: int, message_bytes_max: int, **options: Any) -> None:
        super().__init__(manager, **options)
        self._frame_bytes_max = frame_bytes_max
        self._message_bytes_max = message_bytes_max
        self._meter: FrameMeter | None = None
        self._on_exceeded: Callable[[], None] | None = None

    def notify(self, on_exceeded: Callable[[], None]) -> None:
        """Call `on_exceeded` when a limit is exceeded; at once if that happened with the upgrade."""
        self._on_exceeded = on_exceeded
        if self._meter is not None and self._meter.exceeded:
            on_exceeded()

    def set_parser(self, parser: Any, data_received_cb: Callable[[], None] | None = None) -> None:
        """Take aiohttp's reader at the upgrade (WebSocketResponse.prepare calls this) and stand before it."""
        self._meter = FrameMeter(self._frame_bytes_max, self._message_bytes_max)
        reader: Any = MeteredReader(parser, self._meter, self._exceed)
        super().set_parser(reader, data_received_cb)

    def _exceed(self) -> None:
        if self._on_exceeded is not None:
            self._on_exceeded()
