"""Sealed lines once more, from docs/sealed.md and with another library: what a client of somebody else would do."""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CONSONANTS, VOWELS = "bdfghjklmnprstvz", "aiou"


class Sealed(NamedTuple):
    """A line as it travels."""

    sealed: str
    commitment: str


class Keys(NamedTuple):
    """The secrets that two members of a room derive from their keys."""

    room: str
    line: tuple[bytes, bytes]
    opening: tuple[bytes, bytes]
    signal: tuple[bytes, bytes]
    words: str


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def join(*fields: str | int | bytes) -> bytes:
    encoded = [each if isinstance(each, bytes) else str(each).encode() for each in fields]
    return b"".join(len(each).to_bytes(4, "big") + each for each in encoded)


def keyed_hash(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


def new_key() -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(secrets.token_bytes(32))


def public(key: X25519PrivateKey) -> str:
    return text_of(key.public_key().public_bytes_raw())


def derive(own: X25519PrivateKey, peer: str, room: str, seat: int) -> Keys:
    """Return the keys of a room; `seat` is the own one."""
    secret = own.exchange(X25519PublicKey.from_public_bytes(bytes_of(peer)))
    publics = (public(own), peer) if seat == 0 else (peer, public(own))
    bits = HKDF(SHA256(), 7 * 32, b"passerby sealed 1", join(room, *publics)).derive(secret)
    keys = [bits[at : at + 32] for at in range(0, len(bits), 32)]
    words = " ".join(_proquint(int.from_bytes(keys[6][at : at + 2], "big")) for at in range(0, 10, 2))
    return Keys(room, (keys[0], keys[1]), (keys[2], keys[3]), (keys[4], keys[5]), words)


def opening(keys: Keys, seat: int, seq: int, text: str) -> bytes:
    return keyed_hash(keys.opening[seat], join(seq, text))


def seal(keys: Keys, seat: int, seq: int, text: str) -> Sealed:
    """Return the line `seq` of the member on `seat`."""
    commitment = keyed_hash(opening(keys, seat, seq, text), text.encode())
    associated = join("line", keys.room, seat, seq, commitment)
    sealed = AESGCM(keys.line[seat]).encrypt(commitment[:12], text.encode(), associated)
    return Sealed(text_of(sealed), text_of(commitment))


def open_line(keys: Keys, seat: int, seq: int, line: Sealed) -> str:
    """Return what the member on `seat` wrote; raises an error for a wrong one."""
    commitment = bytes_of(line.commitment)
    associated = join("line", keys.room, seat, seq, commitment)
    text = AESGCM(keys.line[seat]).decrypt(commitment[:12], bytes_of(line.sealed), associated).decode()
    assert seal(keys, seat, seq, text) == line, "the commitment is to what is in the line"
    return text


def _proquint(number: int) -> str:
    places = ((CONSONANTS, 12, 15), (VOWELS, 10, 3), (CONSONANTS, 6, 15), (VOWELS, 4, 3), (CONSONANTS, 0, 15))
    return "".join(letters[number >> shift & mask] for letters, shift, mask in places)
