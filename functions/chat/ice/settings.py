"""Which relay an operator chose, read from the environment; docs/video.md explains each name.

TURN_PROVIDER: none (default), static, coturn, cloudflare or kinesis. STUN_URLS, TURN_URLS, KINESIS_CHANNEL_ARNS: lists,
separated by commas. TURN_SECRET, or on AWS the name of an encrypted parameter in TURN_SECRET_PARAMETER. TURN_USERNAME
(static), TURN_KEY_ID (cloudflare), TURN_TTL_SECONDS (coturn). RELAY_ONLY: empty (hide addresses while the relay works),
true (no video without it) or false (direct where possible). BLUR_UNTIL_REVEAL: true, if pictures are blurred until both
people reveal themselves; a person may choose otherwise for their own page.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping

from functions.chat.aws.parameter_store import secret_from
from functions.chat.aws.signed_request import credentials_from
from functions.chat.ice.coturn import TTL_SECONDS, Coturn, Static
from functions.chat.ice.provider import Hiding, Provider, Relays, uncounted
from functions.chat.runtime.settings import SettingError, one_of, texts, whole_number

TTL_SECONDS_MIN, TTL_SECONDS_MAX = 60, 86_400  # a slow start takes 20 s; a day is what the draft calls long
HIDING = {"": Hiding.WHEN_THERE, "true": Hiding.ALWAYS, "false": Hiding.NEVER}
NEEDED = {
    "none": (),
    "static": ("TURN_URLS", "TURN_USERNAME"),
    "coturn": ("TURN_URLS",),
    "cloudflare": ("TURN_KEY_ID",),
    "kinesis": ("KINESIS_CHANNEL_ARNS",),
}
WITH_SECRET = frozenset({"static", "coturn", "cloudflare"})


def relays_from(
    environment: Mapping[str, str],
    *,
    count: Callable[[str], None] = uncounted,
    now: Callable[[], float] = time.time,
) -> Relays:
    """Return the relays that the environment describes, or raise `SettingError` naming the variable that is wrong."""
    return Relays(_provider(environment, now), texts(environment, "STUN_URLS"), _hiding(environment), count)


def relay_urls(environment: Mapping[str, str]) -> list[str]:
    """Return the relay's addresses, which are no secret: the page tries them before the first call.

    Kinesis gives every room its own, so there is nothing to try in advance.
    """
    provider = _chosen(environment)
    if provider == "cloudflare":
        from functions.chat.ice import cloudflare  # noqa: PLC0415 - as below

        return list(cloudflare.URLS)
    return list(texts(environment, "TURN_URLS")) if provider in {"static", "coturn"} else []


def public_config(environment: Mapping[str, str] = os.environ) -> dict[str, object]:
    """Return the part of the page's `config.json` that is about video."""
    hides = _chosen(environment) != "none" and _hiding(environment) is not Hiding.NEVER
    blurred = one_of(environment, "BLUR_UNTIL_REVEAL", "false", "true") == "true"
    return {"video": {"relayUrls": relay_urls(environment), "hidesAddresses": hides, "blurUntilReveal": blurred}}


def _provider(environment: Mapping[str, str], now: Callable[[], float]) -> Provider | None:
    chosen = _chosen(environment)
    _require(environment, chosen)
    plain, name = environment.get("TURN_SECRET", ""), environment.get("TURN_SECRET_PARAMETER", "")
    secret = secret_from(environment, plain, name, now)
    match chosen:
        case "static":
            return Static(texts(environment, "TURN_URLS"), environment["TURN_USERNAME"], secret)
        case "coturn":
            ttl = whole_number(environment, "TURN_TTL_SECONDS", TTL_SECONDS, TTL_SECONDS_MAX, TTL_SECONDS_MIN)
            return Coturn(texts(environment, "TURN_URLS"), secret, ttl)
        case "cloudflare":
            # Loaded only where it is chosen: each would add a fiftieth to every cold start.
            from functions.chat.ice.cloudflare import Cloudflare  # noqa: PLC0415

            return Cloudflare(environment["TURN_KEY_ID"], secret)
        case "kinesis":
            from functions.chat.ice.kinesis import Kinesis  # noqa: PLC0415

            region = environment.get("AWS_REGION", "us-east-1")
            channels = texts(environment, "KINESIS_CHANNEL_ARNS")
            return Kinesis(channels, region, lambda: credentials_from(environment))
    return None


def _chosen(environment: Mapping[str, str]) -> str:
    return one_of(environment, "TURN_PROVIDER", *NEEDED)


def _require(environment: Mapping[str, str], chosen: str) -> None:
    for name in NEEDED[chosen]:
        if not environment.get(name):
            raise SettingError(f"TURN_PROVIDER is {chosen} and {name} is not set.")
    has_secret = environment.get("TURN_SECRET") or environment.get("TURN_SECRET_PARAMETER")
    if chosen in WITH_SECRET and not has_secret:
        raise SettingError(f"TURN_PROVIDER is {chosen} and neither TURN_SECRET nor TURN_SECRET_PARAMETER is set.")


def _hiding(environment: Mapping[str, str]) -> Hiding:
    text = environment.get("RELAY_ONLY", "")
    if text not in HIDING:
        raise SettingError("RELAY_ONLY is not empty, true or false.")
    return HIDING[text]
