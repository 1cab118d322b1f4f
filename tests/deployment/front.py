"""The way from the real host names to the emulated AWS: an HTTP proxy that answers TLS for every host.

Browsers, clients and Lambdas are given it as their proxy, so they use the deployed addresses unchanged; the certificate
is made here and trusted by nobody else.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import ssl
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
HOSTS = ("*.cloudfront.net", "*.execute-api.us-east-1.amazonaws.com")
HEAD_END = b"\r\n\r\n"
CHUNK_BYTES = 64 * 1024
HEAD_BYTES_MAX = 16 * 1024
START_SECONDS_MAX = 10


class Front:
    """Listens on a port and passes every connection on to the emulator."""

    def __init__(self, port: int, emulator_port: int, folder: Path) -> None:
        self.url = f"http://{HOST}:{port}"
        self.certificate = folder / "front.pem"
        self._port = port
        self._emulator_port = emulator_port
        _write_certificate(self.certificate)
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(self.certificate)
        self._tls.set_alpn_protocols(["http/1.1"])
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="front", daemon=True)

    def start(self) -> None:
        """Listen, in a thread of its own: the browser's driver keeps the test's."""
        self._thread.start()
        self._run(asyncio.start_server(self._serve, HOST, self._port, limit=HEAD_BYTES_MAX))

    def stop(self) -> None:
        """Stop listening; what is open is dropped."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(START_SECONDS_MAX)

    def _run(self, work: Coroutine[Any, Any, Any]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(START_SECONDS_MAX)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(HEAD_END)
            assert head.startswith(b"CONNECT "), f"only tunnels are asked for, not {head[:80]!r}"
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await writer.drain()
            await writer.start_tls(self._tls)
            inner, outer = await asyncio.open_connection(HOST, self._emulator_port)
            await asyncio.gather(_pass_on_requests(reader, outer), _pass_on(inner, writer))
        except (OSError, asyncio.IncompleteReadError):
            # The other side went away, which browsers do with connections that they opened in advance.
            pass
        finally:
            writer.close()


async def _pass_on_requests(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Say of each request that it came over TLS, as whoever ends TLS does; after an upgrade there are no more."""
    try:
        while True:
            head = await source.readuntil(HEAD_END)
            request, _, headers = head.partition(b"\r\n")
            target.write(request + b"\r\nX-Forwarded-Proto: https\r\n" + headers)
            if re.search(rb"\r\nupgrade: *websocket", headers, re.IGNORECASE):
                break
            length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
            target.write(await source.readexactly(int(length[1]) if length else 0))
            await target.drain()
        await _pass_on(source, target)
    finally:
        target.close()


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while chunk := await source.read(CHUNK_BYTES):
            target.write(chunk)
            await target.drain()
    finally:
        target.close()


def _write_certificate(path: Path) -> None:
    """Make a key and a certificate that is its own authority, for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The emulated AWS of Passerby's deployment test")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
