"""How moderation knows a person: by a device and an address, both as pseudonyms. Pure.

A device is a random id in a token that this server signed and a browser keeps; its key is a hash of the id. An address
is hashed with a secret key that an operator rotates, because every IPv4 address could be tried otherwise; IPv6 counts
by /48, as much as one household may have. The network that an address belongs to, /24 or /48, stands in its pseudonym,
with a hash of its own. The address itself is never stored and never logged.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
from hashlib import sha256
from typing import NamedTuple

from functions.chat.model.networks import ADDRESS, DEVICE, OWN_MACHINE
from functions.chat.model.stamps import bytes_of, text_of

KEY_BYTES_MIN = 16  # of a secret; shorter ones can be tried
KEYS_MAX = 2  # the current one, and the one before while bans of its time last
HASH_BYTES = 12  # 96 bits: two of a thousand million devices or networks are never taken for one
ADDRESS_BYTES = 6  # 48 bits: two of the 65,536 addresses of one network are not mistaken, either
DEVICE_BYTES = 12
TIME_BYTES = 5  # seconds since 1970, for the next 30,000 years
SIGNATURE_BYTES = 16
TOKEN_LENGTH_MAX = 64  # ours are 44 characters and the key's name; a longer one is none of ours
# Addresses that one person may have cheaply are one network: a /24 is rented as one, and a customer of IPv6 gets
# anything from a /64 to a /48. Each address of a /24 has a price and counts by itself. The addresses of a /48 have
# none, so a /48 also counts as one address.
IPV6_PREFIX = 48
NETWORK_PREFIXES = {4: 24, 6: 48}


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class KeyringError(ValueError):
    """The identity keys cannot be read; the sentence says how they are written."""


class SecretKey(NamedTuple):
    """A secret, and the short name that stands in each pseudonym and token made with it."""

    name: str
    secret: bytes

    def digest(self, purpose: str, data: bytes) -> bytes:
        """Return a keyed hash; `purpose` keeps a hash made for one use from counting in another."""
        return hmac.digest(self.secret, purpose.encode() + b"\0" + data, "sha256")


class Keyring(NamedTuple):
    """The keys in use: the first one for everything new, the others for pseudonyms and tokens of before a rotation."""

    keys: tuple[SecretKey, ...]

    @classmethod
    def read(cls, text: str) -> Keyring:
        """Return the keyring written as `name:secret`, the newest first, separated by commas; secrets are base64."""
        keys = tuple(_key_from(part.strip()) for part in text.split(",") if part.strip())
        if not 1 <= len(keys) <= KEYS_MAX or len({key.name for key in keys}) < len(keys):
            raise KeyringError(f"There are 1 to {KEYS_MAX} identity keys, each with a name of its own.")
        return cls(keys)

    def __str__(self) -> str:
        """Return the form that `read` takes."""
        return ",".join(f"{key.name}:{base64.b64encode(key.secret).decode()}" for key in self.keys)

    def rotated(self, key: SecretKey) -> Keyring:
        """Return the keyring with a new first key; the oldest goes."""
        return Keyring((key, *self.keys)[:KEYS_MAX])


def new_token(keyring: Keyring, chance: bytes, now: float) -> str:
    """Return a signed token for a device that has none; `chance` are random bytes.

    The time belongs to the form of the tokens that browsers keep; no rule depends on it.
    """
    assert len(chance) == DEVICE_BYTES, "a device's id is random and of one length"
    payload = chance + int(now).to_bytes(TIME_BYTES, "big")
    key = keyring.keys[0]
    return f"{key.name}.{text_of(payload + _signature(key, payload))}"


def read_token(keyring: Keyring, text: str) -> str | None:
    """Return the key of the device in a token that this server signed, and None for anything else."""
    name, _, rest = text.partition(".")
    key = next((key for key in keyring.keys if key.name == name), None)
    if key is None or len(text) > TOKEN_LENGTH_MAX:
        return None
    data = bytes_of(rest)
    payload, signature = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
    if len(payload) != DEVICE_BYTES + TIME_BYTES or not hmac.compare_digest(signature, _signature(key, payload)):
        return None
    return DEVICE + text_of(sha256(payload[:DEVICE_BYTES]).digest()[:HASH_BYTES])


def address_keys(keyring: Keyring, address: str) -> tuple[str, ...]:
    """Return an address's pseudonyms, one for each key in use, the current first; none for another text."""
    household = _household(address)
    if household is None:
        return ()
    kind = OWN_MACHINE if household.network_address.is_loopback else ADDRESS
    network = household.supernet(new_prefix=NETWORK_PREFIXES[household.version])
    return tuple(
        ".".join((f"{kind}{key.name}", _hash(key, network, HASH_BYTES), _hash(key, household, ADDRESS_BYTES)))
        for key in keyring.keys
    )


def _hash(key: SecretKey, network: Network, count: int) -> str:
    return text_of(key.digest(f"address/{network.prefixlen}", network.network_address.packed)[:count])


def _household(text: str) -> Network | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return ipaddress.IPv4Network(address)
    # One IPv4 address brings a /48 of 6to4 with it, and one of Teredo in each of 65,536 /48, at no price.
    carried = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
    if carried:
        return ipaddress.IPv4Network(carried)
    return ipaddress.IPv6Network((address, 128 if address.is_loopback else IPV6_PREFIX), strict=False)


def _key_from(text: str) -> SecretKey:
    name, _, encoded = text.partition(":")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not (name.isascii() and name.isalnum() and len(name) <= 8) or len(secret) < KEY_BYTES_MIN:
        raise KeyringError(f"An identity key is a name, a colon and at least {KEY_BYTES_MIN} bytes in base64.")
    return SecretKey(name, secret)


def _signature(key: SecretKey, payload: bytes) -> bytes:
    return key.digest("device", payload)[:SIGNATURE_BYTES]
