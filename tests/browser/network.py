"""The network between one person and the gateway: a TCP proxy that a test can cut, freeze and thaw."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time

from tests.gateway import HOST, free_port

PIECE_BYTES = 65_536
SECONDS_MAX = 10.0


class Network:
    """One person's way to the gateway, on a port of its own; new connections go through, unless it is frozen."""

    def __init__(self, to_port: int) -> None:
        self.port = free_port()
        self.connections = 0
        self._to_port = to_port
        self._cut_at = 0.0
        self._ends: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._flowing = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        assert self._ready.wait(SECONDS_MAX), "the network did not start"

    @property
    def url(self) -> str:
        """Where the page is, through this network."""
        return f"http://{HOST}:{self.port}"

    @property
    def websocket_url(self) -> str:
        """Where the WebSocket is, through this network."""
        return f"ws://{HOST}:{self.port}/ws"

    @property
    def is_up(self) -> bool:
        """Whether there is a connection that could be cut."""
        return bool(self._ends)

    @property
    def seconds_since_cut(self) -> float:
        """How long nothing was cut."""
        return time.monotonic() - self._cut_at

    def cut(self) -> None:
        """Reset every connection, as a network does that is gone."""
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result(SECONDS_MAX)

    def freeze(self) -> None:
        """Let nothing pass, either way, and tell nobody: not even that a connection is closed."""
        self._loop.call_soon_threadsafe(self._flowing.clear)

    def thaw(self) -> None:
        """Let pass what was held, as a network does whose ends have sent it again and again meanwhile."""
        self._loop.call_soon_threadsafe(self._flowing.set)

    def close(self) -> None:
        """Be gone, with every connection."""
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS_MAX)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._flowing.set()
        self._loop.run_until_complete(asyncio.start_server(self._accept, HOST, self.port))
        self._ready.set()
        self._loop.run_forever()

    async def _cut(self) -> None:
        self._cut_at = time.monotonic()
        for end in list(self._ends):
            end.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._flowing.wait()
        self.connections += 1
        try:
            there_reader, there_writer = await asyncio.open_connection(HOST, self._to_port)
        except OSError:
            writer.transport.abort()  # nobody is there
            return
        await asyncio.gather(self._pass_on(reader, there_writer), self._pass_on(there_reader, writer))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        with contextlib.suppress(OSError):
            while piece := await reader.read(PIECE_BYTES):
                await self._flowing.wait()
                writer.write(piece)
                await writer.drain()
        await self._flowing.wait()
        writer.close()
        self._ends.discard(writer)
