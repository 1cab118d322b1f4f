"""The product's table on a DynamoDB of this machine; and a database of its own, as a child process."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError

from functions.chat import storage as schema
from infra.local.core.settings import REPOSITORY

HOST = "127.0.0.1"
START_SECONDS_MAX = 20.0  # it takes 0.2 to 2 s; a machine that is busy with tests may need longer
POLL_SECONDS = 0.02
STOP_SECONDS_MAX = 2.0

Definition = dict[str, Any]


class DatabaseError(Exception):
    """The database or its table cannot be used; the message is a sentence for the person at the console."""


@contextmanager
def running(*, module: str = "infra.local.database_process") -> Iterator[str]:
    """Run a DynamoDB and yield its address; it is gone afterwards, with everything in it."""
    port = _free_port()
    with tempfile.TemporaryFile() as output:
        process = _start(module, port, output)
        try:
            _wait_until_healthy(process, port, output)
            yield f"http://{HOST}:{port}"
        finally:
            _stop(process)


def create_table(client: Any, table_name: str) -> None:
    """Create the product's table; one that is there already is kept, when it has the same keys."""
    try:
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
            f"The table {table_name} of functions/chat/storage cannot be created at "
            f"{client.meta.endpoint_url}: {problem}"
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


def _start(module: str, port: int, output: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", module, str(port)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        start_new_session=True,  # Ctrl-C is for its parent, which may still need it
    )


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, output: IO[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise DatabaseError(f"The local DynamoDB did not start: {_last_line(output)}")
        if is_healthy(port):
            return
        time.sleep(POLL_SECONDS)
    raise DatabaseError(f"The local DynamoDB did not answer within {START_SECONDS_MAX:.0f} seconds.")


def is_healthy(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", "/")
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
