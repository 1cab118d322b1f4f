"""A hostile peer: a client that is no page, keeps no rule of the page's, and sends any frame that a test wants."""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from collections.abc import Iterable
from typing import Any

import aiohttp

SECONDS_MAX = 20.0


class HostilePeer:
    """A socket of its own thread, since the browser's interface keeps this thread's event loop to itself."""

    def __init__(self, url: str) -> None:
        self._heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self._ready = threading.Event()
        self._url = url
        self.close_code: int | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._ready.wait(SECONDS_MAX), "the hostile peer does not connect"

    def send(self, action: str, **fields: Any) -> None:
        """Send a frame of the contract's form."""
        self.send_text(json.dumps({"action": action, **fields}))

    def send_text(self, *texts: str) -> None:
        """Send anything, all at once."""
        self._loop.call_soon_threadsafe(self._wanted.put_nowait, texts)

    def hear(self, kind: str) -> dict[str, Any]:
        """Return the next event of a type."""
        while (event := self._heard.get(timeout=SECONDS_MAX)).get("type") != kind:
            pass
        return event

    def join(self, interest: str, mode: str = "text", *more: str) -> str:
        """Look for a stranger with this interest and return the room."""
        self.send("join", mode=mode, interests=[interest, *more])
        self.room = str(self.hear("paired")["room"])
        return self.room

    def close(self) -> None:
        """Be gone."""
        self._loop.call_soon_threadsafe(self._wanted.put_nowait, None)
        self._thread.join(SECONDS_MAX)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._wanted: asyncio.Queue[Iterable[str] | None] = asyncio.Queue()
        async with aiohttp.ClientSession() as http, http.ws_connect(self._url, max_msg_size=0) as socket:
            reading = asyncio.create_task(self._read(socket))
            self._ready.set()
            while (texts := await self._wanted.get()) is not None:
                await self._send(socket, texts)
            await socket.close()
            await reading

    async def _send(self, socket: aiohttp.ClientWebSocketResponse, texts: Iterable[str]) -> None:
        for text in texts:
            if socket.closed:
                return
            await socket.send_str(text)

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            self._heard.put(json.loads(frame.data))
        self.close_code = socket.close_code
