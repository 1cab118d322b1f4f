"""A real coturn on this machine, over udp, tcp and tls."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from functions.chat.ice.coturn import Coturn
from functions.chat.ice.provider import Relays
from tests.call.support import signalling
from tests.call.support.browsers import program
from tests.call.support.people import wait_for
from tests.call.support.ports import free_port

SECRET = "north-by-northwest"
RELAY_PORTS = (26_600, 26_899)  # each attempt of each person takes one, and restarts hold old ones for a while


@dataclass
class Relay:
    """One coturn process; `stop`, `start`, `freeze` and `thaw` are the faults it can have."""

    folder: Path
    port: int
    tls_port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def urls(self) -> dict[str, str]:
        return {
            "udp": f"turn:127.0.0.1:{self.port}?transport=udp",
            "tcp": f"turn:127.0.0.1:{self.port}?transport=tcp",
            "tls": f"turns:localhost:{self.tls_port}?transport=tcp",
        }

    def start(self) -> None:
        certificate, key = self._certificate()
        self.process = subprocess.Popen(
            [
                program("turnserver"), "-n", "--log-file=stdout", "--no-cli", "--no-dtls", "--fingerprint", "--verbose",
                "--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=passerby.test",
                "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={self.port}",
                f"--tls-listening-port={self.tls_port}", f"--cert={certificate}", f"--pkey={key}",
                f"--min-port={RELAY_PORTS[0]}", f"--max-port={RELAY_PORTS[1]}",
                # Both people are on this machine; never do that where strangers reach the relay.
                "--allow-loopback-peers", "--no-multicast-peers",
                f"--pidfile={self.folder / 'turn.pid'}", f"--userdb={self.folder / 'turn.sqlite'}",
            ],
            stdout=(self.folder / "turn.log").open("ab"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        wait_for("the relay listens", lambda: _listens(self.port) and _listens(self.tls_port), 10)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def freeze(self) -> None:
        """Stop answering without closing anything: a network that swallows packets."""
        assert self.process is not None, "the relay runs"
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None, "the relay runs"
        self.process.send_signal(signal.SIGCONT)

    def minted_by(self, transport: str, *, secret: str = SECRET, age_seconds: int = 0) -> signalling.Relays:
        """Let our own code mint the credentials, as at a match."""
        relays = Relays(Coturn((self.urls[transport],), lambda: secret))
        return lambda room, member: relays.mint(room, member, time.time() - age_seconds).as_fields()

    def log(self) -> str:
        return (self.folder / "turn.log").read_text(errors="replace")

    def _certificate(self) -> tuple[Path, Path]:
        certificate, key = self.folder / "relay.pem", self.folder / "relay.key"
        if not certificate.exists():
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                 "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2",
                 "-keyout", key, "-out", certificate],
                check=True, capture_output=True,
            )  # fmt: skip
        return certificate, key


def is_of_relay(port: int) -> bool:
    """Tell whether the relay gave a port; a packet from it may be heard before the word of its candidate."""
    return RELAY_PORTS[0] <= port <= RELAY_PORTS[1]


@contextmanager
def running(folder: Path) -> Iterator[Relay]:
    port = free_port()
    relay = Relay(folder, port, free_port(port + 1))
    relay.start()
    try:
        yield relay
    finally:
        relay.stop()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
