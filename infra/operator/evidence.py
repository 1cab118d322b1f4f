"""Reading what reports handed over: `show` opens it with the operator's key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from functions.chat.evidence import keeping
from functions.chat.evidence.chacha20_poly1305 import ForgedError
from functions.chat.evidence.x25519 import WeakKeyError
from functions.chat.model.stamps import bytes_of
from functions.chat.storage.cases import Case
from functions.chat.storage.record_items import case_key
from infra.operator.evidence_key import secret_key
from infra.operator.office import Office, OperatorError
from infra.operator.output import moment


def of_case(office: Office, case: Case, path: Path, still: Path | None) -> dict[str, Any]:
    """Return what was handed over with a case, with what was left out between the lines; the still goes to a file."""
    pk, _ = case_key(case.number)
    raw = office.table.get((pk, keeping.SORT_KEY))
    if raw is None:
        return {}
    sealed = keeping.EvidenceItem.from_raw_data(raw).sealed
    if not path.exists():
        return {"evidence": f"sealed, {len(sealed)} bytes; --key names the file with the key that opens it"}
    try:
        handed = keeping.open_sealed(secret_key(path), case.number, sealed)
    except (ForgedError, WeakKeyError):
        raise OperatorError(f"The key in {path} is not the one that case {case.number} was sealed to.") from None
    return dict([*_told(handed), *_picture(handed["still"], still)])


def _told(handed: dict[str, Any]) -> Iterator[tuple[str, str]]:
    last = [0, 0]
    for line in handed["lines"]:
        position, seq, at = line["position"], line["seq"], line["at"]
        left_out = seq - last[position] - 1
        gap = f"({left_out} left out) " if left_out else ""
        last[position] = seq
        member = "reporter" if position == handed["reporter"] else "reported"
        proof = "NOT PROVED, the reporter says so" if at is None else f"proved, {moment(at)}"
        yield f"{member}, line {seq}, {proof}", gap + line["text"]


def _picture(encoded: str | None, path: Path | None) -> Iterator[tuple[str, str]]:
    """Tell of the still. It is the reporter's bytes: a browser shows it safely, in its sandbox."""
    if encoded is None:
        return
    picture = bytes_of(encoded)
    if path is None:
        yield "still, NOT PROVED", f"{len(picture)} bytes; --still names the file to write it to"
        return
    path.write_bytes(picture)
    yield "still, NOT PROVED", f"written to {path}; look at it in a browser"
