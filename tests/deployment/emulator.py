"""An AWS on this computer for one test session, and what the tools need to believe it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from infra.tools import node
from tests.deployment.front import Front, write_certificate

ROOT = Path(__file__).parent.parent.parent
LAMBDA_RUNTIME = Path(__file__).parent / "lambda_runtime"
REGION, OTHER_REGION = "us-east-1", "eu-central-1"
READY_SECONDS_MAX = 60
STOP_SECONDS_MAX = 5  # it waits for sockets that browsers left open; nothing of it is kept


class Emulator:
    """MiniStack as a child process, with the front before it."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self.endpoint = f"https://127.0.0.1:{self.port}"
        self.front = Front(_free_port(), self.port)
        self.certificate = folder / "certificate.pem"
        self._key = folder / "key.pem"
        self.public_key_hash = ""
        self._log = folder / "ministack.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start both and wait until they answer."""
        node.install(LAMBDA_RUNTIME)
        self.public_key_hash = write_certificate(self.certificate, self._key)
        self.front.start()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.deployment.emulated_aws"],
                cwd=ROOT,
                env=self._own_environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # its Lambdas are children that may outlive it; they end with the group
            )
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not self._answers():
            assert self._process.poll() is None, f"MiniStack ended:\n{self.log_tail()}"
            assert time.monotonic() < deadline, f"MiniStack does not answer:\n{self.log_tail()}"
            time.sleep(0.1)

    def stop(self) -> None:
        """End MiniStack and its Lambdas."""
        self.front.stop()
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS_MAX)
            end_group(self._process.pid)
            self._process.wait()

    def environment(self) -> dict[str, str]:
        """Return the environment of the CDK's and AWS's tools: the endpoint and credentials that open nothing else."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "PATH": node.search_path(),
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            # Each tool has its own name for the authority that it should trust.
            "AWS_CA_BUNDLE": str(self.certificate),
            "NODE_EXTRA_CA_CERTS": str(self.certificate),
            "SSL_CERT_FILE": str(self.certificate),
        }

    def way(self) -> dict[str, str]:
        """Return what leads a program to the deployed addresses, and straight to the emulator's own."""
        return {"HTTPS_PROXY": self.front.url, "WSS_PROXY": self.front.url, "NO_PROXY": "127.0.0.1,localhost"}

    def log_tail(self) -> str:
        """Return the end of MiniStack's log, for a failure's message."""
        return self._log.read_text(errors="replace")[-4000:]

    def _own_environment(self) -> dict[str, str]:
        """Return MiniStack's environment: TLS, and IAM that is enforced.

        Its Lambdas inherit it: the proxy and the authority lead them to the deployed addresses.
        """
        return {
            **self.environment(),
            "AWS_DEFAULT_REGION": REGION,  # what AWS itself is in
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "AUTH": "true",
            "USE_SSL": "1",
            "MINISTACK_SSL_CERT": str(self.certificate),
            "MINISTACK_SSL_KEY": str(self._key),
            **self.way(),
            "PYTHONPATH": str(LAMBDA_RUNTIME),
            "NODE_PATH": str(LAMBDA_RUNTIME / "node_modules"),
        }

    def _answers(self) -> bool:
        try:
            trusted = ssl.create_default_context(cafile=str(self.certificate))
            with urlopen(f"{self.endpoint}/_ministack/health", timeout=1, context=trusted):
                return True
        except (URLError, OSError):
            return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def end_group(process_group: int) -> None:
    """End a process that has a group of its own, and all processes that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process_group, signal.SIGKILL)
