"""A database as a child process lives as long as its parent, and takes the product's table."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import boto3
import pytest

from functions.chat import storage as schema
from infra.local import database
from infra.local.database import DatabaseError

WAIT_SECONDS_MAX = 10.0
REPOSITORY = Path(__file__).parents[2]
PARENT = """
import sys, time
from infra.local import database
with database.running() as url:
    print(url, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def url():
    with pytest.MonkeyPatch.context() as patch, database.running() as running:
        for name, value in {
            "ACCESS_KEY_ID": "local",
            "SECRET_ACCESS_KEY": "local",
            "DEFAULT_REGION": "us-east-1",
        }.items():
            patch.setenv(f"AWS_{name}", value)
        yield running


def test_the_table_has_the_keys_and_the_expiry_of_the_product(url):
    """CreateTable and the expiry come from the constants that the stack uses."""
    client = boto3.client("dynamodb", endpoint_url=url)
    database.create_table(client, "keys")
    found = client.describe_table(TableName="keys")["Table"]
    ttl = client.describe_time_to_live(TableName="keys")["TimeToLiveDescription"]

    assert [key["AttributeName"] for key in found["KeySchema"]] == [schema.PARTITION_KEY, schema.SORT_KEY]
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", schema.TTL_ATTRIBUTE)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://there.example"},
        {"Origin": "null"},
        {"Host": "rebound.example"},
        {"Host": "localhost.example:8080"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_it_answers_no_page_of_a_browser(url, method, headers):
    """Neither a foreign one, nor one whose name was made to lead to this machine; no header lets it read anything."""
    asked = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0", **headers}
    connection = HTTPConnection(url.removeprefix("http://"))
    connection.request(method, "/", body="{}", headers=asked)
    answer = connection.getresponse()

    assert (answer.status, answer.read()) == (403, b"")
    assert "access-control-allow-origin" not in {name.lower() for name, _ in answer.getheaders()}


def test_a_table_that_is_there_is_kept(url):
    """A gateway that is started again over the same database finds what it left."""
    client = boto3.client("dynamodb", endpoint_url=url)
    database.create_table(client, "kept")
    item = {schema.PARTITION_KEY: {"S": "a"}, schema.SORT_KEY: {"S": "b"}}
    client.put_item(TableName="kept", Item=item)

    database.create_table(client, "kept")

    assert [item] == client.scan(TableName="kept")["Items"]


def test_another_programs_table_is_not_used(url):
    """A table of that name with other keys is somebody else's."""
    client = boto3.client("dynamodb", endpoint_url=url)
    client.create_table(
        TableName="foreign",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )

    with pytest.raises(DatabaseError, match="foreign is there already, with other keys"):
        database.create_table(client, "foreign")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_database_does_not_outlive_a_parent_that_is_killed(number):
    """However that one ends, no process stays behind."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=REPOSITORY, stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().startswith(b"http://127.0.0.1:")
        (child,) = _children(parent.pid)
        parent.send_signal(number)

    assert _ends(child)


def test_nothing_is_left_after_the_block():
    """The child is gone when the context manager returns."""
    before = _children(os.getpid())
    with database.running():
        (child,) = _children(os.getpid()) - before

    assert not _exists(child)


def test_a_database_that_does_not_start_is_a_sentence():
    """Its last words are in it."""
    with (
        pytest.raises(DatabaseError, match=r"did not start: .*no such thing"),
        database.running(module="no such thing"),
    ):
        pass


def _children(parent: int) -> set[int]:
    found = set()
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and f"\nPPid:\t{parent}\n" in (entry / "status").read_text():
                found.add(int(entry.name))
    return found


def _exists(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False


def _ends(pid: int) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while _exists(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not _exists(pid)
