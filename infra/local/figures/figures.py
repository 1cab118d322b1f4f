"""The gateway's live figures: JSON at `/_local.json`, and a page of them at `/_local`. Only for this machine."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from infra import prices
from infra.local.core.counters import Counters
from infra.local.core.management import is_loopback
from infra.local.figures.happenings import Happenings
from infra.local.figures.ledger import Ledger
from infra.local.figures.logs import LogSink

JSON_PATH = "/_local.json"
PAGE_PATHS = {
    "/_local": ("index.html", "text/html"),
    "/_local/watch.js": ("watch.js", "text/javascript"),
    "/_local/watch.css": ("watch.css", "text/css"),
}
FOLDER = Path(__file__).parent / "watch"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'",
    "X-Content-Type-Options": "nosniff",
}
ERRORS_SHOWN_MAX = 10


class Aged(Protocol):
    """A connection, as far as its minutes are paid for."""

    @property
    def open_seconds(self) -> float:
        """How long it has been open."""


class Figures:
    """Everything that is known of this run."""

    def __init__(self, log: LogSink | None = None) -> None:
        self.log = log or LogSink()
        self.happenings = Happenings()
        self.ledger = Ledger()
        self.log.on_line = self.happenings.take_line
        self.log.on_metrics = self.happenings.take_metrics
        self._began = time.monotonic()

    def holds(self, path: str) -> bool:
        """Tell whether a request is about the figures."""
        return path == JSON_PATH or path.rstrip("/") in PAGE_PATHS

    def answer(self, request: web.BaseRequest, counters: Counters, connections: Mapping[str, Aged]) -> web.Response:
        """Serve the figures, the page, or one of its files."""
        if not is_loopback(request):
            return web.Response(status=HTTPStatus.FORBIDDEN, text="Only for this machine.\n")
        path = request.rel_url.raw_path
        if path == JSON_PATH:
            seconds = sum(each.open_seconds for each in connections.values()) + counters.closed_connection_seconds
            return web.json_response(self.snapshot(counters, seconds), headers={"Cache-Control": "no-store"})
        name, content_type = PAGE_PATHS[path.rstrip("/")]
        return web.Response(
            body=(FOLDER / name).read_bytes(), content_type=content_type, charset="utf-8", headers=HEADERS
        )

    def snapshot(self, counters: Counters, connection_seconds: float) -> dict[str, Any]:
        dollars = self.ledger.dollars(counters, connection_seconds, self.log.bytes)
        return {
            **counters.snapshot(),
            **self.happenings.snapshot(),
            "uptime_seconds": round(time.monotonic() - self._began, 1),
            "connection_seconds": round(connection_seconds, 3),
            "handler_seconds": round(self.ledger.handler_seconds, 3),
            "units": dict(self.ledger.units),
            "requests": dict(self.ledger.requests),
            "dollars": {**dollars, "together": sum(dollars.values())},
            "prices": f"{prices.REGION}, {prices.READ_ON}",
            "log": {
                "lines": dict(self.log.lines),
                "bytes": self.log.bytes,
                "last_errors": list(self.log.last_errors)[-ERRORS_SHOWN_MAX:],
            },
            # Where the operator's tool finds what the functions write.
            "database": {
                "endpoint": os.environ.get("AWS_ENDPOINT_URL_DYNAMODB", ""),
                "table": os.environ.get("TABLE_NAME", ""),
            },
        }
