"""MiniStack as a child process that ends with its parent, however that ends.

The parent holds the other end of this process's standard input. When it closes that end, or is killed, the read below
returns; no pid file and no signal handler can promise as much.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from infra.local.core.hosts import names_a_machine

# ASGI's own forms (asgi.readthedocs.io, "Applications").
Scope = dict[str, Any]
Channel = Callable[..., Awaitable[Any]]
App = Callable[[Scope, Channel, Channel], Awaitable[None]]


def main() -> None:
    # MiniStack writes a pid file into the temporary folder; this one vanishes with the process.
    folder = tempfile.TemporaryDirectory(prefix=f"passerby-database-{os.getpid()}-")
    tempfile.tempdir = folder.name
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()

    # Only now: it keeps what the environment and the temporary folder are when it is imported.
    from ministack import app as ministack  # noqa: PLC0415

    ministack.app = for_programs(ministack.app)
    sys.argv = ["ministack"]
    ministack.main()


def for_programs(app: App) -> App:
    """Return an application that answers no browser: it would let every page read its answers.

    A page's request has an Origin, or a Host that was made to lead here; a program's names this machine.
    """

    async def guarded(scope: Scope, receive: Channel, send: Channel) -> None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}
        if scope["type"] == "lifespan" or (b"origin" not in headers and names_a_machine(headers.get(b"host", ""))):
            return await app(scope, receive, send)
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": HTTPStatus.FORBIDDEN, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        return None

    return guarded


def _end_with_parent(folder: tempfile.TemporaryDirectory[str]) -> None:
    sys.stdin.buffer.read()
    folder.cleanup()
    os._exit(0)  # its state is in memory and nobody is left to use it


if __name__ == "__main__":
    main()
