"""The page's files under production's headers, without a gateway behind them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from infra.page import site_headers

FOLDER = Path(__file__).parents[2] / "frontend"
HOST = "127.0.0.1"


class _Handler(SimpleHTTPRequestHandler):
    extensions_map: dict[str, str] = {  # noqa: RUF012 - declared so by its parent
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript",
        ".css": "text/css",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".webmanifest": "application/manifest+json",
        "": "application/octet-stream",
    }

    def __init__(self, *arguments: Any, asked: list[str], **named: Any) -> None:
        self._asked = asked
        super().__init__(*arguments, **named)

    def do_GET(self) -> None:
        self._asked.append(self.path)
        # What a deployment writes: nobody knows yet how many people are here.
        written = {"/config.json": {"websocketUrl": f"ws://{self.headers['Host']}/ws"}, "/online.json": {}}
        if self.path in written:
            body = json.dumps(written[self.path]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        super().do_GET()

    def end_headers(self) -> None:
        styles = site_headers.styles_in((Path(self.directory) / "index.html").read_text(encoding="utf-8"))
        for name, value in site_headers.headers(f"ws://{self.headers['Host']}", styles).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def serve(folder: Path = FOLDER, asked: list[str] | None = None) -> Iterator[str]:
    """Serve the page until the block is left; yields its address. Each path that is asked for is added to `asked`."""
    handler = partial(_Handler, directory=str(folder), asked=[] if asked is None else asked)
    server = ThreadingHTTPServer((HOST, 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
