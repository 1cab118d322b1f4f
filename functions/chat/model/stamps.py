"""The relay's stamp on a line: proof that it passed here, in this room, from this member, in this minute. Pure.

A room has a key of its own, made and deleted with the room: a stamp needs no other read, and is worth nothing in
another room or after the room. The relay stamps a commitment, so it need not know the line.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from typing import NamedTuple

KEY_BYTES = 16
OPENING_BYTES = 32
STAMP_BYTES = 16  # nobody guesses 128 bits; each guess is a report
# A line that was not sealed is committed to as one whose opening everybody knows.
PUBLIC_OPENING = bytes(OPENING_BYTES)
MINUTE = re.compile(r"[1-9][0-9]{0,9}")


class Line(NamedTuple):
    """A line as a report hands it over: which one of which member, its words, and their proof, if there is one."""

    seat: int
    seq: int
    text: str
    opening: bytes = b""
    stamp: str = ""


class Stamper(NamedTuple):
    """The stamper of one room's lines: the room's key in base64url, and its id."""

    key: str
    room: str

    def stamp(self, seat: int, seq: int, committed: bytes, now: float) -> str:
        """Return the stamp of a line that passes now: the minute since 1970, and 16 bytes in base64url."""
        minute = int(now // 60)
        return f"{minute}.{text_of(self._digest(seat, seq, minute, committed))}"

    def stamped_at(self, line: Line) -> float | None:
        """Return when a line was stamped, in epoch seconds; None when this text never was."""
        written, _, digest = line.stamp.partition(".")
        # An opening of another length is none: a keyed hash is the same for a key and for that key with zeros behind
        # it.
        if not MINUTE.fullmatch(written) or len(line.opening) != OPENING_BYTES:
            return None
        expected = self._digest(line.seat, line.seq, int(written), commitment(line.opening, line.text))
        return int(written) * 60.0 if hmac.compare_digest(bytes_of(digest), expected) else None

    def _digest(self, seat: int, seq: int, minute: int, committed: bytes) -> bytes:
        key = bytes_of(self.key)
        assert len(key) == KEY_BYTES, "a room's key is made with the room, and of one length"
        fields = ("stamp", self.room, seat, seq, minute)
        data = _joined(*(str(each).encode() for each in fields), committed)
        return hmac.digest(key, data, "sha256")[:STAMP_BYTES]


def commitment(opening: bytes, text: str) -> bytes:
    """Return the hash of a text under its opening: nobody finds another text with an opening for it."""
    return hmac.digest(opening, text.encode(), "sha256")


def bytes_of(text: str) -> bytes:
    """Return bytes written in base64url, in their one form; none at all for anything else."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
    return data if text_of(data) == text else b""


def text_of(data: bytes) -> str:
    """Return bytes in base64url, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _joined(*fields: bytes) -> bytes:
    """Put fields together, each behind its length, so that no two lists of fields give the same bytes."""
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)
