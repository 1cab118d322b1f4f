"""The AWS clients, made once per process from one session.

Every session loads botocore's data again (about 45 ms), and pynamodb would make one for each model and thread, so the
store and the management API share this one. A call that hangs must not outlive the 29 s that the platform gives a
route: 1 s to connect, 2 s to answer, two attempts.
"""

from __future__ import annotations

import logging
import threading
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config

CONNECT_SECONDS_MAX = 1
READ_SECONDS_MAX = 2
ATTEMPTS_MAX = 2
POOL_CONNECTIONS_MAX = 32  # as many as the local gateway runs handlers at once; Lambda uses one
USER_AGENT = "passerby"  # botocore otherwise builds a long one twice for each call, 14 % of its time

# At DEBUG they log whole requests, and with them what people say: no log level that an operator sets turns that on.
TALKATIVE = ("boto3", "botocore", "pynamodb", "urllib3")

# botocore's session is not safe to build clients from in two threads at once.
_LOCK = threading.Lock()


def dynamodb() -> Any:
    """Return the low-level DynamoDB client."""
    return _client("dynamodb")


def management() -> Any:
    """Return the client of the @connections API; its address is AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI."""
    return _client("apigatewaymanagementapi")


def queues() -> Any:
    """Return the client of the delay queue."""
    return _client("sqs")


def config() -> Config:
    """Return how often and how long every client tries."""
    return Config(
        connect_timeout=CONNECT_SECONDS_MAX,
        read_timeout=READ_SECONDS_MAX,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS_MAX},
        max_pool_connections=POOL_CONNECTIONS_MAX,
        tcp_keepalive=True,
        user_agent=USER_AGENT,
        parameter_validation=False,
    )


def _client(service: str) -> Any:
    with _LOCK:
        return _make(service)


@lru_cache(maxsize=3)
def _make(service: str) -> Any:
    return _session().client(service, config=config())


@lru_cache(maxsize=1)
def _session() -> boto3.Session:
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    return boto3.Session()
