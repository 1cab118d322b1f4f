"""Reading what reports handed over: `show` opens it with the operator's key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from functions.chat.evidence import keeping
from functions.chat.evidence.chacha20_poly1305 import ForgedError
from functions.chat.evidence.x25519 import WeakKeyError
from functions.chat.storage.cases import Case
from functions.chat.storage.record_items import case_key
from infra.operator.evidence_key import secret_key
from infra.operator.office import Office, OperatorError
from infra.operator.output import moment


def lines_of(office: Office, case: Case, path: Path) -> dict[str, Any]:
    """Return the lines that were handed over with a case, with what was left out between them."""
    pk, _ = case_key(case.number)
    raw = office.table.get((pk, keeping.SORT_KEY))
    if raw is None:
        return {}
    sealed = keeping.EvidenceItem.from_raw_data(raw).sealed
    if not path.exists():
        return {"evidence": f"sealed, {len(sealed)} bytes; --key names the file with the key that opens it"}
    try:
        rows: list[dict[str, Any]] = keeping.open_sealed(secret_key(path), case.number, sealed)
    except (ForgedError, WeakKeyError):
        raise OperatorError(f"The key in {path} is not the one that case {case.number} was sealed to.") from None
    return dict(_told(rows))


def _told(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    told, last = [], [0, 0]
    for row in rows:
        left_out = row["seq"] - last[row["position"]] - 1
        gap = f"({left_out} left out) " if left_out else ""
        last[row["position"]] = row["seq"]
        told.append((f"member {row['position']}, line {row['seq']}, {moment(row['at'])}", f"{gap}{row['text']}"))
    return told
