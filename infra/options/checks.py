"""How a value from `cdk.json` or `-c key=value` becomes a typed one, or a sentence about what it must be. Pure.

`cdk -c` passes every value as text, `cdk.json` as JSON: each check takes both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from functions.chat.evidence import x25519
from functions.chat.model.stamps import bytes_of

Check = Callable[[object], Any]

# Docs: CloudWatch Logs, PutRetentionPolicy; any other number is refused by the service, minutes into a deploy.
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096),
    *(1827, 2192, 2557, 2922, 3288, 3653),
)

# A name in Systems Manager's Parameter Store.
PARAMETER = r"/[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*"

# The characters of a tag (docs: "Tag naming limits and requirements" in "Tagging AWS Resources"); AWS keeps the keys
# that begin with aws: for itself, and every resource has one tag of ours besides.
_TAG_KEY = re.compile(r"(?!(?i:aws:))[\w .:/+@-]{1,128}")
_TAG_VALUE = re.compile(r"[\w .:/=+@-]{0,256}")
SITE_TAG = "passerby-site"
TAGS_MAX = 40

_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_DOMAIN = r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
_SPELLINGS: Mapping[object, bool] = {True: True, False: False, "true": True, "false": False}


def flag(value: object) -> bool:
    if isinstance(value, bool | str) and value in _SPELLINGS:
        return _SPELLINGS[value]
    raise ValueError("must be true or false")


def whole_number(minimum: int, maximum: int, or_zero: bool = False) -> Check:
    """Accept a whole number in a range; with `or_zero` also 0, which turns the option off."""

    def check(value: object) -> int:
        text = str(value)
        if isinstance(value, int | str) and not isinstance(value, bool) and re.fullmatch(r"[0-9]{1,12}", text):
            number = int(text)
            if minimum <= number <= maximum or (or_zero and number == 0):
                return number
        raise ValueError(f"must be a whole number from {minimum} to {maximum}{', or 0 for none' if or_zero else ''}")

    return check


def one_of(*choices: str) -> Check:
    """Accept one of a few words."""

    def check(value: object) -> str:
        if isinstance(value, str) and value in choices:
            return value
        raise ValueError(f"must be one of {', '.join(choices)}")

    return check


def matching(pattern: str, sentence: str, optional: bool = True) -> Check:
    """Accept text of a form that `sentence` describes; empty means unset where that is allowed."""

    def check(value: object) -> str:
        if isinstance(value, str) and (re.fullmatch(pattern, value) or (optional and not value)):
            return value
        raise ValueError(f"must be {sentence}")

    return check


def sealing_key(value: object) -> str:
    """Accept a public key that something can be sealed to, or nothing: another one would make each report fail."""
    if value == "":
        return ""
    try:
        x25519.agree(bytes(x25519.KEY_BYTES), bytes_of(value if isinstance(value, str) else ""))
    except x25519.WeakKeyError:
        raise ValueError("must be 32 bytes in base64url, as `make evidence-key` prints them, or empty") from None
    return str(value)


def retention_days(value: object) -> int:
    """Return a number of days that CloudWatch Logs accepts."""
    if isinstance(value, int | str) and not isinstance(value, bool) and str(value) in map(str, RETENTION_DAYS):
        return int(value)
    raise ValueError(f"must be one of {', '.join(map(str, RETENTION_DAYS))}")


def origins(value: object) -> tuple[str, ...]:
    """Return web origins, given as a list or separated by commas."""
    found = _parts(value)
    if found is not None and all(_ORIGIN.fullmatch(origin) for origin in found):
        return found
    raise ValueError("must be origins such as https://example.org (scheme and host, no path), separated by commas")


def urls(*schemes: str) -> Check:
    """Accept addresses of ICE servers, as a list or separated by commas."""

    def check(value: object) -> tuple[str, ...]:
        found = _parts(value)
        form = re.compile(rf"({'|'.join(schemes)}):[^\s,:]+(:[0-9]{{1,5}})?(\?transport=(udp|tcp))?")
        if found is not None and all(form.fullmatch(url) for url in found):
            return found
        raise ValueError(f"must be addresses such as {schemes[0]}:relay.example.org:3478, separated by commas")

    return check


def tags(value: object) -> tuple[tuple[str, str], ...]:
    """Return tags, given as an object, as its JSON or as `key=value` separated by commas."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    parts = () if isinstance(value, dict) else _parts(value)
    pairs = list(value.items()) if isinstance(value, dict) else [each.split("=", 1) for each in parts or ()]
    stripped = [(str(pair[0]).strip(), str(pair[-1]).strip()) for pair in pairs if len(pair) == 2]
    keys = [key for key, _ in stripped]
    if (
        parts is not None
        and len(set(keys)) == len(keys) == len(pairs) <= TAGS_MAX
        and SITE_TAG not in keys
        and all(_TAG_KEY.fullmatch(key) and _TAG_VALUE.fullmatch(text) for key, text in stripped)
    ):
        return tuple(stripped)
    raise ValueError(
        f"must be up to {TAGS_MAX} tags such as cost-centre=42, separated by commas; keys that begin with aws: and "
        f"{SITE_TAG} are taken"
    )


def _parts(value: object) -> tuple[str, ...] | None:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        return None
    return tuple(str(part).strip() for part in parts if str(part).strip())


email = matching(_EMAIL, "an e-mail address, or empty")
domain = matching(_DOMAIN, "a host name in lower case such as chat.example.org, or empty")
