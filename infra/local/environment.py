"""The environment of the functions, and the functions themselves."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from functions.chat import backend as backends
from functions.chat.aws.identity_keys import new_key
from functions.chat.backend import SystemClock
from functions.chat.model.pseudonyms import Keyring
from functions.routes import EXPIRY, ROUTES, Handler, Route
from infra.local.core.bucket import BUCKET_NAME
from infra.local.core.workers import resting
from infra.operator.evidence_key import KEY_FILE, public_key

TABLE_NAME = "passerby"
REGION = "us-east-1"
# Keys of no account: the clients sign with them, and nothing on this machine checks the signature.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
LOOPBACK = "127.0.0.1,localhost,::1"


class HandlerError(Exception):
    """A handler cannot be loaded; the message is a sentence for the person at the console."""


def for_functions(
    database_url: str,
    management_url: str,
    queue_url: str,
    bucket_url: str = "",
    *,
    keep_credentials: bool,
    present: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """Return the variables that the gateway sets for the functions; all others stay what the operator made them.

    `keep_credentials`: the database is not the gateway's own, so the operator's credentials may be what opens it.
    """
    variables = {
        "AWS_ENDPOINT_URL_SQS": queue_url,
        "EXPIRY_QUEUE_URL": queue_url,
        "AWS_ENDPOINT_URL_S3": bucket_url,
        "ONLINE_BUCKET": BUCKET_NAME,
        # Two windows are enough to see it.
        "ONLINE_THRESHOLD": present.get("ONLINE_THRESHOLD") or "2",
        # Lines that a report hands over; `python -m infra.operator --local show` opens them with the same file.
        "EVIDENCE_KEY": present.get("EVIDENCE_KEY") or public_key(KEY_FILE),
        "TABLE_NAME": present.get("TABLE_NAME") or TABLE_NAME,
        "AWS_REGION": present.get("AWS_REGION") or REGION,
        "AWS_ENDPOINT_URL_DYNAMODB": database_url,
        "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": management_url,
        "AWS_EC2_METADATA_DISABLED": "true",
        # Pseudonyms of this run only, unless the operator wants them to last.
        "IDENTITY_KEYS": present.get("IDENTITY_KEYS") or str(Keyring((new_key(),))),
    }
    variables["AWS_DEFAULT_REGION"] = variables["AWS_REGION"]
    # A proxy of the machine's is not for addresses of the machine.
    variables["NO_PROXY"] = variables["no_proxy"] = _joined(
        present.get("NO_PROXY") or present.get("no_proxy"), LOOPBACK
    )
    if not (keep_credentials and _has_credentials(present)):
        variables |= CREDENTIALS
    return variables


@contextmanager
def applied(variables: Mapping[str, str], environment: MutableMapping[str, str] = os.environ) -> Iterator[None]:
    """Set `variables` for a while."""
    before = {name: environment.get(name) for name in variables}
    environment.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                environment.pop(name, None)
            else:
                environment[name] = value


class RestingClock(SystemClock):
    """The machine's clock; while a handler lets time pass, another one computes."""

    def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        with resting():
            super().sleep(seconds)


def with_resting_clock(handlers: Mapping[str, Handler]) -> dict[str, Handler]:
    """Return handlers that make way for others while they pause."""
    backend = replace(backends.default(), clock=RestingClock())

    def on(handler: Handler) -> Handler:
        def run(event: dict[str, Any], context: object) -> Any:
            return handler(event, context, backend=backend)  # type: ignore[call-arg]  # tests hand it one as well

        return run

    return {key: on(handler) for key, handler in handlers.items()}


def load_handlers(routes: Iterable[Route] = (*ROUTES, EXPIRY)) -> dict[str, Handler]:
    """Import the handler of every route that has one, and of the delay queue."""
    handlers: dict[str, Handler] = {}
    for route in routes:
        if route.module is None:
            continue
        try:
            handlers[route.key] = route.load_handler()
        except Exception as problem:
            # Importing runs foreign code, so anything may come out of it.
            reason = f"{type(problem).__name__}: {problem}"
            raise HandlerError(
                f"The handler of {route.key} ({route.handler_path}) does not load: {reason}"
            ) from problem
    return handlers


def _has_credentials(present: Mapping[str, str]) -> bool:
    return any(name in present for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI"))


def _joined(first: str | None, second: str) -> str:
    return f"{first},{second}" if first else second
