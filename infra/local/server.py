"""One port for everything: the page, the sockets, the management API and the gateway's own figures."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from functions.routes import Handler
from infra.local.core.bucket import Bucket
from infra.local.core.counters import Counters
from infra.local.core.delay_queue import QUEUE_PATH, DelayQueue
from infra.local.core.faults import Dice
from infra.local.core.frames import MeteredProtocol
from infra.local.core.gateway import Gateway
from infra.local.core.hosts import names_a_machine
from infra.local.core.invocation import FailureReport, Invoker
from infra.local.core.management import Management
from infra.local.core.settings import Settings
from infra.local.core.shortcut import Shortcut
from infra.local.core.site import SOCKET_PATH, Site
from infra.local.dynamodb.service import DYNAMODB_PATH, DynamoDB
from infra.local.figures.figures import Figures

BACKLOG = 1024  # a thousand clients may knock at once
REQUEST_SECONDS_MAX = 0.5  # what an unfinished request gets when the server stops


def listen(host: str, port: int) -> socket.socket:
    """Take the port, or raise OSError; 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


class Server(web.Server):
    """aiohttp's low-level server: requests for the gateway's own paths, everything else is the page's."""

    def __init__(
        self,
        settings: Settings,
        handlers: Mapping[str, Handler],
        report: FailureReport,
        counters: Counters,
        figures: Figures | None = None,
        table: DynamoDB | None = None,
    ) -> None:
        super().__init__(self._answer, access_log=None)
        self.counters = counters
        self._figures = figures or Figures()
        self._settings = settings
        self._limits = {"frame_bytes_max": settings.frame_bytes_max, "message_bytes_max": settings.message_bytes_max}
        dice = Dice(settings.faults)
        self._invoker = Invoker(handlers, settings, counters, dice, report)
        self._gateway = Gateway(settings, self._invoker, counters, dice)
        self._management = Management(self._gateway, settings, counters, dice)
        self._queue = DelayQueue(self._invoker)
        self._bucket = Bucket()
        self._table = table
        self._site = Site(settings.site, self._bucket.objects, settings.dress)
        self._listening: asyncio.Server | None = None

    def __call__(self) -> MeteredProtocol:
        """Make the protocol of one TCP connection; the event loop calls this."""
        return MeteredProtocol(self, loop=self._loop, **self._limits, **self._kwargs)

    async def start(self, listener: socket.socket) -> None:
        """Accept connections on a socket that listens already."""
        self._listening = await asyncio.get_running_loop().create_server(self, sock=listener, backlog=BACKLOG)

    def shorten(self, client: Any) -> None:
        """Answer the requests of a management client of this process without HTTP."""
        Shortcut(self._management).lead(client)

    async def stop(self) -> None:
        """Accept nothing more, close the sockets, let the last handlers end, and drop what remains."""
        assert self._listening is not None, "only a started server is stopped"
        await self._gateway.stop()  # its handlers still need the management API and the queue
        self._listening.close()
        self._queue.stop()
        self._invoker.stop()
        self.pre_shutdown()
        await self.shutdown(REQUEST_SECONDS_MAX)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.rel_url.raw_path == SOCKET_PATH:
            return await self._gateway.serve(request)
        # A page of another name may see the site, as everybody may, and nothing that is for this machine alone.
        own = await self._answer_own(request) if names_a_machine(request.host) else None
        return self._site.answer(request) if own is None else own

    async def _answer_own(self, request: web.BaseRequest) -> web.StreamResponse | None:
        """Answer the requests of handlers and of the developer; None for a request to the site."""
        path = request.rel_url.raw_path
        connection_id = self._management.connection_id(path)
        if connection_id is not None:
            return await self._management.serve(request, connection_id)
        if path.rstrip("/") == QUEUE_PATH:
            return await self._queue.answer(request)
        if path.rstrip("/") == DYNAMODB_PATH and self._table is not None:
            return await self._table.serve(request)
        if self._bucket.holds(path):
            return await self._bucket.answer(request)
        if self._figures.holds(path):
            return self._figures.answer(request, self.counters, self._gateway.connections)
        return None
