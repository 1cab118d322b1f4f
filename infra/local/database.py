"""The gateway's DynamoDB: MiniStack's, as a child process, or the one that DYNAMODB_URL names; and its table."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import IO, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from functions.chat import storage as schema
from infra.local.core.settings import REPOSITORY

HOST = "127.0.0.1"
START_SECONDS_MAX = 20.0  # it takes 0.2 to 2 s; a machine that is busy with tests may need longer
POLL_SECONDS = 0.02
STOP_SECONDS_MAX = 2.0
CONNECT_SECONDS_MAX = 2
READ_SECONDS_MAX = 10

Definition = dict[str, Any]


class DatabaseError(Exception):
    """The database or its table cannot be used; the message is a sentence for the person at the console."""


@contextmanager
def running(
    *,
    verbose: bool = False,
    module: str = "infra.local.database_process",
    ended: Callable[[], None] = lambda: None,
) -> Iterator[str]:
    """Run MiniStack's DynamoDB and yield its address; it is gone afterwards, with everything in it.

    `ended` is called, in a thread of its own, when the child ends before it is told to.
    """
    port = _free_port()
    with tempfile.TemporaryFile() as output:
        process = _start(module, port, None if verbose else output)
        try:
            _wait_until_healthy(process, port, output)
            stopping = threading.Event()
            threading.Thread(target=_watch, args=(process, stopping, ended), daemon=True).start()
            try:
                yield f"http://{HOST}:{port}"
            finally:
                stopping.set()
        finally:
            _stop(process)


def _watch(process: subprocess.Popen[bytes], stopping: threading.Event, ended: Callable[[], None]) -> None:
    process.wait()
    if not stopping.is_set():
        ended()


def create_table(endpoint_url: str, table_name: str) -> None:
    """Create the product's table at `endpoint_url`; one that is there already is kept, when it has the same keys."""
    config = Config(
        connect_timeout=CONNECT_SECONDS_MAX, read_timeout=READ_SECONDS_MAX, retries={"total_max_attempts": 2}
    )
    try:
        client = boto3.client("dynamodb", endpoint_url=endpoint_url, config=config)
        definition = table_definition(table_name)
        try:
            client.create_table(**definition)
        except client.exceptions.ResourceInUseException:
            _compare(definition, client.describe_table(TableName=table_name)["Table"])
            return
        client.get_waiter("table_exists").wait(TableName=table_name)
        ttl = {"Enabled": True, "AttributeName": schema.TTL_ATTRIBUTE}
        client.update_time_to_live(TableName=table_name, TimeToLiveSpecification=ttl)
    except (ClientError, BotoCoreError, AttributeError) as problem:
        raise DatabaseError(
            f"The table {table_name} of functions/chat/storage cannot be created at {endpoint_url}: {problem}"
        ) from problem


def table_definition(table_name: str) -> Definition:
    """Return what CreateTable needs, from the constants that the stack uses too."""
    keys = ((schema.PARTITION_KEY, "HASH"), (schema.SORT_KEY, "RANGE"))
    return {
        "TableName": table_name,
        "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in keys],
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name, _ in keys],
        "BillingMode": "PAY_PER_REQUEST",
    }


def _compare(wanted: Definition, found: Definition) -> None:
    if found["KeySchema"] != wanted["KeySchema"]:
        raise DatabaseError(
            f"The table {wanted['TableName']} is there already, with other keys; name another TABLE_NAME."
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _start(module: str, port: int, output: IO[bytes] | None) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {
        "SERVICES": "dynamodb",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        "IOT_MTLS_ENABLED": "0",  # it would bind port 8883
        "PERSIST_STATE": "0",
        "USE_SSL": "0",
        "DOCKER_HOST": "unix:///nonexistent",  # it would look for containers of its own there
        "LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", module]
    return subprocess.Popen(  # noqa: S603 - our own module
        command,
        cwd=REPOSITORY,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        start_new_session=True,  # Ctrl-C is for the gateway, which still needs the database for its last handlers
    )


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, output: IO[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise DatabaseError(f"MiniStack, the local DynamoDB, did not start: {_last_line(output)}")
        if is_healthy(port):
            return
        time.sleep(POLL_SECONDS)
    raise DatabaseError(f"MiniStack, the local DynamoDB, did not answer within {START_SECONDS_MAX:.0f} seconds.")


def is_healthy(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _last_line(output: IO[bytes]) -> str:
    output.seek(0)
    lines = output.read().decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it ended without a word.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None, "the child's standard input is a pipe"
    process.stdin.close()
    try:
        process.wait(STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
