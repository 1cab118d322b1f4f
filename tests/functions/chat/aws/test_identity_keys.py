"""The keys behind pseudonyms: given, or made once in Parameter Store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from functions.chat.aws.identity_keys import KeyUnavailableError, age_secret_from, keyring_from, new_key
from functions.chat.aws.signed_request import CallFailedError, Request
from functions.chat.model.pseudonyms import Keyring
from functions.chat.runtime.settings import SettingError

ENVIRONMENT = {"IDENTITY_PARAMETER": "/Passerby/identity-keys", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "s"}


class ParameterStore:
    """Answers the two requests as Parameter Store does."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.requests: list[Request] = []
        self.failure: str | None = None
        self.meanwhile: str | None = None
        self.now = 1_800_000_000.0  # as clocks say it: the first reading was not made at 0

    def __call__(self, request: Request) -> Mapping[str, Any]:
        self.requests.append(request)
        if self.failure is not None:
            raise CallFailedError(self.failure)
        name = str(request.body["Name"])
        if request.headers["x-amz-target"] == "AmazonSSM.GetParameter":
            if name not in self.values:
                raise CallFailedError("ParameterNotFound")
            return {"Parameter": {"Value": self.values[name]}}
        assert request.headers["x-amz-target"] == "AmazonSSM.PutParameter"
        assert request.body["Type"] == "SecureString"
        if self.meanwhile is not None:
            self.values[name], self.meanwhile = self.meanwhile, None
        if name in self.values:
            assert request.body["Overwrite"] is False
            raise CallFailedError("ParameterAlreadyExists")
        self.values[name] = str(request.body["Value"])
        return {"Version": 1}

    def keyring(self, **environment: str) -> Any:
        return keyring_from({**ENVIRONMENT, **environment}, now=lambda: self.now, http=self)


@pytest.fixture
def store() -> ParameterStore:
    return ParameterStore()


def test_keys_from_the_environment_are_taken_as_they_are(store):
    """On one's own machine nothing is asked."""
    ring = Keyring((new_key(),))

    assert store.keyring(IDENTITY_KEYS=str(ring))() == ring
    assert store.requests == []


def test_the_first_process_makes_the_key_and_the_next_one_finds_it(store):
    """It is encrypted and made once."""
    first, second = store.keyring()(), store.keyring()()

    assert first == second
    assert len(first.keys[0].secret) == 32
    assert Keyring.read(store.values["/Passerby/identity-keys"]) == first


def test_of_two_processes_that_make_it_at_once_one_wins(store):
    """And both use what it made."""
    other = Keyring((new_key(),))
    store.meanwhile = str(other)

    assert store.keyring()() == other


def test_the_key_is_read_once_in_ten_minutes(store):
    """A rotation is in use everywhere then."""
    read = store.keyring()
    first = read()
    asked = len(store.requests)
    store.values["/Passerby/identity-keys"] = str(first.rotated(new_key()))
    assert read() == first
    assert len(store.requests) == asked

    store.now += 600
    assert read().keys[1] == first.keys[0]


def test_an_old_reading_serves_on_while_parameter_store_is_away(store):
    """Nobody is kept out for that."""
    read = store.keyring()
    first = read()
    store.failure = "no_answer"
    store.now += 600

    assert read() == first


@pytest.mark.parametrize(
    "failure", ["no_answer", "http_500", "http_400", "ThrottlingException", "AccessDeniedException"]
)
def test_without_any_key_a_client_is_asked_to_try_again(store, failure):
    """Also where the role may not read it, which AWS says with 400 as well."""
    store.failure = failure

    with pytest.raises(KeyUnavailableError):
        store.keyring()()
    assert [each.headers["x-amz-target"] for each in store.requests] == ["AmazonSSM.GetParameter"], "nothing is made"


def test_a_deployment_without_either_is_told_what_is_missing(store):
    """At the first connection, by name."""
    with pytest.raises(SettingError, match="IDENTITY_PARAMETER"):
        store.keyring(IDENTITY_PARAMETER="")()


def test_an_emulated_aws_is_reached_by_the_sdks_own_variable(store):
    """As for every other service."""
    store.keyring(AWS_ENDPOINT_URL_SSM="http://127.0.0.1:1/")()
    assert {request.url for request in store.requests} == {"http://127.0.0.1:1/"}

    store.keyring(AWS_REGION="eu-central-1")()
    assert store.requests[-1].url == "https://ssm.eu-central-1.amazonaws.com/"


def test_no_request_carries_more_than_the_key_and_its_name(store):
    """Nothing of anybody who connects."""
    store.keyring()()

    assert {name for request in store.requests for name in json.loads(request.data)} == {
        "Name", "WithDecryption", "Value", "Type", "Overwrite",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "secret"),
    [({}, ""), ({"AGE_SECRET": "plain"}, "plain"), ({"AGE_SECRET_PARAMETER": "/age"}, "kept")],
)
def test_the_age_providers_secret_is_given_or_kept_or_not_there(store, environment, secret):
    """Without one nobody has to prove anything."""
    store.values["/age"] = "kept"

    assert age_secret_from({**ENVIRONMENT, **environment}, now=lambda: store.now, http=store)() == secret
