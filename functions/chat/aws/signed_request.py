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

# Two strangers wait for this; a provider that takes longer is slower than no relay.
ANSWER_SECONDS_MAX = 1.5
ANSWER_BYTES_MAX = 64 * 1024


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
        raise CallFailedError(f"http_{refused.code}") from refused
    except (OSError, ValueError) as failed:
        raise CallFailedError("no_answer") from failed
    if not isinstance(answer, dict):
        raise CallFailedError("not_an_object")
    return answer


def sign(request: Request, service: str, region: str, credentials: Credentials) -> Request:
    """Return the request with AWS's signature (version 4) in its headers."""
    unsigned = AWSRequest("POST", request.url, {"content-type": "application/json", **request.headers}, request.data)
    SigV4Auth(credentials, service, region).add_auth(unsigned)
    return Request(request.url, request.body, dict(unsigned.headers.items()))


def credentials_from(environment: Mapping[str, str]) -> Credentials:
    """Return the role's credentials as Lambda puts them into the environment; a session would cost 45 ms."""
    key, secret = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
    if not key or not secret:
        raise CallFailedError("no_credentials")
    return Credentials(key, secret, environment.get("AWS_SESSION_TOKEN"))
