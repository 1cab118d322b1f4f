"""AWS as fast as can be, in a process of its own: what is left of a call's time is the client's.

DynamoDB's GetItem answers with an open room of Ada and Bo, posts to sockets with success. With `--tls` it shows a
certificate for localhost, which `authority.pem` beside it vouches for.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from functions.chat.model.people import Member, Room
from functions.chat.storage.rooms import room_item
from functions.chat.storage.table import RawItem
from tests.certificates import make_identity

ROOM_ID = "0123456789abcdefABCDEF"
SENDER, PEER = "AdaAdaAdaAdaAda=", "BoBoBoBoBoBoBoB="
KEPT_SECONDS = 10 * 365 * 86400
HEAD_END = b"\r\n\r\n"
REPOSITORY = Path(__file__).parents[2]


def room() -> RawItem:
    """Return the room's item in DynamoDB's own form, as large as they are."""
    members = (
        Member(SENDER, SENDER, ("chess", "jazz"), "01800000000000-abcdefg", "d" * 22, "a" * 22),
        Member(PEER, PEER, ("jazz",), None, "e" * 22, "b" * 22),
    )
    now = time.time()
    return room_item(Room(ROOM_ID, "text", members, now), int(now) + KEPT_SECONDS).serialize()


def response(body: bytes) -> bytes:
    head = (
        "HTTP/1.1 200 OK\r\nServer: Server\r\nContent-Type: application/x-amz-json-1.0\r\n"
        f"x-amzn-RequestId: {'A' * 52}\r\nx-amz-crc32: {zlib.crc32(body)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Answering(asyncio.Protocol):
    """One connection."""

    def __init__(self, found: bytes, nothing: bytes) -> None:
        self._found, self._nothing = found, nothing
        self._begun = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        begun = self._begun + data
        while (end := begun.find(HEAD_END)) >= 0:
            length = 0
            for line in begun[:end].lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            whole = end + len(HEAD_END) + length
            if len(begun) < whole:
                break
            self._transport.write(self._found if ROOM_ID.encode() in begun[end:whole] else self._nothing)
            begun = begun[whole:]
        self._begun = begun


def make_certificate(folder: Path) -> None:
    """Write `authority.pem` and `server.pem` (with its key)."""
    identity = make_identity("localhost", ["localhost"])
    (folder / "authority.pem").write_bytes(identity.certificate)
    (folder / "server.pem").write_bytes(identity.certificate + identity.key)


@contextmanager
def serving(folder: Path | None = None) -> Iterator[str]:
    """Run it; with a folder over TLS, with the certificate in that folder. Yields its address."""
    if folder is not None:
        make_certificate(folder)
    certificate = [str(folder / "server.pem")] if folder is not None else []
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.aws_stub", *certificate], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        yield f"https://localhost:{port}" if folder is not None else f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


async def serve(certificate: str | None) -> None:
    """Serve on a free port and print its number."""
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    found, nothing = response(json.dumps({"Item": room()}).encode()), response(b"{}")
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Answering(found, nothing), "127.0.0.1", 0, ssl=context, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1] if len(sys.argv) > 1 else None))
