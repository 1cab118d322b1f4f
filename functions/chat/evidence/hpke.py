"""Hybrid public key encryption (RFC 9180): base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305, one message. Pure.

Randomness is handed in. Only the owner of the recipient's secret key opens a sealed message; even its sealer cannot.
"""

from __future__ import annotations

import hmac
import struct

from functions.chat.evidence import chacha20_poly1305, x25519

_KEM = b"KEM" + struct.pack(">H", 0x0020)  # DHKEM(X25519, HKDF-SHA256)
_SUITE = b"HPKE" + struct.pack(">HHH", 0x0020, 0x0001, 0x0003)
_MODE_BASE = b"\x00"


def seal(recipient: bytes, chance: bytes, info: bytes, plain: bytes, associated: bytes = b"") -> bytes:
    """Return the encapsulated key (32 bytes) and the ciphertext; `chance` are 32 random bytes, used once."""
    encapsulated = x25519.public_key(chance)
    shared = x25519.agree(chance, recipient)
    key, nonce = _schedule(shared, encapsulated, recipient, info)
    return encapsulated + chacha20_poly1305.seal(key, nonce, plain, associated)


def open_sealed(secret: bytes, sealed: bytes, info: bytes, associated: bytes = b"") -> bytes:
    """Return what was sealed for the owner of `secret`, or raise `ForgedError` or `WeakKeyError`."""
    encapsulated, cipher = sealed[: x25519.KEY_BYTES], sealed[x25519.KEY_BYTES :]
    shared = x25519.agree(secret, encapsulated)
    key, nonce = _schedule(shared, encapsulated, x25519.public_key(secret), info)
    return chacha20_poly1305.open_sealed(key, nonce, cipher, associated)


def _schedule(shared: bytes, encapsulated: bytes, recipient: bytes, info: bytes) -> tuple[bytes, bytes]:
    """Return key and nonce (RFC 9180, sections 4.1 and 5.1)."""
    extracted = _extract(_KEM, b"", b"eae_prk", shared)
    secret = _expand(_KEM, extracted, b"shared_secret", encapsulated + recipient, 32)
    context = _MODE_BASE + _extract(_SUITE, b"", b"psk_id_hash", b"") + _extract(_SUITE, b"", b"info_hash", info)
    base = _extract(_SUITE, secret, b"secret", b"")
    key = _expand(_SUITE, base, b"key", context, chacha20_poly1305.KEY_BYTES)
    return key, _expand(_SUITE, base, b"base_nonce", context, chacha20_poly1305.NONCE_BYTES)


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """Return one block of HKDF (RFC 5869): nothing here is longer."""
    assert length <= 32, "one block of SHA-256 is enough"
    labelled = struct.pack(">H", length) + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, labelled + b"\x01", "sha256")[:length]
