"""The local gateway as a child process, for tests that come from outside."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self
from urllib.error import URLError
from urllib.request import urlopen

from infra.page import bundle

REPOSITORY = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
# The database starts in about two seconds; a busy machine takes several times that.
START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 15.0
POLL_SECONDS = 0.05
LOG_CHARACTERS_SHOWN_MAX = 4000


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def uploaded() -> tuple[str, str]:
    """Return a gateway's arguments for the page as it is uploaded, which opens in two thirds of the time."""
    return "--page", str(bundle.build(REPOSITORY / "frontend", REPOSITORY / "build" / "bundle"))


@dataclass
class Gateway:
    """`python -m infra.local` on a port of its own; it can be killed and started again there."""

    port: int = field(default_factory=free_port)
    environment: Mapping[str, str] = field(default_factory=dict)
    arguments: Sequence[str] = ()
    _process: subprocess.Popen[bytes] | None = None
    _log: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.port}"

    @property
    def websocket_url(self) -> str:
        """Where the WebSocket is, as the contract says."""
        return f"ws://{HOST}:{self.port}/ws"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the gateway and return when it answers."""
        assert self._process is None, "the gateway runs already"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "infra.local", "--port", str(self.port), *self.arguments],
            cwd=REPOSITORY,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._answers():
            status = self._process.poll()
            assert status is None, f"the gateway ended with {status}:\n{self.log()}"
            assert time.monotonic() < deadline, f"no answer within {START_SECONDS_MAX:g} s:\n{self.log()}"
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """End the gateway as Ctrl-C does."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"the gateway did not stop within {STOP_SECONDS_MAX:g} s:\n{self.log()}") from None

    def kill(self) -> None:
        """End the gateway as a crash does: nobody is told anything."""
        assert self._process is not None, "the gateway does not run"
        self._process.kill()
        self._process.wait()
        self._process = None

    def log(self) -> str:
        """Return the end of what the gateway has printed."""
        return self.whole_log()[-LOG_CHARACTERS_SHOWN_MAX:]

    def whole_log(self) -> str:
        """Return all that the gateway has printed."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def _answers(self) -> bool:
        if self.url not in self.log():
            return False  # Not yet announced: what answers on this port would be another gateway.
        try:
            with urlopen(f"{self.url}/config.json", timeout=2) as answer:
                return "websocketUrl" in json.load(answer)
        except (URLError, ConnectionError, TimeoutError):
            return False
