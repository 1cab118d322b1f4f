"""Tables are made and described, and what has expired goes."""

from __future__ import annotations

import pytest

from infra.local.database import table_definition
from infra.local.dynamodb.administration import AdministeredDatabase
from infra.local.dynamodb.values import DatabaseError

NAME = "people"


@pytest.fixture
def database() -> AdministeredDatabase:
    """A database with the product's table."""
    made = AdministeredDatabase()
    made.call("CreateTable", table_definition(NAME))
    return made


def put(database: AdministeredDatabase, sort_key: str, **more: dict[str, str]) -> None:
    """Write an item."""
    database.call("PutItem", {"TableName": NAME, "Item": {"pk": {"S": "a"}, "sk": {"S": sort_key}, **more}})


def test_a_table_is_made_once(database):
    """The second time is an error, and changes nothing."""
    put(database, "1")

    with pytest.raises(DatabaseError, match="ResourceInUseException"):
        database.call("CreateTable", table_definition(NAME))

    assert database.call("DescribeTable", {"TableName": NAME})["Table"]["ItemCount"] == 1


def test_a_table_that_is_not_there_is_an_error(database):
    """For each operation on it."""
    for operation in ("DescribeTable", "DeleteTable", "UpdateTimeToLive", "Scan"):
        with pytest.raises(DatabaseError, match="ResourceNotFoundException"):
            database.call(operation, {"TableName": "nobody"})


def test_expired_items_are_swept_away_and_nothing_else(database):
    """An item without the attribute stays, and so does one whose time has not come."""
    expiry = {"Enabled": True, "AttributeName": "expires_at"}
    database.call("UpdateTimeToLive", {"TableName": NAME, "TimeToLiveSpecification": expiry})
    put(database, "over", expires_at={"N": "99"})
    put(database, "to come", expires_at={"N": "101"})
    put(database, "for ever")

    database.sweep(100.0)

    found = database.call("Scan", {"TableName": NAME})["Items"]
    assert [item["sk"]["S"] for item in found] == ["to come", "for ever"]


def test_a_scan_finds_what_a_filter_lets_through(database):
    """And says how much it read."""
    put(database, "1", kind={"S": "case"})
    put(database, "2", kind={"S": "room"})

    found = database.call(
        "Scan",
        {"TableName": NAME, "FilterExpression": "kind = :k", "ExpressionAttributeValues": {":k": {"S": "case"}}},
    )

    assert ([item["sk"]["S"] for item in found["Items"]], found["ScannedCount"]) == (["1"], 2)


def test_a_deleted_table_is_gone(database):
    """With everything in it."""
    put(database, "1")
    database.call("DeleteTable", {"TableName": NAME})

    assert database.call("ListTables", {})["TableNames"] == []
    database.call("CreateTable", table_definition(NAME))
    assert database.call("Scan", {"TableName": NAME})["Count"] == 0
