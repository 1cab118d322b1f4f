"""The page's files under production's headers, without a gateway behind them: as uploaded, or as written."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from infra.page import bundle, site_files, site_headers
from infra.page.dress import Dress
from infra.page.site_files import NAKED

FOLDER = Path(__file__).parents[2] / "frontend"
BUNDLES = FOLDER.parent / "build" / "bundle"
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

    protocol_version = "HTTP/1.1"  # a page has a hundred files, and no need of as many connections
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and content in one piece

    def __init__(self, *arguments: Any, asked: list[str], styles: list[str], **named: Any) -> None:
        self._asked = asked
        self._styles = styles
        super().__init__(*arguments, **named)

    def do_GET(self) -> None:
        self._asked.append(self.path)
        # The file that a deployment writes: nobody knows yet how many people are here.
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
        for name, value in site_headers.headers(f"ws://{self.headers['Host']}", self._styles).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


def uploaded(folder: Path, dress: Dress = NAKED) -> Path:
    """Return the page as it is uploaded, in a new place below the folder: it opens in two thirds of the time."""
    files = site_files.prepare(bundle.build(FOLDER, BUNDLES), folder / "builds", dress=dress)
    for part in (files.pages, files.assets):
        shutil.copytree(part, folder / "site", dirs_exist_ok=True)
    return folder / "site"


@contextmanager
def serve(folder: Path = FOLDER, asked: list[str] | None = None) -> Iterator[str]:
    """Serve the page until the block is left; yields its address. Each path that is asked for is added to `asked`."""
    styles = site_headers.styles_in((folder / "index.html").read_text(encoding="utf-8"))
    handler = partial(_Handler, directory=str(folder), asked=[] if asked is None else asked, styles=styles)
    server = ThreadingHTTPServer((HOST, 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
