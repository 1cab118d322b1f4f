"""The deployment under test: what `make deploy` runs, against the emulator, with the CDK's own command line in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3

from tests.deployment.emulator import REGION, ROOT, Emulator, end_group

STACK = "Passerby"
COMMAND_SECONDS_MAX = 400

Keys = Mapping[str, str]  # variables of AWS's tools
NOBODYS: Keys = {}
REGION_VARIABLE = "AWS_REGION"  # as the documents say it, and nothing more

# The default is deployed but for one option: a test must be able to leave nothing behind.
OPTIONS = {"removal_policy": "destroy"}


class Deployment:
    """Runs the operator's commands; `url` and `websocket_url` are known once it is deployed."""

    def __init__(
        self, emulator: Emulator, folder: Path, stack_name: str = STACK, region: str = REGION, **options: str
    ) -> None:
        self.emulator = emulator
        self.region = region
        self.stack_name = stack_name
        self._folder = folder
        self._options = {**OPTIONS, "stack_name": stack_name, **options}
        self._outputs: dict[str, str] = {}

    @property
    def url(self) -> str:
        return self._outputs["Url"]

    @property
    def websocket_url(self) -> str:
        return self._outputs["WebsocketUrl"]

    @property
    def table_name(self) -> str:
        return self._outputs["TableName"]

    def physical_id(self, resource_type: str) -> str:
        """Return what AWS calls the one resource of a type."""
        found = self.client("cloudformation").describe_stack_resources(StackName=self.stack_name)["StackResources"]
        (one,) = (each["PhysicalResourceId"] for each in found if each["ResourceType"] == resource_type)
        return one

    def run(self, command: str, *arguments: str, expected: int = 0, keys: Keys = NOBODYS, **options: str) -> str:
        """Run what `make <command>` runs, as the account's root or with other `keys`, and return what it said.

        A key without a value is a variable that is not set.
        """
        context = [part for key, value in {**self._options, **options}.items() for part in ("-c", f"{key}={value}")]
        program = [sys.executable, "-m", "infra.deploy", command, "--numbers-seconds", "1"]
        if command == "deploy":  # first calls of functions take seconds here; a test tries it when they are warm
            program.append("--untried")
        if command != "bootstrap":  # which has a place of its own, if any
            program += ["--output", str(self._folder / f"cdk.out-{self.stack_name}")]
        running = subprocess.Popen(
            [*program, *arguments, *context],
            cwd=ROOT,
            env=self.environment(keys),
            stdin=subprocess.DEVNULL,  # nobody is there to be asked
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            umask=0o077,  # of a careful user: what is deployed must be readable on AWS all the same
            start_new_session=True,  # the command line is a child of our command, and must not outlive the test
        )
        try:
            said, _ = running.communicate(timeout=COMMAND_SECONDS_MAX)
        finally:
            end_group(running.pid)
        assert running.returncode == expected, f"{command} failed:\n{said[-4000:]}\n{self.emulator.log_tail()}"
        if command == "deploy" and not expected:
            (stack,) = self.client("cloudformation").describe_stacks(StackName=self.stack_name)["Stacks"]
            self._outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
        return said

    def environment(self, keys: Keys = NOBODYS) -> dict[str, str]:
        """Return the environment of the operator's tools."""
        way = {**self.emulator.environment(), REGION_VARIABLE: self.region, **self.emulator.way(), **keys}
        return {name: value for name, value in way.items() if value}

    def client(self, service: str, keys: Keys = NOBODYS, *, region: str = "") -> Any:
        """Return a client of the emulated account, with the rights of its root or of these keys."""
        return boto3.client(
            service,
            region_name=region or self.region,
            endpoint_url=self.emulator.endpoint,
            verify=str(self.emulator.certificate),
            aws_access_key_id=keys.get("AWS_ACCESS_KEY_ID", "test"),
            aws_secret_access_key=keys.get("AWS_SECRET_ACCESS_KEY", "test"),
            aws_session_token=keys.get("AWS_SESSION_TOKEN"),
        )
