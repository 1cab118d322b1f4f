"""A real DynamoDB server for tests: the one that DYNAMODB_URL names, or a MiniStack of our own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tests.gateway import free_port

READY_SECONDS_MAX = 60


@contextmanager
def running_dynamodb() -> Iterator[str]:
    """Yield the endpoint of a server that is ready, and end it afterwards if it is ours."""
    given = os.environ.get("DYNAMODB_URL")
    if given:
        yield given
        return
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "SERVICES": "dynamodb",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "ministack"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until_ready(endpoint, process)
        yield endpoint
    finally:
        process.terminate()
        process.wait(timeout=READY_SECONDS_MAX)


def wait_until_ready(endpoint: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the server answers; a server that ended or stays silent is an error."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the DynamoDB server ended with status {process.returncode}"
        try:
            with urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no DynamoDB server at {endpoint} after {READY_SECONDS_MAX} s")
