"""The curve: the RFC's own examples, and any keys that the library agrees on."""

from __future__ import annotations

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from functions.chat.evidence import x25519
from functions.chat.evidence.x25519 import WeakKeyError

HEX = bytes.fromhex
# RFC 7748, section 6.1
ALICE = HEX("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
BOB_PUBLIC = HEX("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
SHARED = HEX("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")


def test_two_keys_agree_as_in_rfc_7748() -> None:
    assert x25519.agree(ALICE, BOB_PUBLIC) == SHARED
    assert x25519.agree(ALICE, BOB_PUBLIC[:31] + bytes([BOB_PUBLIC[31] | 128])) == SHARED, "the highest bit is masked"


def test_any_keys_agree_as_the_library_has_them_agree() -> None:
    chance = random.Random(7)
    for _ in range(20):
        secret, other = chance.randbytes(32), chance.randbytes(32)
        public = X25519PrivateKey.from_private_bytes(other).public_key()
        assert x25519.public_key(other) == public.public_bytes_raw()
        assert x25519.agree(secret, public.public_bytes_raw()) == X25519PrivateKey.from_private_bytes(secret).exchange(
            X25519PublicKey.from_public_bytes(public.public_bytes_raw())
        )


@pytest.mark.parametrize(
    "point", [bytes(32), b"\x01" + bytes(31), (2**255 - 20).to_bytes(32, "little"), b"", bytes(33)]
)
def test_a_weak_key_is_refused(point: bytes) -> None:
    with pytest.raises(WeakKeyError):
        x25519.agree(ALICE, point)
