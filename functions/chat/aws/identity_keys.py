"""The secret keys behind pseudonyms: from the environment, or on AWS from an encrypted parameter made at first use.

Parameter Store's standard parameters cost nothing, and CloudFormation cannot make an encrypted one; so the first
`$connect` makes it, and exactly one of many at once. Only `$connect` may read it. The operator's tool rotates it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from functions.chat.aws.parameter_store import Parameter
from functions.chat.aws.signed_request import CallFailedError, Http, Request, credentials_from, post, sign
from functions.chat.model.pseudonyms import Keyring, SecretKey
from functions.chat.runtime.settings import SettingError

# A rotated key is in use everywhere after this.
KEPT_SECONDS = 600.0
SECRET_BYTES = 32
NAME_BYTES = 2
NOT_FOUND = "ParameterNotFound"  # one of many errors with the status 400: a throttled call has it, too


class KeyUnavailableError(Exception):
    """The identity key cannot be read; a client tries again."""


def new_key() -> SecretKey:
    """Return a key that was never used."""
    return SecretKey(secrets.token_hex(NAME_BYTES), secrets.token_bytes(SECRET_BYTES))


def keyring_from(
    environment: Mapping[str, str], *, now: Callable[[], float], http: Http = post
) -> Callable[[], Keyring]:
    """Return what gives the keys: IDENTITY_KEYS, or the parameter that IDENTITY_PARAMETER names."""
    plain = environment.get("IDENTITY_KEYS", "")
    if plain:
        keyring = Keyring.read(plain)
        return lambda: keyring
    return KeyParameter(environment, now, http).read


def age_secret_from(
    environment: Mapping[str, str], *, now: Callable[[], float], http: Http = post
) -> Callable[[], str]:
    """Return what gives the secret of the age-assurance provider: AGE_SECRET, or AGE_SECRET_PARAMETER's; else ""."""
    plain, name = environment.get("AGE_SECRET", ""), environment.get("AGE_SECRET_PARAMETER", "")
    parameter = Parameter(environment, name, now, http)

    def read() -> str:
        try:
            return parameter.read() if name and not plain else plain
        except CallFailedError as failed:
            raise KeyUnavailableError(str(failed)) from failed

    return read


class KeyParameter:
    """The keys in Parameter Store, read when first needed and again when old."""

    def __init__(self, environment: Mapping[str, str], now: Callable[[], float], http: Http) -> None:
        self._environment = environment
        self._now = now
        self._http = http
        self._keyring: Keyring | None = None
        self._read_at = 0.0

    def read(self) -> Keyring:
        """Return the keys; an old reading serves on while Parameter Store does not answer."""
        if self._keyring is not None and self._now() - self._read_at < KEPT_SECONDS:
            return self._keyring
        try:
            self._keyring = self._fetch() or self._make()
            self._read_at = self._now()
        except CallFailedError as failed:
            if self._keyring is None:
                raise KeyUnavailableError(str(failed)) from failed
        return self._keyring

    def _fetch(self) -> Keyring | None:
        """Return the keys, or None when nobody has made any."""
        try:
            answer = self._call("GetParameter", Name=self._name, WithDecryption=True)
        except CallFailedError as failed:
            if str(failed) != NOT_FOUND:
                raise
            return None
        return Keyring.read(str(answer.get("Parameter", {}).get("Value")))

    def _make(self) -> Keyring:
        """Make the parameter, unless another process was quicker."""
        made = Keyring((new_key(),))
        try:
            self._call("PutParameter", Name=self._name, Value=str(made), Type="SecureString", Overwrite=False)
        except CallFailedError:
            found = self._fetch()
            if found is None:
                raise
            return found
        return made

    def _call(self, operation: str, **fields: object) -> Mapping[str, Any]:
        region = self._environment.get("AWS_REGION", "us-east-1")
        url = self._environment.get("AWS_ENDPOINT_URL_SSM") or f"https://ssm.{region}.amazonaws.com/"
        headers = {"x-amz-target": f"AmazonSSM.{operation}", "content-type": "application/x-amz-json-1.1"}
        return self._http(sign(Request(url, fields, headers), "ssm", region, credentials_from(self._environment)))

    @property
    def _name(self) -> str:
        name = self._environment.get("IDENTITY_PARAMETER", "")
        if not name:
            raise SettingError("Neither IDENTITY_KEYS nor IDENTITY_PARAMETER is set.")
        return name
