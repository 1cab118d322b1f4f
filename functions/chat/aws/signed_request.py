"""One HTTPS call to a provider, signed for AWS where asked; small enough to be faked, quick enough for a pairing.

botocore's clients of these services would load a megabyte of descriptions (60 to 120 ms) for a single request each;
their requests are a signed JSON body, and the tests compare ours with botocore's own.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError

from functions.chat.aws import clients

# Two strangers wait for this; a provider that takes longer is slower than no relay.
ANSWER_SECONDS_MAX = 1.5
ANSWER_BYTES_MAX = 64 * 1024

# Where credentials are when their keys are not in the environment itself; without one of them the SDK would ask the
# network for two seconds on every machine that is no instance of EC2.
ELSEWHERE = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_PROFILE")


class CallFailedError(Exception):
    """A service outside gave no usable answer; the text is a code for the logs."""


@dataclass(frozen=True)
class Request:
    """A POST of JSON."""

    url: str
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """The body as it is sent and signed."""
        return json.dumps(self.body).encode()


Http = Callable[[Request], Mapping[str, Any]]


def post(request: Request) -> Mapping[str, Any]:
    """Return the answer's JSON object, or raise `CallFailedError` with a code."""
    headers = {"content-type": "application/json", "user-agent": "passerby", **request.headers}
    call = urllib.request.Request(request.url, request.data, headers, method="POST")  # noqa: S310 - the addresses are ours
    try:
        with urllib.request.urlopen(call, timeout=ANSWER_SECONDS_MAX) as response:  # noqa: S310
            answer = json.loads(response.read(ANSWER_BYTES_MAX))
    except urllib.error.HTTPError as refused:
        raise CallFailedError(_code(refused)) from refused
    except (OSError, ValueError) as failed:
        raise CallFailedError("no_answer") from failed
    if not isinstance(answer, dict):
        raise CallFailedError("not_an_object")
    return answer


def _code(refused: urllib.error.HTTPError) -> str:
    """Return the name of an error in the JSON protocol of AWS (its `__type`), else the status."""
    try:
        kind = json.loads(refused.read(ANSWER_BYTES_MAX))["__type"]
    except (OSError, ValueError, KeyError, TypeError):
        return f"http_{refused.code}"
    return str(kind).rpartition("#")[2] or f"http_{refused.code}"


def sign(request: Request, service: str, region: str, credentials: Credentials) -> Request:
    """Return the request with AWS's signature (version 4) in its headers."""
    unsigned = AWSRequest("POST", request.url, {"content-type": "application/json", **request.headers}, request.data)
    SigV4Auth(credentials, service, region).add_auth(unsigned)
    return Request(request.url, request.body, dict(unsigned.headers.items()))


def credentials_from(environment: Mapping[str, str]) -> Credentials:
    """Return the role's credentials: from the environment, or from the place that the environment names.

    A function that was started from a snapshot finds no keys in its environment but the address of credentials that
    change (docs: "Improving startup performance with Lambda SnapStart", "Credentials"); the SDK's session renews them.
    """
    key, secret = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
    if key and secret:
        return Credentials(key, secret, environment.get("AWS_SESSION_TOKEN"))
    try:
        found = clients.credentials() if any(environment.get(name) for name in ELSEWHERE) else None
    except BotoCoreError as failed:
        raise CallFailedError("no_credentials") from failed
    if found is None:
        raise CallFailedError("no_credentials")
    return found
