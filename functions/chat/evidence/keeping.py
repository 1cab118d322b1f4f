"""What a report hands over: lines are verified, and what is genuine is kept so that only the operator can read it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator

from pynamodb.attributes import BinaryAttribute

from functions.chat.backend import Backend
from functions.chat.evidence import hpke
from functions.chat.model.people import Room
from functions.chat.model.stamps import Line, Stamper, bytes_of
from functions.chat.runtime import telemetry
from functions.chat.storage.cases import CASE_KEPT_SECONDS
from functions.chat.storage.record_items import case_key
from functions.chat.storage.table import Item

STAMPS_KEPT_SECONDS = 24 * 3600  # as long as the room's item: an older stamp is worth nothing
MINUTE_SECONDS = 60
SORT_KEY = "evidence"


class EvidenceItem(Item):
    """The lines of a case, sealed to the operator's key; beside the case, and gone with it."""

    sealed = BinaryAttribute(legacy_encoding=False)


def keep(backend: Backend, case: str, room: Room, lines: tuple[Line, ...]) -> None:
    """Keep the genuine ones among the lines that a report hands over. Condition: none are kept with this case yet."""
    recipient = backend.settings.evidence_key
    if not lines or not recipient:
        return
    genuine = list(verified(room, lines, backend.clock.now()))
    telemetry.tell("evidence", case=case, proved=len(genuine), refused=len(lines) - len(genuine))
    if not genuine:
        return
    sealed = seal(bytes_of(recipient), case, genuine)
    pk, _ = case_key(case)
    item = EvidenceItem(pk, SORT_KEY, sealed=sealed, expires_at=backend.table.expiry(CASE_KEPT_SECONDS))
    backend.table.put(item, EvidenceItem.pk.does_not_exist())


def verified(room: Room, lines: Iterable[Line], now: float) -> Iterator[tuple[Line, float]]:
    """Give the lines that passed here as they are, with the minute; each once, in the order in which they passed."""
    if room.stamp_key is None:
        return
    stamper = Stamper(room.stamp_key, room.id)
    earliest = max(room.opened_at, now - STAMPS_KEPT_SECONDS) - MINUTE_SECONDS
    latest = now if room.closed_at is None else room.closed_at
    last_seq, last_at = [0, 0], earliest
    for line in lines:
        at = stamper.stamped_at(line)
        if at is None or not last_at <= at <= latest or line.seq <= last_seq[line.position]:
            continue
        last_seq[line.position], last_at = line.seq, at
        yield line, at


def seal(recipient: bytes, case: str, genuine: Iterable[tuple[Line, float]]) -> bytes:
    """Return the lines of a case so that only the owner of the recipient's secret key reads them."""
    rows = [{"position": line.position, "seq": line.seq, "at": at, "text": line.text} for line, at in genuine]
    return hpke.seal(recipient, os.urandom(32), _info(case), json.dumps(rows, ensure_ascii=False).encode())


def open_sealed(secret: bytes, case: str, sealed: bytes) -> list[dict[str, object]]:
    """Return the lines of a case; for the operator's tool, which holds the secret key."""
    rows: list[dict[str, object]] = json.loads(hpke.open_sealed(secret, sealed, _info(case)))
    return rows


def _info(case: str) -> bytes:
    """Bind what is sealed to its case: it does not open beside another one."""
    return f"passerby evidence {case}".encode()
