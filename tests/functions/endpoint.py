"""A local stand-in for the @connections API and the delay queue, for the real clients to talk to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

HANG_SECONDS_MAX = 10.0


@dataclass(frozen=True)
class Answer:
    """An answer: status, the error's type as AWS names it in a header, or nothing at all for a while."""

    status: int = 200
    error: str = ""
    hangs: bool = False


@dataclass
class Endpoint:
    """The requests that came, and the answers by path."""

    url: str = ""
    requests: list[tuple[str, str, bytes]] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)

    def answer(self, connection_id: str, status: int = 200, error: str = "", *, hangs: bool = False) -> None:
        """Say what becomes of calls for this connection."""
        self.answers[f"/@connections/{connection_id}"] = Answer(status, error, hangs)

    def asked(self, method: str) -> list[tuple[str, bytes]]:
        """Return path and body of the calls with this method."""
        return [(path, body) for each, path, body in self.requests if each == method]


@contextmanager
def serving() -> Iterator[Endpoint]:
    """Serve on a free port until the block ends."""
    endpoint = Endpoint()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(endpoint))
    server.daemon_threads = True
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(endpoint: Endpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = unquote(self.path)
            endpoint.requests.append((self.command, path, body))
            answer = endpoint.answers.get(path, Answer())
            if answer.hangs:
                endpoint.released.wait(HANG_SECONDS_MAX)
                self.close_connection = True
                return
            content = json.dumps({"message": answer.error}).encode() if answer.error else b""
            self.send_response(answer.status)
            if answer.error:
                self.send_header("x-amzn-ErrorType", answer.error)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_DELETE = do_GET = _serve  # noqa: N815  # the standard library calls them so

        def log_message(self, *arguments: object) -> None:
            """Print nothing."""

    return Handler
