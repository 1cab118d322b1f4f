"""ChaCha20-Poly1305 (RFC 8439): authenticated encryption with associated data. Pure."""

from __future__ import annotations

import struct
from hmac import compare_digest

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
_CONSTANTS = struct.unpack("<4I", b"expand 32-byte k")
_MASK = 0xFFFFFFFF
_PRIME = 2**130 - 5
_CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
# Of a double round: columns, then diagonals.
_QUARTERS = (
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
)  # fmt: skip


class ForgedError(ValueError):
    """The sealed bytes were not sealed with this key, or were changed."""


def seal(key: bytes, nonce: bytes, plain: bytes, associated: bytes) -> bytes:
    """Return the ciphertext with its tag."""
    cipher = _encrypt(key, nonce, plain)
    return cipher + _tag(key, nonce, cipher, associated)


def open_sealed(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    """Return what was sealed, or raise `ForgedError`."""
    cipher, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    if not compare_digest(tag, _tag(key, nonce, cipher, associated)):
        raise ForgedError("It was not sealed with this key.")
    return _encrypt(key, nonce, cipher)


def _encrypt(key: bytes, nonce: bytes, data: bytes) -> bytes:
    stream = b"".join(_block(key, nonce, 1 + index) for index in range((len(data) + 63) // 64))
    mixed = int.from_bytes(data, "big") ^ int.from_bytes(stream[: len(data)], "big")
    return mixed.to_bytes(len(data), "big")


def _tag(key: bytes, nonce: bytes, cipher: bytes, associated: bytes) -> bytes:
    """Return Poly1305 over both, each padded, and their lengths (RFC 8439, section 2.8)."""
    lengths = struct.pack("<QQ", len(associated), len(cipher))
    return _poly1305(_block(key, nonce, 0)[:32], _padded(associated) + _padded(cipher) + lengths)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 16)


def _poly1305(key: bytes, message: bytes) -> bytes:
    r, s = int.from_bytes(key[:16], "little") & _CLAMP, int.from_bytes(key[16:], "little")
    total = 0
    for at in range(0, len(message), 16):
        total = (total + int.from_bytes(message[at : at + 16] + b"\x01", "little")) * r % _PRIME
    return ((total + s) & (1 << 128) - 1).to_bytes(TAG_BYTES, "little")


def _block(key: bytes, nonce: bytes, counter: int) -> bytes:
    start = (*_CONSTANTS, *struct.unpack("<8I", key), counter, *struct.unpack("<3I", nonce))
    state = list(start)
    for _ in range(10):
        for a, b, c, d in _QUARTERS:
            state[a] = state[a] + state[b] & _MASK
            x = state[d] ^ state[a]
            state[d] = (x << 16 | x >> 16) & _MASK
            state[c] = state[c] + state[d] & _MASK
            x = state[b] ^ state[c]
            state[b] = (x << 12 | x >> 20) & _MASK
            state[a] = state[a] + state[b] & _MASK
            x = state[d] ^ state[a]
            state[d] = (x << 8 | x >> 24) & _MASK
            state[c] = state[c] + state[d] & _MASK
            x = state[b] ^ state[c]
            state[b] = (x << 7 | x >> 25) & _MASK
    return struct.pack("<16I", *(one + other & _MASK for one, other in zip(state, start, strict=True)))
