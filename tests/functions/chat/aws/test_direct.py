"""Calls that go the short way ask and answer what botocore's own would, and fail as those do."""

from __future__ import annotations

import json
import ssl
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.retries import standard
from botocore.session import Session

from functions.chat.aws import direct
from tests.functions.chat.aws.test_signing import AUTHORIZATION, signature_of
from tests.functions.child import output_of

SESSION = Session()  # it has read botocore's data then
KEYS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a session's token")
SIGNED = ["content-type", "host", "x-amz-date", "x-amz-security-token", "x-amz-target"]
KEY = {"pk": {"S": "ü"}, "sk": {"S": "room"}}
PUT = {"TableName": "t", "Item": {**KEY, "sealed": {"B": b"\x00\xff"}, "tags": {"L": [{"S": "a"}]}}}
REQUESTS: dict[str, dict[str, Any]] = {
    "GetItem": {"TableName": "t", "Key": KEY, "ConsistentRead": True},
    "PutItem": PUT,
    "Query": {
        "TableName": "t",
        "Limit": 20,
        "KeyConditionExpression": "#0 = :0",
        "ExpressionAttributeNames": {"#0": "pk"},
        "ExpressionAttributeValues": {":0": {"S": "queue#text#*#0"}},
    },
    "BatchWriteItem": {"RequestItems": {"t": [{"DeleteRequest": {"Key": KEY}}]}},
    "TransactWriteItems": {"TransactItems": [{"Put": PUT}]},
}
CODE = "com.amazonaws.dynamodb.v20120810#"
ITEM = {"Item": {"a": {"L": [{"S": "x"}, {"N": "1"}]}}}
LOST = {"__type": f"{CODE}ConditionalCheckFailedException", "message": "The conditional request failed", **ITEM}
CANCELLED = {
    "__type": f"{CODE}TransactionCanceledException",
    "Message": "Transaction cancelled",
    "CancellationReasons": [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Message": "no", **ITEM}],
}
THROTTLED = {"__type": f"{CODE}ThrottlingException", "message": "Rate exceeded"}
Answer = tuple[int, Any]
CLOSED: Answer = (0, {"closed": "without an answer"})
LATE: Answer = (0, {"late": "when nobody waits for it any more"})
READ_SECONDS, LATE_SECONDS_MAX = 0.1, 5.0


class AWS:
    """Gives the answers that it was handed, one after another, and keeps the requests."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.ends = Event()
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        aws = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                aws.asked.append((self.command, self.path, headers, body))
                answer = aws.answers.pop(0)
                if answer in (CLOSED, LATE):
                    self.close_connection = answer is CLOSED or aws.ends.wait(LATE_SECONDS_MAX)
                    return
                content = json.dumps(answer[1]).encode()
                self.send_response(answer[0])
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_DELETE = do_POST  # noqa: N815 - the standard library calls it so

            def log_message(self, *arguments: object) -> None:
                """Print nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture(scope="module")
def running() -> Any:
    aws = AWS()
    yield aws
    aws.ends.set()
    aws.server.shutdown()
    aws.server.server_close()


@pytest.fixture
def aws(running: AWS) -> AWS:
    running.asked.clear()
    running.answers.clear()
    return running


def trusting_nobody() -> ssl.SSLContext:
    raise AssertionError("plain HTTP asks for no certificate")


def request_of(operation: str) -> dict[str, Any]:
    """Return a request that nobody has had: botocore writes into those that it gets."""
    return deepcopy(REQUESTS[operation])


def clients_of(url: str, service: str = "dynamodb", read_timeout: float = 2.0) -> tuple[Any, Any, list[float]]:
    """Return botocore's client, the short one on it, and the pauses that the short one makes."""
    pauses: list[float] = []
    retries: Any = {"mode": "standard", "total_max_attempts": 1}
    client = SESSION.create_client(
        service,
        region_name="eu-central-1",
        endpoint_url=url,
        aws_access_key_id="nobody",
        aws_secret_access_key="nobody",
        config=Config(retries=retries, read_timeout=read_timeout),
    )
    way = direct.Way(client, KEYS, 2, trusting_nobody, pauses.append)
    return client, (direct.DynamoDB if service == "dynamodb" else direct.Management)(client, way), pauses


@pytest.mark.parametrize("operation", REQUESTS)
def test_a_call_of_items_asks_for_what_botocore_would(aws: AWS, operation: str):
    """The same document, to the same place, with what says which operation it is."""
    long, short, _ = clients_of(aws.url)
    aws.answers += [(200, {})] * 2
    for client in (long, short):
        client._make_api_call(operation, request_of(operation))

    documents = [json.loads(body) for _, _, _, body in aws.asked]
    assert all("ClientRequestToken" in each for each in documents) is (operation == "TransactWriteItems")
    for each in documents:
        each.pop("ClientRequestToken", None)
    assert documents[0] == documents[1]
    named = [
        {name: headers.get(name) for name in ("x-amz-target", "content-type", "host")} for _, _, headers, _ in aws.asked
    ]
    assert named[0] == named[1]
    assert aws.asked[0][:2] == aws.asked[1][:2] == ("POST", "/")


def test_the_answer_is_as_dynamodb_writes_it(aws: AWS):
    """Which is the form that the store reads; nothing is copied on the way."""
    _, short, _ = clients_of(aws.url)
    aws.answers += [(200, ITEM)]

    assert short._make_api_call("GetItem", request_of("GetItem")) == ITEM


def test_a_call_is_signed_as_aws_wants_it(aws: AWS):
    """The headers that arrive are those that were signed, with the body that arrives."""
    _, short, _ = clients_of(aws.url)
    aws.answers += [(200, {})]
    short._make_api_call("GetItem", request_of("GetItem"))
    method, path, headers, body = aws.asked[0]
    found = AUTHORIZATION.fullmatch(headers["authorization"])
    assert found is not None

    class Arrived:
        url = aws.url + path

    arrived: Any = Arrived()
    arrived.method, arrived.headers, arrived.body = method, Titled(headers), body
    assert found[2].split(";") == SIGNED
    assert found[3] == signature_of(arrived, "dynamodb", SIGNED)
    assert headers["x-amz-security-token"] == "a session's token"


class Titled(dict[str, str]):
    """Headers with names in small or capital letters."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())


ERRORS = {"lost": (400, LOST), "cancelled": (400, CANCELLED), "throttled": (400, THROTTLED), "broken": (500, {})}


@pytest.mark.parametrize("answer", ERRORS.values(), ids=ERRORS)
def test_an_error_is_the_one_that_botocore_raises(aws: AWS, answer: Answer):
    """With its code, its words, the reasons of a transaction, and the item that was asked for."""
    long, short, _ = clients_of(aws.url)
    aws.answers += [answer] * 3
    said = []
    for client in (long, short):
        with pytest.raises(ClientError) as raised:
            client._make_api_call("TransactWriteItems", request_of("TransactWriteItems"))
        told = raised.value.response
        status = told["ResponseMetadata"]["HTTPStatusCode"]
        said.append((told["Error"]["Code"], status, told.get("CancellationReasons"), told.get("Item")))
        assert told["Error"]["Message"] == answer[1].get("message", answer[1].get("Message", told["Error"]["Message"]))

    assert said[0] == said[1]


@pytest.mark.parametrize("said", [[], "busy", None, 7, {"code": 502}])
def test_an_error_in_other_words_is_one_all_the_same(aws: AWS, said: Any):
    """As of a proxy in between; its status is its code."""
    _, short, _ = clients_of(aws.url)
    aws.answers += [(502, said)] * 2
    with pytest.raises(ClientError) as raised:
        short._make_api_call("GetItem", request_of("GetItem"))

    assert raised.value.response["Error"] == {"Code": "502", "Message": ""}


@pytest.mark.parametrize(
    ("first", "sent"),
    [((400, LOST), 1), ((400, CANCELLED), 1), ((501, {}), 1), ((400, THROTTLED), 2), ((503, {}), 2), (CLOSED, 2)],
)
def test_a_call_that_may_pass_is_tried_once_more_after_a_pause(aws: AWS, first: Answer, sent: int):
    """And what was decided is not: the same transaction, so that one that was done already is not done twice."""
    _, short, pauses = clients_of(aws.url)
    aws.answers += [first, (200, {})]
    try:
        short._make_api_call("TransactWriteItems", request_of("TransactWriteItems"))
    except ClientError:
        assert sent == 1

    assert len(aws.asked) == sent
    assert len({json.loads(body)["ClientRequestToken"] for *_, body in aws.asked}) == 1
    assert len(pauses) == sent - 1
    assert all(0 <= each <= 1 for each in pauses)


def test_each_failure_that_botocore_tries_again_is_tried_again(aws: AWS):
    """Its own lists, of codes and of statuses, for the mode that our clients have."""
    _, short, _ = clients_of(aws.url)
    transient: Any = standard.TransientRetryableChecker
    throttled: Any = standard.ThrottledRetryableChecker
    codes = [*transient._TRANSIENT_ERROR_CODES, *throttled._THROTTLED_ERROR_CODES]
    failures = [
        *((400, {"__type": code}) for code in codes),
        *((each, {}) for each in transient._TRANSIENT_STATUS_CODES),
    ]
    assert len(failures) > 15
    for failure in failures:
        aws.answers += [failure, (200, ITEM)]
        assert short._make_api_call("GetItem", request_of("GetItem")) == ITEM, failure


def test_two_transactions_are_two(aws: AWS):
    """Each with a token of its own."""
    _, short, _ = clients_of(aws.url)
    aws.answers += [(200, {})] * 2
    for _ in range(2):
        short._make_api_call("TransactWriteItems", request_of("TransactWriteItems"))

    assert len({json.loads(body)["ClientRequestToken"] for *_, body in aws.asked}) == 2


@pytest.mark.parametrize(
    ("answer", "error"), [(CLOSED, ConnectionClosedError), (LATE, ReadTimeoutError), (None, EndpointConnectionError)]
)
def test_a_server_that_gives_no_answer_twice_has_failed(aws: AWS, answer: Answer | None, error: type[BotoCoreError]):
    """By botocore's own names, which every caller knows; the last of them was never there."""
    _, short, pauses = clients_of(aws.url if answer else "http://127.0.0.1:1", read_timeout=READ_SECONDS)
    aws.answers += [answer or CLOSED] * 2
    with pytest.raises(error):
        short._make_api_call("GetItem", request_of("GetItem"))

    assert len(pauses) == 1


def test_a_post_goes_to_the_socket_whose_id_is_meant(aws: AWS):
    """Encoded in the address, below the stage; closing one is another method at the same place."""
    _, short, _ = clients_of(f"{aws.url}/ws", "apigatewaymanagementapi")
    aws.answers += [(200, {})] * 2
    short.post_to_connection(ConnectionId="UJ2k/XcW=", Data=b"{}")
    short.delete_connection(ConnectionId="UJ2k/XcW=")

    place = "/ws/%40connections/UJ2k%2FXcW%3D"
    assert [(method, path.replace("@", "%40"), body) for method, path, _, body in aws.asked] == [
        ("POST", place, b"{}"),
        ("DELETE", place, b""),
    ]


def test_others_may_answer_in_its_place_and_hear_what_was_answered(aws: AWS):
    """As the local gateway does, in the one process that both run in."""
    client, short, _ = clients_of(aws.url)
    heard: list[Any] = []

    class Raw:
        def stream(self) -> list[bytes]:
            return [b'{"Count":0}']

    def answer(request: Any, **_: object) -> AWSResponse:
        heard.append(request.headers["X-Amz-Target"])
        headers: Any = {}
        raw: Any = Raw()
        return AWSResponse(request.url, 200, headers, raw)

    client.meta.events.register("before-send.dynamodb", answer)
    client.meta.events.register(direct.ANSWERED, lambda operation, answer, **_: heard.append((operation, answer)))

    assert short._make_api_call("Query", request_of("Query")) == {"Count": 0}
    assert heard == ["DynamoDB_20120810.Query", ("Query", {"Count": 0})]
    assert aws.asked == []


def test_any_other_call_is_botocores_own(aws: AWS):
    """Its method is the one that is found."""
    client, short, _ = clients_of(aws.url)

    assert short.describe_table.__self__ is client
    assert short.meta is client.meta


KINDS = """
from functions.chat.aws import clients

print([type(each()).__module__ for each in (clients.dynamodb, clients.management, clients.queues)])
"""
REGION = {"AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1"}


@pytest.mark.parametrize(("environment", "is_short"), [({}, True), ({"HTTPS_PROXY": "http://127.0.0.1:9"}, False)])
def test_the_short_way_leads_past_no_proxy(environment: dict[str, str], is_short: bool):
    """Where one is named, botocore's own client goes through it."""
    keys = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nobody"}
    kinds = output_of(
        KINDS, **REGION, **keys, **environment, AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI="http://x"
    ).strip()

    short, long = "functions.chat.aws.direct", "botocore.client"
    assert kinds == str([short, short, long] if is_short else [long] * 3)
