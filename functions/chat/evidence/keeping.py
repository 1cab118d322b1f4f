"""The evidence of a report: it is verified, and kept so that only the operator can read it.

A line of the peer is kept if its stamp is genuine. Nothing proves the reporter's own lines, because the relay gives the
stamp of a line to its receiver only. Nothing proves a still, which the reporter's page made. Both are kept as the
reporter's word.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pynamodb.attributes import BinaryAttribute

from functions.chat.backend import Backend
from functions.chat.evidence import hpke
from functions.chat.model.people import Room
from functions.chat.model.stamps import Line, Stamper, bytes_of
from functions.chat.runtime import telemetry
from functions.chat.storage.cases import CASE_KEPT_SECONDS
from functions.chat.storage.record_items import case_key
from functions.chat.storage.table import Item, Key

STAMPS_KEPT_SECONDS = 24 * 3600  # as long as the room's item: an older stamp is worth nothing
MINUTE_SECONDS = 60


class EvidenceItem(Item):
    """The evidence of a case, sealed to the operator's key; it stands beside the case and expires with it."""

    sealed = BinaryAttribute(legacy_encoding=False)


class Kept(NamedTuple):
    """A line that is kept, with the time of its stamp; None where only its sender's word proves it."""

    line: Line
    at: float | None


class Handed(NamedTuple):
    """The evidence of a report: lines of both that may be kept, how many may not, and a still of the peer."""

    lines: tuple[Kept, ...] = ()
    refused: int = 0
    still: str | None = None


def keep(backend: Backend, case: str, seat: int, handed: Handed) -> None:
    """Keep the evidence of the member at `seat`. Condition: none is kept with this case yet."""
    recipient = backend.settings.evidence_key
    if not recipient or not (handed.lines or handed.refused or handed.still):
        return
    lines, refused, still = handed
    telemetry.tell("evidence", case=case, lines=len(lines), refused=refused, still=bool(still))
    if not lines and not still:
        return
    sealed = seal(bytes_of(recipient), case, seat, lines, still)
    item = EvidenceItem(*evidence_key(case), sealed=sealed, expires_at=backend.table.expiry(CASE_KEPT_SECONDS))
    backend.table.put(item, EvidenceItem.pk.does_not_exist())


def is_kept(backend: Backend, case: str) -> bool:
    """Tell whether evidence is kept with a case; asked first, as a refused write costs as much as a done one."""
    return backend.table.get(evidence_key(case)) is not None


def evidence_key(case: str) -> Key:
    """Return the key of a case's evidence, which stands beside the case."""
    return case_key(case)[0], "evidence"


def verified(room: Room, seat: int, lines: Iterable[Line], now: float) -> Iterator[Kept]:
    """Give the lines to keep, each once: each member's numbers grow from line to line, and no minute goes back."""
    stamper = Stamper(room.stamp_key, room.id) if room.stamp_key is not None else None
    earliest = max(room.opened_at, now - STAMPS_KEPT_SECONDS) - MINUTE_SECONDS
    latest = now if room.closed_at is None else room.closed_at
    last_seq, last_at = [0, 0], earliest
    for line in lines:
        is_own_word = line.seat == seat and not line.stamp
        at = stamper.stamped_at(line) if stamper is not None else None
        is_proved = at is not None and last_at <= at <= latest
        if not (is_proved or is_own_word) or line.seq <= last_seq[line.seat]:
            continue
        last_seq[line.seat] = line.seq
        last_at = at if at is not None else last_at
        yield Kept(line, at)


def seal(recipient: bytes, case: str, seat: int, kept: Iterable[Kept], still: str | None) -> bytes:
    """Return a case's evidence, sealed so that only the owner of the recipient's secret key reads it."""
    # Called so in evidence that was sealed before, which the operator reads for as long as the case is kept.
    lines = [{"position": line.seat, "seq": line.seq, "at": at, "text": line.text} for line, at in kept]
    handed = {"reporter": seat, "lines": lines, "still": still}
    return hpke.seal(recipient, os.urandom(32), _info(case), json.dumps(handed, ensure_ascii=False).encode())


def open_sealed(secret: bytes, case: str, sealed: bytes) -> dict[str, Any]:
    """Return a case's evidence; for the operator's tool, which holds the secret key."""
    handed: dict[str, Any] = json.loads(hpke.open_sealed(secret, sealed, _info(case)))
    return handed


def _info(case: str) -> bytes:
    """Bind sealed evidence to its case: it does not open beside another one."""
    return f"passerby evidence {case}".encode()
