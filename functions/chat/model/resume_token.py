"""The secret by which a lost connection is continued. Pure.

A token names its connection and carries a secret that only its client knows: the table keeps the secret's hash, so that
nobody who reads the table can continue a conversation. Each event that carries a token carries another one, and two
events may arrive in either order or not at all: so every token of the last few counts, until one of them is used.
"""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from functions.chat.model.stamps import bytes_of, text_of

SECRET_BITS = 192  # nobody guesses it, and a token stays a third of a frame's smallest part
HASH_BYTES = 16  # nobody finds another secret for 128 bits, and a connection keeps several


class Token(NamedTuple):
    """A connection and the secret that proves it."""

    connection_id: str
    secret: str

    def __str__(self) -> str:
        """Return the form that travels; opaque to clients."""
        return text_of(f"{self.secret} {self.connection_id}".encode())

    @property
    def hash(self) -> str:
        """Return what the table keeps."""
        return text_of(sha256(self.secret.encode()).digest()[:HASH_BYTES])


def read(text: str) -> Token | None:
    """Return the token in a frame, or None when it is none of ours."""
    try:
        decoded = bytes_of(text).decode()
    except UnicodeDecodeError:
        return None
    secret, separator, connection_id = decoded.partition(" ")
    return Token(connection_id, secret) if separator and secret and connection_id else None
