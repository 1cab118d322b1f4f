"""Rotating the keys behind pseudonyms."""

from __future__ import annotations

import argparse
from typing import Any

from functions.chat.aws.identity_keys import new_key
from functions.chat.aws.parameter_store import KEPT_SECONDS
from functions.chat.model.pseudonyms import Keyring
from infra.operator import audit
from infra.operator.office import Office, OperatorError
from infra.operator.output import Report
from infra.tools import account


def rotate(office: Office, _options: argparse.Namespace) -> Report:
    if office.is_local:
        raise OperatorError("The local gateway makes new keys each time it starts; IDENTITY_KEYS sets them.")
    return put_new_key(office, account.session().client("ssm"))


def put_new_key(office: Office, parameters: Any) -> Report:
    """Put a new key first. The one before still finds its bans; the one before that is forgotten."""
    name = f"/{office.stack_name}/identity-keys"
    try:
        found = parameters.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    except parameters.exceptions.ParameterNotFound:
        raise OperatorError(f"{name} is not there yet: the first visitor makes it.") from None
    rotated = Keyring.read(found).rotated(new_key())
    parameters.put_parameter(Name=name, Value=str(rotated), Type="SecureString", Overwrite=True)
    audit.write(office, office.who, "rotate keys")
    minutes = KEPT_SECONDS / 60
    return Report(sentence=f"{name} has a new key, in use everywhere within {minutes:.0f} minutes.")
