"""The AWS clients, made once per process from one session.

They are botocore's own, as boto3's are underneath: importing boto3 as well would add a twelfth to a cold start. The
calls that every frame makes go a shorter way than botocore's own (direct.py), by its addresses, keys and limits. Every
session loads botocore's data again (about 45 ms), and pynamodb would make one for each model and thread, so all share
this one.

A call that hangs must not outlive what a handler gets: 1 s to connect, 2 s to answer, two attempts. A post to a socket
gets half of that, as a handler may meet several that hang.
"""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from botocore.config import Config
from botocore.credentials import CredentialResolver, Credentials, EnvProvider
from botocore.httpsession import where
from botocore.session import Session, get_session

from functions.chat.aws import direct, signing
from functions.chat.runtime import settings

CONNECT_SECONDS_MAX = 1
READ_SECONDS_MAX = 2
POST_SECONDS_MAX = 1  # API Gateway takes 10 ms; a slower post waits for its receiver's broken network
ATTEMPTS_MAX = 2
POOL_CONNECTIONS_MAX = 32  # as many as the local gateway runs handlers at once; Lambda uses two
SIGNED_HERE = frozenset({"dynamodb", "apigatewaymanagementapi", "sqs"})  # S3 has rules of its own
USER_AGENT = "passerby"  # botocore otherwise builds a long one twice for each call, 14 % of its time

# The services whose frequent calls are made without botocore, except behind a proxy.
SHORTENED: Mapping[str, Callable[[Any, direct.Way], Any]] = {
    "dynamodb": direct.DynamoDB,
    "apigatewaymanagementapi": direct.Management,
}

# At DEBUG these libraries log whole requests, with the words of people. No log level of an operator turns that on.
TALKATIVE = ("boto3", "botocore", "pynamodb", "urllib3")

# botocore's session is not safe to build clients from in two threads at once.
_LOCK = threading.Lock()


def dynamodb() -> Any:
    return _client("dynamodb")


def management() -> Any:
    """Return the client of the @connections API; its address is AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI."""
    return _client("apigatewaymanagementapi", read_timeout=POST_SECONDS_MAX)


def queues() -> Any:
    return _client("sqs")


def storage() -> Any:
    """Return the client of the site's bucket."""
    return _client("s3")


def credentials() -> Credentials | None:
    """Return the keys of this moment that all clients sign with, if there are any."""
    with _LOCK:
        found = _session().get_credentials()
        frozen = None if found is None else found.get_frozen_credentials()
    return None if frozen is None else Credentials(str(frozen.access_key), str(frozen.secret_key), frozen.token)


def config(read_timeout: float = READ_SECONDS_MAX) -> Config:
    """Return how often and how long a client tries."""
    return Config(
        connect_timeout=CONNECT_SECONDS_MAX,
        read_timeout=read_timeout,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS_MAX},
        max_pool_connections=POOL_CONNECTIONS_MAX,
        user_agent=USER_AGENT,
        parameter_validation=False,
        request_checksum_calculation="when_required",
        # None makes botocore look for proxies everywhere, which loads modules that nothing else needs.
        proxies=None if settings.names_proxy() else {},
    )


def _client(service: str, read_timeout: float = READ_SECONDS_MAX) -> Any:
    with _LOCK:
        return _make(service, read_timeout)


@lru_cache(maxsize=4)
def _make(service: str, read_timeout: float) -> Any:
    client, found = _session().create_client(service, config=config(read_timeout)), _session().get_credentials()
    if found is None:
        return client
    if service in SIGNED_HERE:
        signing.sign_with(client, found)
    return client if settings.names_proxy() else shortened(client, found)


def shortened(client: Any, found: Credentials) -> Any:
    """Return a client whose frequent calls go the short way, where it has any."""
    shorten = SHORTENED.get(client.meta.service_model.service_name)
    return client if shorten is None else shorten(client, direct.Way(client, found, ATTEMPTS_MAX, _trust))


def _trust() -> ssl.SSLContext:
    """Return the certificates that are trusted: those of botocore's bundle, or the operator's own."""
    return ssl.create_default_context(cafile=_session().get_config_variable("ca_bundle") or where())


@lru_cache(maxsize=1)
def _session() -> Session:
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    session = get_session()
    if settings.has_keys():
        # Lambda's keys are in the environment and last as long as the process, so botocore's nine other places are not
        # even prepared. A function from a snapshot has no keys here: it asks an address for them.
        session.register_component("credential_provider", CredentialResolver(providers=[EnvProvider()]))
    return session
