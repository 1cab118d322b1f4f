"""The secret keys behind pseudonyms: from the environment, or on AWS from an encrypted parameter made at first use.

The first `$connect` makes the parameter; of many at once exactly one does. Only Lambdas that know people (routes.py)
may read it. The operator's tool rotates it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import TypeVar

from functions.chat.aws.parameter_store import Parameter, ParameterStore, secret_from
from functions.chat.aws.signed_request import CallFailedError, Http, post
from functions.chat.model.pseudonyms import Keyring, SecretKey
from functions.chat.runtime.settings import SettingError

SECRET_BYTES = 32
NAME_BYTES = 2

Value = TypeVar("Value")


class KeyUnavailableError(Exception):
    """A key cannot be read; a client tries again."""


def new_key() -> SecretKey:
    """Return a key that was never used."""
    return SecretKey(secrets.token_hex(NAME_BYTES), secrets.token_bytes(SECRET_BYTES))


def keyring_from(
    environment: Mapping[str, str], *, now: Callable[[], float], http: Http = post
) -> Callable[[], Keyring]:
    """Return the function that gives the keys: of IDENTITY_KEYS, or of the parameter that IDENTITY_PARAMETER names."""
    plain, name = environment.get("IDENTITY_KEYS", ""), environment.get("IDENTITY_PARAMETER", "")
    if plain:
        keyring = Keyring.read(plain)
        return lambda: keyring
    if not name:
        raise SettingError("Neither IDENTITY_KEYS nor IDENTITY_PARAMETER is set.")
    store = ParameterStore(environment, http)
    return _or_later(Parameter(store, name, Keyring.read, now, lambda: str(Keyring((new_key(),)))).read)


def age_secret_from(
    environment: Mapping[str, str], *, now: Callable[[], float], http: Http = post
) -> Callable[[], str]:
    """Return the function that gives the age-assurance provider's secret: AGE_SECRET, AGE_SECRET_PARAMETER's, or ""."""
    plain, name = environment.get("AGE_SECRET", ""), environment.get("AGE_SECRET_PARAMETER", "")
    return _or_later(secret_from(environment, plain, name, now, http))


def _or_later(read: Callable[[], Value]) -> Callable[[], Value]:
    """Return `read`, with its failure as one that asks the client to try again."""

    def read_or_raise() -> Value:
        try:
            return read()
        except CallFailedError as failed:
            raise KeyUnavailableError(str(failed)) from failed

    return read_or_raise
