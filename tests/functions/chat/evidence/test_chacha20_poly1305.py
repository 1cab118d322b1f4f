"""The cipher: the RFC's own example, and any text that the library seals."""

from __future__ import annotations

import random

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from functions.chat.evidence import chacha20_poly1305

HEX = bytes.fromhex
SIZES = (0, 1, 15, 16, 17, 63, 64, 65, 128, 1000)


def test_the_cipher_is_that_of_rfc_8439() -> None:
    key, nonce = (
        HEX("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
        HEX("070000004041424344454647"),
    )
    said = (
        b"Ladies and Gentlemen of the class of '99: "
        b"If I could offer you only one tip for the future, sunscreen would be it."
    )
    sealed = chacha20_poly1305.seal(key, nonce, said, HEX("50515253c0c1c2c3c4c5c6c7"))

    assert sealed[:16] == HEX("d31a8d34648e60db7b86afbc53ef7ec2")
    assert sealed[-16:] == HEX("1ae10b594f09e26a7e902ecbd0600691")


@pytest.mark.parametrize("size", SIZES)
def test_any_length_is_sealed_as_the_library_seals_it(size: int) -> None:
    chance = random.Random(size)
    key, nonce, plain, associated = (chance.randbytes(length) for length in (32, 12, size, size // 3))

    sealed = chacha20_poly1305.seal(key, nonce, plain, associated)

    assert sealed == ChaCha20Poly1305(key).encrypt(nonce, plain, associated)
    assert chacha20_poly1305.open_sealed(key, nonce, sealed, associated) == plain
