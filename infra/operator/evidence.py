"""Reading what reports handed over: `python -m infra.operator.evidence` makes the key, `show` opens with it."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Any

from functions.chat.evidence import keeping, x25519
from functions.chat.evidence.chacha20_poly1305 import ForgedError
from functions.chat.evidence.x25519 import WeakKeyError
from functions.chat.model.stamps import bytes_of, text_of
from functions.chat.storage.cases import Case
from functions.chat.storage.record_items import case_key
from infra.operator.office import Office, OperatorError
from infra.operator.output import moment

# The secret key, on the operator's machine only; .gitignore leaves it out.
KEY_FILE = Path("evidence.key")
OWNER_ONLY = 0o600


def public_key(path: Path) -> str:
    """Return the public key of the key in a file, which is made where there is none."""
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, OWNER_ONLY), encoding="ascii") as file:
            file.write(text_of(secrets.token_bytes(x25519.KEY_BYTES)) + "\n")
    except FileExistsError:
        pass
    return text_of(x25519.public_key(_read(path)))


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
        rows: list[dict[str, Any]] = keeping.open_sealed(_read(path), case.number, sealed)
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


def _read(path: Path) -> bytes:
    key = bytes_of(path.read_text(encoding="ascii").strip())
    if len(key) != x25519.KEY_BYTES:
        raise OperatorError(f"{path} holds no key of {x25519.KEY_BYTES} bytes in base64url.")
    return key


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else KEY_FILE
    sys.stdout.write(
        f"The secret key is in {chosen}: keep it, and keep it to yourself. What is sealed to it, only it opens.\n"
        f'The public key is for cdk.json: "evidence_key": "{public_key(chosen)}"\n'
    )
