"""A provider's secret: from the environment on one's own machine, from Parameter Store on AWS.

Parameter Store's standard parameters cost nothing and one signed request reads one, about 60 ms, once a process and
only in a function that makes a video room. Secrets Manager costs $0.40 a month for the same, and the Lambda extension
that caches secrets adds to every cold start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from functions.chat.aws.signed_request import CallFailedError, Http, Request, credentials_from, post, sign

# A secret that was changed is in use everywhere after this; the old one must be accepted for as long.
KEPT_SECONDS = 600.0


def secret_from(environment: Mapping[str, str], now: Callable[[], float], http: Http = post) -> Callable[[], str]:
    """Return a function that gives TURN_SECRET, or the decrypted parameter that TURN_SECRET_PARAMETER names."""
    plain = environment.get("TURN_SECRET", "")
    name = environment.get("TURN_SECRET_PARAMETER", "")
    if plain or not name:
        return lambda: plain
    return Parameter(environment, name, now, http).read


class Parameter:
    """One encrypted parameter, read when it is first needed and again when it is old."""

    def __init__(self, environment: Mapping[str, str], name: str, now: Callable[[], float], http: Http) -> None:
        self._environment = environment
        self._name = name
        self._now = now
        self._http = http
        self._value = ""
        self._read_at = float("-inf")

    def read(self) -> str:
        """Return the value."""
        if self._now() - self._read_at >= KEPT_SECONDS:
            self._value = self._fetch()
            self._read_at = self._now()
        return self._value

    def _fetch(self) -> str:
        region = self._environment.get("AWS_REGION", "us-east-1")
        headers = {"x-amz-target": "AmazonSSM.GetParameter", "content-type": "application/x-amz-json-1.1"}
        request = Request(f"https://ssm.{region}.amazonaws.com/", {"Name": self._name, "WithDecryption": True}, headers)
        answer = self._http(sign(request, "ssm", region, credentials_from(self._environment)))
        value = answer.get("Parameter", {}).get("Value")
        if not isinstance(value, str) or not value:
            raise CallFailedError("no_secret")
        return value
