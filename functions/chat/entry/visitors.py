"""The visitor who opens a socket, as moderation may know them: a device that shows our token, and its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from functions.chat.backend import Backend
from functions.chat.model import pseudonyms
from functions.chat.model.networks import OWN_MACHINE
from functions.chat.model.pseudonyms import DEVICE_BYTES, Keyring
from functions.chat.model.rates import CONNECTS_OF_ADDRESS, CONNECTS_OF_DEVICE, CONNECTS_PER_WRITE, Rate
from functions.chat.runtime.leaky_bucket import Meter, Pace
from functions.chat.runtime.settings import EDGE, NOWHERE

DEVICE_PARAMETER = "device"
VIEWER_ADDRESS = "cloudfront-viewer-address"


class Visitor(NamedTuple):
    """A device, and its address under each key in use. `token` is for a device that had none."""

    device: str
    token: str | None
    addresses: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        """Whether nothing can be held against this device yet."""
        return self.token is not None


def see(backend: Backend, query: Mapping[str, str], headers: Mapping[str, str], source: str) -> Visitor:
    """Return the visitor behind a request to connect; `headers` are in lower case and passed the edge's check."""
    keyring = backend.keyring()
    address = _address(backend.settings.address_source, headers, source)
    addresses = pseudonyms.address_keys(keyring, address)
    known = pseudonyms.read_token(keyring, query.get(DEVICE_PARAMETER, ""))
    if known is not None:
        return Visitor(known, None, addresses)
    token, device = _new_device(backend, keyring)
    return Visitor(device, token, addresses)


def lets_in(backend: Backend, visitor: Visitor) -> bool:
    """Tell whether a device may open one more socket; one that has no token yet is refused nothing."""
    meter = backend.meter
    if meter is None or visitor.is_new:
        return True
    return _may_connect(backend, meter, visitor.device, CONNECTS_OF_DEVICE)


def is_in_a_storm(backend: Backend, visitor: Visitor) -> bool:
    """Tell whether very many newcomers of this address came lately: this one waits then, and is not refused."""
    meter = backend.meter
    if meter is None or not visitor.addresses or visitor.addresses[0].startswith(OWN_MACHINE):
        return False
    return not _may_connect(backend, meter, visitor.addresses[0], CONNECTS_OF_ADDRESS)


def _may_connect(backend: Backend, meter: Meter, key: str, rate: Rate) -> bool:
    what, now = f"connects {key}", backend.clock.now()
    if meter.take(what, rate, now) is not Pace.FINE:
        return False
    if not meter.batch(what, CONNECTS_PER_WRITE, now):
        return True
    seconds_over = backend.shared_pace.pour(what, CONNECTS_PER_WRITE, rate)
    meter.hold(what, now + seconds_over)
    return seconds_over == 0


def _new_device(backend: Backend, keyring: Keyring) -> tuple[str, str]:
    chance = backend.random.getrandbits(8 * DEVICE_BYTES).to_bytes(DEVICE_BYTES, "big")
    token = pseudonyms.new_token(keyring, chance, backend.clock.now())
    device = pseudonyms.read_token(keyring, token)
    assert device is not None, "a token that was just signed can be read"
    return token, device


def _address(address_source: str, headers: Mapping[str, str], source: str) -> str:
    """Return the client's address: the socket's, or behind CloudFront the one in its header (`address:port`)."""
    if address_source == NOWHERE:
        return ""
    if address_source == EDGE:
        return headers.get(VIEWER_ADDRESS, "").rpartition(":")[0].strip("[]")
    return source
