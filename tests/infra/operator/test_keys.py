"""The keys behind pseudonyms are rotated in Parameter Store, and the log says by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.operator.keys import put_new_key
from infra.operator.office import Office, OperatorError
from tests.infra.operator.conftest import Desk

NAME = "/Chat/identity-keys"
KEYS = "1f2e:" + "11" * 32, "2e3d:" + "22" * 32


@pytest.fixture
def parameters() -> Iterator[Any]:
    nobody = boto3.Session("nobody", "nobody", region_name="eu-central-1")
    with mock_aws():
        yield nobody.client("ssm")


@pytest.fixture
def office(desk: Desk) -> Office:
    return replace(desk.office, is_local=False, stack_name="Chat")


def stored(parameters: Any) -> list[str]:
    found = parameters.get_parameter(Name=NAME, WithDecryption=True)["Parameter"]
    assert found["Type"] == "SecureString"
    return str(found["Value"]).split(",")


def test_a_new_key_comes_first_and_the_one_before_the_last_is_forgotten(desk: Desk, office: Office, parameters: Any):
    """Each rotation is an entry of the log."""
    parameters.put_parameter(Name=NAME, Value=",".join(KEYS), Type="SecureString")

    report = put_new_key(office, parameters)
    first, second = stored(parameters)
    assert first not in KEYS
    assert second == KEYS[0]
    assert "10 minutes" in report.sentence
    assert desk.log() == [("olga", "rotate keys", "")]

    put_new_key(office, parameters)
    assert stored(parameters)[1:] == [first]
    assert len(desk.log()) == 2


def test_keys_that_nobody_made_yet_are_not_rotated(desk: Desk, office: Office, parameters: Any):
    """A sentence says who makes them, and the log has nothing."""
    with pytest.raises(OperatorError, match="first visitor"):
        put_new_key(office, parameters)

    assert desk.log() == []
