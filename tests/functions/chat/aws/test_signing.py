"""Requests are signed as AWS's own signer signs them, and again when they are sent again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.session import Session

from functions.chat.aws import signing

KEYS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a session's token")
REGION = "eu-central-1"
SERVICES = {"dynamodb": "dynamodb", "apigatewaymanagementapi": "execute-api", "sqs": "sqs"}
CALLS: dict[str, Callable[[Any], object]] = {
    "dynamodb": lambda client: client.get_item(TableName="passerby", Key={"pk": {"S": "ü"}, "sk": {"S": "room"}}),
    "apigatewaymanagementapi": lambda client: client.post_to_connection(ConnectionId="L0SM9cOFvHcCIhw=", Data=b"{}"),
    "sqs": lambda client: client.send_message(QueueUrl="https://queue.example/1/q", MessageBody="hi", DelaySeconds=5),
}
AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})")


class Raw:
    """An answer that says nothing."""

    def stream(self) -> list[bytes]:
        return [b"{}"]


def sent_by(service: str, url: str, statuses: list[int]) -> list[AWSPreparedRequest]:
    """Return the requests of one call that is answered with these, one after another."""
    session = Session()
    client = session.create_client(
        service,
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id="another",
        aws_secret_access_key="another",
        config=Config(retries={"mode": "standard", "total_max_attempts": 2}),
    )
    signing.sign_with(client, KEYS)
    sent: list[AWSPreparedRequest] = []

    def answer(request: AWSPreparedRequest, **_: object) -> Any:
        sent.append(request)
        return AWSResponse(request.url, statuses[len(sent) - 1], HTTPHeaders(), Raw())

    client.meta.events.register_first("before-send", answer)
    CALLS[service](client)
    return sent


def text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def signature_of(request: AWSPreparedRequest, service: str, names: list[str]) -> str:
    """Return what botocore makes of the request with the headers that were signed."""
    headers = {name: text(request.headers[name]) for name in names if name != "host"}
    unsigned = AWSRequest(request.method, request.url, headers, request.body)
    unsigned.context["timestamp"] = text(request.headers["X-Amz-Date"])
    signer = SigV4Auth(KEYS, service, REGION)
    return str(signer.signature(signer.string_to_sign(unsigned, signer.canonical_request(unsigned)), unsigned))


@pytest.mark.parametrize("url", ["https://abc.execute-api.example/ws", "http://127.0.0.1:4566"])
@pytest.mark.parametrize("service", SERVICES)
def test_the_signature_is_the_one_that_aws_expects(service, url):
    """Of every service that is signed here, at any address, as botocore's own signer computes it."""
    (request,) = sent_by(service, url, [200])
    found = AUTHORIZATION.fullmatch(text(request.headers["Authorization"]))
    assert found is not None
    credential, listed, signature = found.groups()
    names = listed.split(";")

    assert (
        credential == f"AKIDEXAMPLE/{text(request.headers['X-Amz-Date'])[:8]}/{REGION}/{SERVICES[service]}/aws4_request"
    )
    assert signature == signature_of(request, SERVICES[service], names)


@pytest.mark.parametrize("service", SERVICES)
def test_everything_is_signed_that_has_to_be(service):
    """The host, the content's type, and each header of AWS's own (AWS: "Create a signed request")."""
    (request,) = sent_by(service, "https://abc.execute-api.example/ws", [200])
    listed = re.search(r"SignedHeaders=(\S+),", text(request.headers["Authorization"]))
    assert listed is not None
    headers = {name.lower() for name in request.headers}

    wanted = {name for name in headers if name.startswith("x-amz-")} | {"content-type"} & headers | {"host"}
    assert listed[1].split(";") == sorted(wanted)
    assert {"x-amz-date", "x-amz-security-token"} <= wanted


def test_a_request_that_is_sent_again_is_signed_again():
    """With one signature, and not with two."""
    first, second = sent_by("dynamodb", "https://dynamodb.example", [500, 200])

    for request in (first, second):
        assert [name.lower() for name, _ in request.headers.items()].count("authorization") == 1


def test_a_request_that_was_signed_before_has_the_newer_signature_only():
    """As of another day, which has another key."""
    request = AWSRequest("POST", "https://dynamodb.example", {"Content-Type": "text/plain"}, b"{}")
    for day in (1, 2):
        signing.sign(request, "dynamodb", REGION, KEYS.get_frozen_credentials(), datetime(2026, 1, day, tzinfo=UTC))

    assert request.headers.get_all("X-Amz-Date") == ["20260102T000000Z"]
    (authorization,) = request.headers.get_all("Authorization") or []
    request.context["timestamp"] = "20260102T000000Z"
    assert "/20260102/" in authorization
    del request.headers["Authorization"]
    signer = SigV4Auth(KEYS, "dynamodb", REGION)
    assert authorization.endswith(
        signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    )
