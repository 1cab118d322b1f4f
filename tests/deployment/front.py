"""The way from the real host names to the emulated AWS: a proxy that leads every host to it.

Browsers, clients and Lambdas are given it as their proxy, so they use the deployed addresses unchanged. The certificate
for those names is made here, and nobody else trusts it.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime as dt
import hashlib
import ipaddress
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
NAMES = ("localhost", "*.cloudfront.net", "*.execute-api.us-east-1.amazonaws.com", "*.us-east-1.amazonaws.com")
HEAD_END = b"\r\n\r\n"
CHUNK_BYTES = 64 * 1024
SECONDS_MAX = 10


class Front:
    """Listens on a port and tunnels whatever is asked for to the emulator."""

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
    """Make a key and a certificate that is its own authority, for a day; return the public key's hash, in base64."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The emulated AWS of Passerby's deployment test")])
    now = dt.datetime.now(dt.UTC)
    hosts = [*map(x509.DNSName, NAMES), x509.IPAddress(ipaddress.ip_address(HOST))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(public).digest()).decode()
