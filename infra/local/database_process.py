"""A database of its own, as a child process that ends with its parent in any case.

The parent holds the other end of this process's standard input. When it closes that end, or is killed, the read below
returns; no pid file and no signal handler can promise as much.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading

from aiohttp import web

from infra.local.dynamodb.service import DynamoDB

HOST = "127.0.0.1"


def main() -> None:
    """Serve at the port that the first argument names."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    asyncio.run(_serve(int(sys.argv[1])))


async def _serve(port: int) -> None:
    server = web.Server(DynamoDB().serve, access_log=None)
    listening = await asyncio.get_running_loop().create_server(server, HOST, port)
    await listening.serve_forever()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)  # its state is in memory and nobody is left to use it


if __name__ == "__main__":
    main()
