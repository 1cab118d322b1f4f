"""X25519 (RFC 7748): a public key for a secret one, and the secret that two keys agree on. Pure.

Python's numbers are not constant in time. Here that reveals nothing: a secret key is used once, for one report, in a
process that holds what it protects (docs/decisions.md says why this is not a library's).
"""

from __future__ import annotations

KEY_BYTES = 32
_PRIME = 2**255 - 19
_A24 = 121665
_BASE = (9).to_bytes(KEY_BYTES, "little")


class WeakKeyError(ValueError):
    """A public key that is none, or of small order: the secret would be known to everybody."""


def public_key(secret: bytes) -> bytes:
    """Return the public key of 32 secret bytes."""
    return _multiply(secret, _BASE)


def agree(secret: bytes, public: bytes) -> bytes:
    """Return the shared secret, or raise `WeakKeyError` (RFC 7748, section 6.1)."""
    if len(public) != KEY_BYTES:
        raise WeakKeyError("An X25519 key has 32 bytes.")
    shared = _multiply(secret, public)
    if not any(shared):
        raise WeakKeyError("The key is of small order.")
    return shared


def _multiply(secret: bytes, point: bytes) -> bytes:
    """Return the scalar product by the Montgomery ladder of RFC 7748, section 5."""
    assert len(secret) == KEY_BYTES, "a secret key has 32 bytes"
    scalar = int.from_bytes(secret, "little") & ~7 & ~(1 << 255) | 1 << 254
    x1 = int.from_bytes(point, "little") & (1 << 255) - 1
    x2, z2, x3, z3, swapped = 1, 0, x1, 1, 0
    for step in range(254, -1, -1):
        bit = scalar >> step & 1
        if bit != swapped:
            x2, z2, x3, z3 = x3, z3, x2, z2
        swapped = bit
        a, b = x2 + z2, x2 - z2
        aa, bb = a * a % _PRIME, b * b % _PRIME
        da, cb = (x3 - z3) * a, (x3 + z3) * b
        x3, z3 = (da + cb) ** 2 % _PRIME, x1 * (da - cb) ** 2 % _PRIME
        x2, z2 = aa * bb % _PRIME, (aa - bb) * (aa + _A24 * (aa - bb)) % _PRIME
    if swapped:
        x2, z2 = x3, z3
    return (x2 * pow(z2, _PRIME - 2, _PRIME) % _PRIME).to_bytes(KEY_BYTES, "little")
