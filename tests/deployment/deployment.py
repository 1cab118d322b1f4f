"""The deployment under test: what `make deploy` does, against the emulator, with the real command line."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from infra import node
from tests.deployment.emulator import ACCOUNT, REGION, ROOT, Emulator

STACK = "Passerby"
COMMAND_SECONDS_MAX = 300

# What is deployed is the default but for one option: a test must be able to leave nothing behind.
OPTIONS = {"removal_policy": "destroy"}


class Deployment:
    """Runs the CDK's command line; `url` and `websocket_url` are known once it is deployed."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        self._folder = folder
        self._outputs: dict[str, str] = {}

    @property
    def url(self) -> str:
        return self._outputs["Url"]

    @property
    def websocket_url(self) -> str:
        return self._outputs["WebsocketUrl"]

    def bootstrap(self) -> None:
        """Prepare the account, from a folder without an app: none is needed for it."""
        self._cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}", folder=self._folder)

    def deploy(self, **options: str) -> str:
        """Deploy all stacks and return what the command said."""
        outputs = self._folder / "outputs.json"
        said = self._cdk(
            "deploy", "--all", "--require-approval", "never", "--outputs-file", str(outputs), *_context(options)
        )
        self._outputs = json.loads(outputs.read_text())[STACK]
        return said

    def destroy(self) -> None:
        """Remove all stacks."""
        self._cdk("destroy", "--all", "--force", *_context({}))

    def client(self, service: str) -> Any:
        """Return a client of the emulated account, with the rights of its root."""
        import boto3

        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.emulator.endpoint,
            verify=str(self.emulator.certificate),
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def _cdk(self, *arguments: str, folder: Path = ROOT) -> str:
        command = [node.executable(), str(node.CDK), *arguments, "--output", str(self._folder / "cdk.out")]
        done = subprocess.run(
            command,
            cwd=folder,
            env=self.emulator.environment(),
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS_MAX,
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, f"cdk {arguments[0]} failed:\n{said[-4000:]}\n{self.emulator.log_tail()}"
        return said


def _context(options: dict[str, str]) -> list[str]:
    return [part for key, value in {**OPTIONS, **options}.items() for part in ("--context", f"{key}={value}")]
