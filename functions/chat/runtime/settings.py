"""The operator's settings, read from the environment once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

GRACE_SECONDS = 20  # a phone that changes its network is back in 3 to 10 s; a peer that waits longer has been left
GRACE_SECONDS_MAX = 600  # a delay queue holds a message for 15 minutes at most
# The header in which CloudFront shows EDGE_SECRET. It sends none that begins with X-Edge- or X-Amz- (docs: "Custom
# headers that CloudFront can't add to origin requests").
EDGE_HEADER = "x-passerby-edge"

SHARDS_MAX = 64  # a search that finds nobody reads every shard, so each shard costs every lonely search a round trip


# Where a client's address is read: from its socket, or from CloudFront's header where only CloudFront can reach the
# gateway.
SOCKET, EDGE, NOWHERE = "socket", "edge", "nowhere"
# People behind one address who wait meet each other, so that many wait only where each wants something else.
PLACES_OF_ADDRESS = 200
PLACES_OF_ADDRESS_MAX = 5000  # all of them stand in one item
ONLINE_THRESHOLD_MAX = 1_000_000
PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy"})  # in small or in capital letters


class SettingError(ValueError):
    """An environment variable that cannot be used, named in the sentence."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`queue_shards` spreads the lobby for anyone over so many partitions (about 1,000 writes a second each).

    From `online_threshold` people on visitors are told how many are here; with 0 nobody is counted. The lines that
    reports hand over are sealed to `evidence_key`, the operator's public key; without one none are kept.
    """

    table_name: str
    queue_shards: int = 1
    allowed_origins: frozenset[str] = frozenset()
    edge_secret: str = ""
    metrics_namespace: str = "Passerby"
    grace_seconds: int = GRACE_SECONDS
    expiry_queue_url: str = ""
    address_source: str = SOCKET
    places_of_address: int = PLACES_OF_ADDRESS
    online_threshold: int = 0
    online_bucket: str = ""
    evidence_key: str = ""
    edge_secret_before: str = ""


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings, or raise `SettingError` naming the variable that is wrong."""
    table_name = environment.get("TABLE_NAME", "")
    if not table_name:
        raise SettingError("TABLE_NAME is not set.")
    return Settings(
        table_name=table_name,
        queue_shards=whole_number(environment, "QUEUE_SHARDS", 1, SHARDS_MAX),
        allowed_origins=frozenset(texts(environment, "ALLOWED_ORIGINS")),
        edge_secret=environment.get("EDGE_SECRET", ""),
        # The secret that CloudFront may still send during a rotation (infra/deploy/rotation.py).
        edge_secret_before=environment.get("EDGE_SECRET_BEFORE", ""),
        metrics_namespace=environment.get("METRICS_NAMESPACE") or "Passerby",
        grace_seconds=whole_number(environment, "GRACE_SECONDS", GRACE_SECONDS, GRACE_SECONDS_MAX),
        expiry_queue_url=environment.get("EXPIRY_QUEUE_URL", ""),
        address_source=one_of(environment, "ADDRESS_SOURCE", SOCKET, EDGE, NOWHERE),
        places_of_address=whole_number(environment, "PLACES_OF_ADDRESS", PLACES_OF_ADDRESS, PLACES_OF_ADDRESS_MAX),
        online_threshold=whole_number(environment, "ONLINE_THRESHOLD", 0, ONLINE_THRESHOLD_MAX, minimum=0),
        online_bucket=environment.get("ONLINE_BUCKET", ""),
        evidence_key=environment.get("EVIDENCE_KEY", ""),
    )


def log_level(environment: Mapping[str, str] = os.environ) -> str:
    """Return the level of the log, before a sample of the invocations logs more."""
    return environment.get("POWERTOOLS_LOG_LEVEL") or environment.get("LOG_LEVEL") or "INFO"


def has_keys(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether the keys that calls are signed with stand here, as on Lambda without snapshots."""
    return "AWS_ACCESS_KEY_ID" in environment


def names_proxy(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a proxy stands between this process and AWS."""
    return any(name.lower() in PROXIES for name in environment)


def texts(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the texts of a variable, which are separated by commas."""
    return tuple(each.strip() for each in environment.get(name, "").split(",") if each.strip())


def one_of(environment: Mapping[str, str], name: str, *choices: str) -> str:
    """Return a variable's text, which is one of the choices; the first where it is not set."""
    text = environment.get(name) or choices[0]
    if text not in choices:
        raise SettingError(f"{name} is not one of {', '.join(choices)}.")
    return text


def whole_number(environment: Mapping[str, str], name: str, default: int, maximum: int, minimum: int = 1) -> int:
    """Return a variable's whole number."""
    text = environment.get(name) or str(default)
    if not text.isdecimal() or not minimum <= int(text) <= maximum:
        raise SettingError(f"{name} is not a whole number from {minimum} to {maximum}.")
    return int(text)
