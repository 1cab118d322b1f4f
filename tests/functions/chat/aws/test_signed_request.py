"""A signed call: its keys, and the code of a refusal."""

from __future__ import annotations

import io
import json
import socket
import threading
import time
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from functions.chat.aws import signed_request
from functions.chat.aws.signed_request import CallFailedError, Request, credentials_from, post
from tests.functions.child import output_of

KEYS = {
    "AccessKeyId": "ASIASNAPSHOT",
    "SecretAccessKey": "hidden",
    "Token": "session",
    "Expiration": "2100-01-01T00:00:00Z",
}

PROGRAM = """
import os
from functions.chat.aws.signed_request import Request, credentials_from, sign
signed = sign(Request("https://ssm.eu-west-1.amazonaws.com/", {}), "ssm", "eu-west-1", credentials_from(os.environ))
print(signed.headers["Authorization"].partition("/")[0], signed.headers["X-Amz-Security-Token"])
"""


class Container(BaseHTTPRequestHandler):
    """The server that Lambda runs beside a function that was started from a snapshot."""

    def do_GET(self) -> None:
        is_ours = self.headers["Authorization"] == "token of this sandbox"
        self.send_response(200 if is_ours else 403)
        self.end_headers()
        self.wfile.write(json.dumps(KEYS).encode() if is_ours else b"")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def container() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Container)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v2/credentials"
    server.shutdown()
    thread.join()
    server.server_close()


def test_keys_come_from_the_environment_where_they_are_there():
    """As in every Lambda that was not started from a snapshot."""
    environment = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}
    found = credentials_from(environment)

    assert (found.access_key, found.secret_key, found.token) == ("id", "secret", "token")


def test_a_function_of_a_snapshot_asks_where_its_environment_points(container):
    """It has no keys in its environment, and signs all the same."""
    said = output_of(
        PROGRAM,
        AWS_CONTAINER_CREDENTIALS_FULL_URI=container,
        AWS_CONTAINER_AUTHORIZATION_TOKEN="token of this sandbox",
        AWS_EC2_METADATA_DISABLED="true",
        AWS_REGION="eu-west-1",
    )

    assert said.split() == ["AWS4-HMAC-SHA256", "Credential=ASIASNAPSHOT", "session"]


def test_the_developers_own_profile_signs_on_the_developers_own_machine(tmp_path):
    """As it opens the deployed table for the local gateway, it opens a relay that AWS lends."""
    (tmp_path / "keys").write_text("[own]\naws_access_key_id = AKIAOWN\naws_secret_access_key = hidden\n")
    program = PROGRAM.replace('signed.headers["X-Amz-Security-Token"]', '"-"')
    said = output_of(
        program, AWS_PROFILE="own", AWS_SHARED_CREDENTIALS_FILE=str(tmp_path / "keys"), AWS_REGION="eu-west-1"
    )

    assert said.split() == ["AWS4-HMAC-SHA256", "Credential=AKIAOWN", "-"]


@contextmanager
def answering(answer: bytes) -> Iterator[Request]:
    """Yield a request to a server that gives this answer, or none while the request waits."""
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as threads:
        done = threading.Event()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(answer)
                done.wait()

        threads.submit(serve)
        yield Request(f"http://127.0.0.1:{server.getsockname()[1]}/", {})
        done.set()


def test_a_provider_that_does_not_answer_is_given_up_while_two_strangers_wait():
    """After a second and a half."""
    began = time.monotonic()
    with answering(b"") as request, pytest.raises(CallFailedError, match="no_answer"):
        post(request)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(("length", "is_read"), [(10, True), (64 * 1024, False)])
def test_no_more_is_read_than_any_providers_answer_has(length, is_read):
    """64 KB: a broken provider fills no memory."""
    body = json.dumps({"relay": "x" * length}).encode()
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)) as request:
        if is_read:
            assert post(request) == {"relay": "x" * length}
        else:
            with pytest.raises(CallFailedError, match="no_answer"):
                post(request)


def test_without_keys_a_call_fails_with_a_code():
    """At once: nothing is looked for on the network."""
    with pytest.raises(CallFailedError, match="no_credentials"):
        credentials_from({})


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, b'{"__type": "ParameterNotFound"}', "ParameterNotFound"),
        (400, b'{"__type": "com.amazonaws.ssm#ThrottlingException", "message": "slow down"}', "ThrottlingException"),
        (400, b"[]", "http_400"),
        (400, b"", "http_400"),
        (503, b"<html>", "http_503"),
    ],
)
def test_a_refusal_has_the_name_that_aws_gives_it(status, body, code):
    """Its status says little: a missing parameter and a throttled call are both 400."""
    refused = urllib.error.HTTPError("https://ssm", status, "", Message(), io.BytesIO(body))

    assert signed_request._code(refused) == code
