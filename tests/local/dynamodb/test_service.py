"""The database in this process answers our clients without HTTP as it answers programs over it."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import botocore.session
import pytest
from aiohttp import ClientSession, web
from botocore.config import Config

from infra.local.database import create_table
from infra.local.dynamodb.service import DYNAMODB_PATH, DynamoDB

NOBODY = "http://127.0.0.1:9"  # nothing listens there: an answered request was not sent
KEY = {"pk": {"S": "a"}, "sk": {"S": "1"}}
TARGET = {"X-Amz-Target": "DynamoDB_20120810.ListTables"}


@pytest.fixture
def client() -> Any:
    """A client of a new database, with the product's table."""
    session = botocore.session.get_session()
    session.set_credentials("local", "local")
    config = Config(retries={"total_max_attempts": 1})
    made: Any = session.create_client("dynamodb", region_name="us-east-1", endpoint_url=NOBODY, config=config)
    DynamoDB().lead(made)
    create_table(made, "people")
    return made


def test_a_client_of_this_process_is_answered_without_http(client):
    """Values come back as they were written, bytes too."""
    item = {**KEY, "bytes": {"B": b"\x00\xff"}, "texts": {"L": [{"S": "é"}]}}
    client.put_item(TableName="people", Item=item)

    assert client.get_item(TableName="people", Key=KEY)["Item"] == item


def test_a_condition_that_fails_is_botocores_error(client):
    """With the item, where the request asks for it."""
    client.put_item(TableName="people", Item=KEY)

    with pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
        client.put_item(
            TableName="people",
            Item=KEY,
            ConditionExpression="attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    assert caught.value.response["Item"] == KEY


def test_a_cancelled_transaction_says_why(client):
    """A reason for each action, in their order."""
    put = {"TableName": "people", "Item": KEY}
    refused = {"TableName": "people", "Key": {**KEY, "sk": {"S": "2"}}, "ConditionExpression": "attribute_exists(pk)"}

    with pytest.raises(client.exceptions.TransactionCanceledException) as caught:
        client.transact_write_items(TransactItems=[{"Put": put}, {"ConditionCheck": refused}])

    reasons = caught.value.response["CancellationReasons"]
    assert [each["Code"] for each in reasons] == ["None", "ConditionalCheckFailed"]
    assert "Item" not in client.get_item(TableName="people", Key=KEY)


def test_writes_of_many_threads_are_all_there(client):
    """Each request is one step: no addition is lost between reading and writing."""
    client.put_item(TableName="people", Item=KEY)

    def add() -> None:
        for _ in range(50):
            client.update_item(
                TableName="people",
                Key=KEY,
                UpdateExpression="ADD many :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

    threads = [threading.Thread(target=add) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert client.get_item(TableName="people", Key=KEY)["Item"]["many"] == {"N": "200"}


def test_an_operation_that_it_lacks_is_an_error(client):
    """And not an answer that looks like one."""
    with pytest.raises(client.exceptions.ClientError, match="UnknownOperationException"):
        client.list_backups()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (TARGET, 200),
        ({}, 400),
        ({**TARGET, "Origin": "http://there.example"}, 403),
        ({**TARGET, "Origin": "null"}, 403),
        ({**TARGET, "Host": "rebound.example"}, 403),
    ],
)
def test_over_http_it_answers_programs_of_this_machine_alone(headers, status):
    """A page of a browser has an Origin, or a name that was made to lead here."""

    async def ask() -> tuple[int, bytes]:
        server = web.Server(DynamoDB().serve)
        listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        async with ClientSession() as session:
            url = f"http://127.0.0.1:{port}{DYNAMODB_PATH}"
            async with session.post(url, data=b"{}", headers=headers) as answer:
                found = answer.status, await answer.read()
        listening.close()
        await server.shutdown(0)
        return found

    found, body = asyncio.run(ask())

    assert found == status
    assert (json.loads(body) if status == 200 else body) == ({"TableNames": []} if status == 200 else b"")
