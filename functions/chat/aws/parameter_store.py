"""Secrets: from the environment on one's own machine, from Parameter Store's encrypted parameters on AWS.

Standard parameters cost nothing, and one signed request reads one in about 60 ms, once a process and only in a function
that needs it. Secrets Manager costs $0.40 a month for the same, and the Lambda extension that caches secrets adds to
every cold start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from functions.chat.aws.signed_request import CallFailedError, Http, Request, credentials_from, post, sign

# Every process uses a changed secret after this time; until then the old secret must be accepted as well.
KEPT_SECONDS = 600.0
NOT_FOUND = "ParameterNotFound"  # one of many errors with the status 400: a throttled call has it, too

Value = TypeVar("Value")


def secret_from(
    environment: Mapping[str, str], plain: str, name: str, now: Callable[[], float], http: Http = post
) -> Callable[[], str]:
    """Return the function that gives a secret: `plain`, or the decrypted parameter of this name; "" without either."""
    if plain or not name:
        return lambda: plain
    return Parameter(ParameterStore(environment, http), name, str, now).read


class ParameterStore:
    """The two calls that encrypted parameters need."""

    def __init__(self, environment: Mapping[str, str], http: Http) -> None:
        self._environment = environment
        self._http = http

    def get(self, name: str) -> str:
        """Return a parameter's text. Raises CallFailedError."""
        text = self._call("GetParameter", Name=name, WithDecryption=True).get("Parameter", {}).get("Value")
        if not isinstance(text, str) or not text:
            raise CallFailedError("no_secret")
        return text

    def make(self, name: str, text: str) -> str:
        """Make a parameter, unless another process was quicker; return its text."""
        try:
            self._call("PutParameter", Name=name, Value=text, Type="SecureString", Overwrite=False)
        except CallFailedError:
            return self.get(name)
        return text

    def _call(self, operation: str, **fields: object) -> Mapping[str, Any]:
        region = self._environment.get("AWS_REGION", "us-east-1")
        url = self._environment.get("AWS_ENDPOINT_URL_SSM") or f"https://ssm.{region}.amazonaws.com/"
        headers = {"x-amz-target": f"AmazonSSM.{operation}", "content-type": "application/x-amz-json-1.1"}
        return self._http(sign(Request(url, fields, headers), "ssm", region, credentials_from(self._environment)))


class Parameter(Generic[Value]):
    """One encrypted parameter, read when it is first needed and again when it is old.

    `parse` makes a value of its text. `invent` gives the text of a parameter that nobody has made yet, where the reader
    may make it: CloudFormation cannot make an encrypted one.
    """

    def __init__(
        self,
        store: ParameterStore,
        name: str,
        parse: Callable[[str], Value],
        now: Callable[[], float],
        invent: Callable[[], str] | None = None,
    ) -> None:
        self._store = store
        self._name = name
        self._parse = parse
        self._now = now
        self._invent = invent
        self._value: Value | None = None
        self._read_at = 0.0

    def read(self) -> Value:
        """Return the value; an old reading serves on while Parameter Store does not answer. Raises CallFailedError."""
        if self._value is None or self._now() - self._read_at >= KEPT_SECONDS:
            try:
                self._value = self._parse(self._fetch())
                self._read_at = self._now()
            except CallFailedError:
                if self._value is None:
                    raise
        return self._value

    def _fetch(self) -> str:
        try:
            return self._store.get(self._name)
        except CallFailedError as failed:
            if self._invent is None or str(failed) != NOT_FOUND:
                raise
            return self._store.make(self._name, self._invent())
