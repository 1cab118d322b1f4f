"""Reading the evidence of reports: the operator's key opens it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from functions.chat.evidence import keeping
from functions.chat.evidence.chacha20_poly1305 import ForgedError
from functions.chat.evidence.x25519 import WeakKeyError
from functions.chat.model.case import Case
from functions.chat.model.stamps import bytes_of
from infra.operator.evidence_key import open_owner_only, secret_key
from infra.operator.office import Office, OperatorError
from infra.operator.output import moment

REPORTER, REPORTED = "reporter", "reported"


class HandedLine(NamedTuple):
    """A line, its sender, the time when it passed if that is proved, and how many lines before it were left out."""

    member: str
    seq: int
    at: float | None
    left_out: int
    text: str


class Handed(NamedTuple):
    """The evidence of a case; without lines where no key opened it."""

    sealed_bytes: int
    lines: tuple[HandedLine, ...] | None = None
    still: bytes | None = None


def of_case(office: Office, case: Case, path: Path, still: Path | None) -> dict[str, Any]:
    """Return the evidence of a case, for `show`; the still goes to a file."""
    handed = opened(office, case, path)
    if handed is None:
        return {}
    if handed.lines is None:
        return {"evidence": f"sealed, {handed.sealed_bytes} bytes; --key names the file with the key that opens it"}
    return dict([*map(_told, handed.lines), *_picture(handed.still, still)])


def opened(office: Office, case: Case, path: Path) -> Handed | None:
    """Return the evidence of a case, opened by the key in a file if it is there; None for none."""
    sealed = sealed_of(office, case)
    if sealed is None:
        return None
    if not path.exists():
        return Handed(len(sealed))
    try:
        handed = keeping.open_sealed(secret_key(path), case.number, sealed)
    except (ForgedError, WeakKeyError):
        raise OperatorError(f"The key in {path} is not the one that case {case.number} was sealed to.") from None
    still = bytes_of(handed["still"]) if handed["still"] is not None else None
    return Handed(len(sealed), tuple(_lines(handed)), still)


def sealed_of(office: Office, case: Case) -> bytes | None:
    """Return the sealed evidence of a case, as it is kept; None for none."""
    raw = office.table.get(keeping.evidence_key(case.number))
    return None if raw is None else bytes(keeping.EvidenceItem.from_raw_data(raw).sealed)


def _lines(handed: dict[str, Any]) -> Iterator[HandedLine]:
    last = [0, 0]
    for line in handed["lines"]:
        seat, seq = line["position"], line["seq"]
        member = REPORTER if seat == handed["reporter"] else REPORTED
        yield HandedLine(member, seq, line["at"], seq - last[seat] - 1, line["text"])
        last[seat] = seq


def _told(line: HandedLine) -> tuple[str, str]:
    gap = f"({line.left_out} left out) " if line.left_out else ""
    proof = "NOT PROVED, the reporter says so" if line.at is None else f"proved, {moment(line.at)}"
    return f"{line.member}, line {line.seq}, {proof}", gap + line.text


def _picture(picture: bytes | None, path: Path | None) -> Iterator[tuple[str, str]]:
    """Tell of the still. It is the reporter's bytes: a browser shows it safely, in its sandbox."""
    if picture is None:
        return
    if path is None:
        yield "still, NOT PROVED", f"{len(picture)} bytes; --still names the file to write it to"
        return
    with open_owner_only(path, "wb") as file:
        file.write(picture)
    yield "still, NOT PROVED", f"written to {path}; look at it in a browser"
