"""A table in moto or in memory, which can be looked at and changed behind the product's back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import boto3
from botocore.exceptions import ClientError

from functions.chat.storage import PARTITION_KEY, SORT_KEY

Key = tuple[str, str]
Item = dict[str, Any]
REGION = "eu-central-1"
_numbers = count()


@contextmanager
def mocked_client() -> Iterator[Any]:
    """Give a real client of DynamoDB whose requests end in moto."""
    from moto import mock_aws  # takes a second, and most tests need it not

    with mock_aws():
        yield boto3.client("dynamodb", region_name=REGION, aws_access_key_id="nobody", aws_secret_access_key="nobody")


class MotoTable:
    """One new table."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.name = f"passerby-{next(_numbers)}"
        kinds = {PARTITION_KEY: "HASH", SORT_KEY: "RANGE"}
        client.create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in kinds.items()],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in kinds],
            BillingMode="PAY_PER_REQUEST",
        )

    def items(self) -> dict[Key, Item]:
        """Return everything that the table holds; two of these are equal when nothing was written between them."""
        pages = self.client.get_paginator("scan").paginate(TableName=self.name, ConsistentRead=True)
        return {(item[PARTITION_KEY]["S"], item[SORT_KEY]["S"]): item for page in pages for item in page["Items"]}

    def change(self, key: Key, **attributes: Any) -> None:
        """Set attributes of an item, in DynamoDB's own form, or remove those given as None."""
        item = {**self.items()[key], **attributes}
        kept = {name: value for name, value in item.items() if value is not None}
        self.client.put_item(TableName=self.name, Item=kept)

    def drop(self, key: Key) -> None:
        """Delete an item."""
        self.client.delete_item(TableName=self.name, Key={PARTITION_KEY: {"S": key[0]}, SORT_KEY: {"S": key[1]}})

    def under(self, prefix: str) -> list[Key]:
        """Return the keys of the items whose partition begins so."""
        return sorted(key for key in self.items() if key[0].startswith(prefix))


class FaultyClient:
    """A client that notes what it is asked, and fails or lets others go first where it was told to."""

    def __init__(self, client: Any) -> None:
        self.meta = client.meta
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self._client = client
        self._faults: list[tuple[str, Any]] = []
        self.interruptions: dict[int, Callable[[], None]] = {}

    def interrupt(self, calls: int, action: Callable[[], None]) -> None:
        """Have something else happen after so many more calls, before the next one."""
        self.interruptions[len(self.requests) + calls] = action

    def fail(self, operation: str, *faults: Any) -> None:
        """Have the next calls of an operation raise these errors, or return these answers, in turn."""
        self._faults += [(operation, fault) for fault in faults]

    def asked(self, operation: str) -> list[dict[str, Any]]:
        return [request for name, request in self.requests if name == operation]

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> Any:
        interruption = self.interruptions.pop(len(self.requests), None)
        if interruption is not None:
            interruption()
        self.requests.append((operation, request))
        fault = next((each for each in self._faults if each[0] == operation), None)
        if fault is None:
            return self._client._make_api_call(operation, request)
        self._faults.remove(fault)
        if isinstance(fault[1], Exception):
            raise fault[1]
        return fault[1]


def refusal(code: str, *reasons: str) -> ClientError:
    """Return DynamoDB's error with this code; a cancelled transaction has a reason for each leg."""
    response: Any = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {}}
    if reasons:
        response["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return ClientError(response, "Any")


def rights_used(requests: Iterable[tuple[str, Any]]) -> tuple[set[str], set[str]]:
    """Return the actions that requests take, and how the keys begin that they name: of items, or of a partition."""
    asked, named = set(), set()
    for name, request in requests:
        asked.add(name)
        named.update(re.findall(r"'%s': \{'S': '(\w+)" % (":0" if name == "Query" else "pk"), str(request)))
    return asked, named
