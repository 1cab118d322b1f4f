"""Every request that leaves the real clients, read from the wire: what was asked, and what AWS bills for it.

The clients are the product's own, with all of botocore and pynamodb; only the last step is another: DynamoDB's requests
end in the local one, posts to sockets in the caller's hands. Retries count as what they are, requests.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from functions.chat.aws import clients
from infra.local.dynamodb.service import DynamoDB
from tests.bench import units
from tests.bench.units import Raw

REGION = "eu-central-1"
SOCKETS_URL = "https://sockets.example/ws"
QUEUE_URL = "https://queue.example/"
CREDENTIALS = ("nobody", "nobody")  # a key and its secret
Post = Callable[[str, bytes], int]


@dataclass(frozen=True)
class Call:
    """One request: where to, what for, and its units. `text` is how a budget names it."""

    service: str
    text: str
    reads: float = 0.0
    writes: int = 0
    post_bytes: int = 0
    aside: bool = False  # made in a thread beside the handler's own, which does not wait for it

    def __str__(self) -> str:
        what = f"({self.text})" if self.aside else self.text
        billed = [f"{self.reads:g}r"] if self.reads else []
        billed += [f"{self.writes}w"] if self.writes else []
        return " ".join([what, *billed])


class Recorder:
    """Clients whose requests are noted."""

    def __init__(self) -> None:
        session, keys = boto3.Session(*CREDENTIALS, region_name=REGION), Credentials(*CREDENTIALS)
        self.dynamodb = clients.shortened(session.client("dynamodb", config=clients.config()), keys)
        management = session.client("apigatewaymanagementapi", config=clients.config(), endpoint_url=SOCKETS_URL)
        self.management = clients.shortened(management, keys)
        self.queues = session.client("sqs", config=clients.config(), endpoint_url=QUEUE_URL)
        self.behind = session.client("dynamodb")
        self.receive: Post = lambda connection_id, data: 410
        self._calls: list[Call] = []
        self._unsettled: Callable[[], Call] | None = None
        database = DynamoDB()
        database.lead(self.dynamodb)
        database.lead(self.behind)
        self.dynamodb.meta.events.register_first("before-send.dynamodb", self._note_table)
        self.management.meta.events.register_first("before-send.apigatewaymanagementapi", self._note_post)
        self.queues.meta.events.register_first("before-send.sqs", self._note_timer)

    def take(self) -> list[Call]:
        """Return the calls since the last time."""
        self._settle()
        calls, self._calls = self._calls, []
        return calls

    def _note_table(self, request: AWSPreparedRequest, **_: object) -> None:
        self._settle()
        operation = _text(request.headers["X-Amz-Target"]).partition(".")[2]
        body = json.loads(_body(request))
        if operation in ("GetItem", "BatchGetItem", "Query"):
            self._calls.append(self._read(operation, body))
            return
        keys = list(_keys_written(operation, body))
        before = [self._size(*key) for key in keys]
        # The item after an update is known when the update has been made.
        self._unsettled = lambda: self._written(operation, keys, before)

    def _read(self, operation: str, body: Raw) -> Call:
        table = body.get("TableName") or next(iter(body["RequestItems"]))
        if operation == "Query":
            items = self.behind.query(**body)["Items"]
            sizes, what = [sum(map(units.size, items))], _kind(_partition(body))
            consistent = body.get("ConsistentRead", False)
        else:
            wanted = [body] if operation == "GetItem" else [{"Key": key} for key in body["RequestItems"][table]["Keys"]]
            asked = body if operation == "GetItem" else body["RequestItems"][table]
            consistent = asked.get("ConsistentRead", False)
            sizes = [self._size(table, each["Key"]) for each in wanted]
            what = "+".join(_kind(each["Key"]["pk"]["S"]) for each in wanted)
        doubt = "" if consistent else " INCONSISTENT"
        return Call("dynamodb", f"{operation} {what}{doubt}", reads=units.read_units(sizes, consistent=consistent))

    def _written(self, operation: str, keys: list[tuple[str, Raw]], before: list[int]) -> Call:
        is_transaction = operation == "TransactWriteItems"
        after = [self._size(*key) for key in keys]
        total = sum(units.write_units(*pair, transaction=is_transaction) for pair in zip(before, after, strict=True))
        what = "+".join(_kind(key["pk"]["S"]) for _, key in keys)
        return Call("dynamodb", f"{operation} {what}", writes=total)

    def _note_post(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        aside = threading.current_thread() is not threading.main_thread()
        if not aside:
            self._settle()
        connection_id = unquote(request.url.rpartition("/")[2])
        if request.method == "DELETE":
            self._calls.append(Call("sockets", "close"))
            return _answer(request, self.receive(connection_id, b""))
        body = _body(request)
        self._calls.append(Call("sockets", f"post {json.loads(body)['type']}", post_bytes=len(body), aside=aside))
        return _answer(request, self.receive(connection_id, body))

    def _note_timer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        self._settle()
        self._calls.append(Call("queue", "SendMessage"))
        return _answer(request, 200, b'{"MessageId": "1"}')

    def _settle(self) -> None:
        unsettled, self._unsettled = self._unsettled, None
        if unsettled is not None:
            self._calls.append(unsettled())

    def _size(self, table: str, key: Raw) -> int:
        return units.size(self.behind.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item"))


class _Raw(BytesIO):
    def stream(self, *_: object, **__: object) -> Iterable[bytes]:
        yield self.read()


def _body(request: AWSPreparedRequest) -> bytes:
    assert isinstance(request.body, bytes | bytearray), "what has a body that is no stream"
    return bytes(request.body)


def _answer(request: AWSPreparedRequest, status: int, content: bytes = b"") -> AWSResponse:
    headers = HTTPHeaders()
    if status == 410:
        headers["x-amzn-errortype"] = "GoneException"
    return AWSResponse(request.url, status, headers, _Raw(content))


def _keys_written(operation: str, body: Raw) -> Iterable[tuple[str, Raw]]:
    """Yield table and key of each item that a request writes."""
    match operation:
        case "PutItem":
            yield body["TableName"], _key_of(body["Item"])
        case "UpdateItem" | "DeleteItem":
            yield body["TableName"], body["Key"]
        case "BatchWriteItem":
            for table, requests in body["RequestItems"].items():
                for each in requests:
                    ((kind, content),) = each.items()
                    yield table, _key_of(content["Item"]) if kind == "PutRequest" else content["Key"]
        case "TransactWriteItems":
            for each in body["TransactItems"]:
                ((kind, content),) = each.items()
                yield content["TableName"], _key_of(content["Item"]) if kind == "Put" else content["Key"]
        case _:
            raise AssertionError(f"{operation} is not known to write: say here what it costs")


def _key_of(item: Raw) -> Raw:
    return {"pk": item["pk"], "sk": item["sk"]}


def _partition(query: Raw) -> str:
    return next(str(value["S"]) for value in query["ExpressionAttributeValues"].values() if "#" in value.get("S", ""))


def _kind(partition: str) -> str:
    return partition.partition("#")[0]


def _text(header: str | bytes) -> str:
    return header.decode() if isinstance(header, bytes) else header
