"""The way from the real host names to the emulated AWS: a proxy that leads every host to it.

Browsers, clients and Lambdas are given it as their proxy, so they use the deployed addresses unchanged. The certificate
for those names is made here, and nobody else trusts it.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import threading
from pathlib import Path

from tests.certificates import make_identity

HOST = "127.0.0.1"
REGIONS = ("us-east-1", "eu-central-1")
HOSTS = [f"*.{service}{region}.amazonaws.com" for region in REGIONS for service in ("", "execute-api.")]
NAMES = ("localhost", "*.cloudfront.net", *HOSTS)
HEAD_END = b"\r\n\r\n"
CHUNK_BYTES = 64 * 1024
SECONDS_MAX = 10


class Front:
    """Listens on a port and tunnels every request to the emulator."""

    def __init__(self, port: int, emulator_port: int) -> None:
        self.url = f"http://{HOST}:{port}"
        self._port = port
        self._emulator_port = emulator_port
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="front", daemon=True)

    def start(self) -> None:
        """Listen, in a thread of its own: the browser's driver keeps the test's."""
        self._thread.start()
        assert self._listening.wait(SECONDS_MAX), "the front does not listen"

    def stop(self) -> None:
        """Stop listening; what is open is dropped."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(SECONDS_MAX)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._listen())

    async def _listen(self) -> None:
        async with await asyncio.start_server(self._serve, HOST, self._port):
            self._listening.set()
            await self._stopped.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Either side may go away at any time, which browsers do with connections that they opened in advance.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(HEAD_END)
            assert head.startswith(b"CONNECT "), f"only tunnels are asked for, not {head[:80]!r}"
            inner, outer = await asyncio.open_connection(HOST, self._emulator_port)
            writer.write(b"HTTP/1.1 200 OK" + HEAD_END)
            await asyncio.gather(_pass_on(reader, outer), _pass_on(inner, writer))
        writer.close()


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while chunk := await source.read(CHUNK_BYTES):
            target.write(chunk)
            await target.drain()
    finally:
        target.close()


def write_certificate(certificate_path: Path, key_path: Path) -> str:
    """Make a key and a certificate; return the public key's hash, in base64."""
    identity = make_identity("The emulated AWS of Passerby's deployment test", NAMES)
    certificate_path.write_bytes(identity.certificate)
    key_path.write_bytes(identity.key)
    return base64.b64encode(hashlib.sha256(identity.public_key).digest()).decode()
