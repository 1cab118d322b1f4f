"""The preserve bundle: all that is kept of a case in one file, with the log and a list of hashes, for an authority.

Beside the case's own entries the log has only numbers and hashes: they prove that nothing was left out or changed,
and tell nothing of other cases.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from functions.chat.model.case import Case
from infra.operator import audit, evidence, holds
from infra.operator.evidence_key import OWNER_ONLY, open_owner_only
from infra.operator.office import Office
from infra.operator.output import Report, moment
from infra.tools import chain
from infra.tools.chain import Witness

SUMS, ABOUT = "sha256sums.txt", "about.json"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day of a zip: the same case makes the same file
README = """\
All that is kept of one case, as it was when the bundle was made (about.json).
  case.json       the case: when, why, the pseudonyms of whom it is about, notes, decisions
  records.json    what is held against these pseudonyms; nobody can turn a pseudonym back into an address
  evidence.sealed what was handed over with a report, encrypted for the operator
  lines.json      the same, opened: `at` is when a line passed the server, null where only the reporter says so
  still.jpg       a picture that the reporter's page made; it proves nothing by itself
  log.jsonl       what operators decided, each entry with the SHA-256 of the one before; other cases by hashes only
  sha256sums.txt  the hashes of these files: sha256sum -c sha256sums.txt
"""


def preserve(office: Office, options: argparse.Namespace) -> Report:
    """Put a case on hold, and write its bundle."""
    case = holds.put(office, options.case, options.why)
    path: Path = options.to or Path(f"case-{case.number}.zip")
    data = make(office, case, options.key)
    with open_owner_only(path, "wb") as file:
        file.write(data)
    digest = sha256(data).hexdigest()
    audit.write(office, office.who, f"preserve {digest}", case.number)
    return Report(sentence=f"Case {case.number} is on hold. {path} has all of it; the log has its SHA-256, {digest}.")


def make(office: Office, case: Case, key: Path) -> bytes:
    """Return a case's bundle as a zip."""
    files = dict(_files(office, case, key))
    sums = "".join(f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted({**files, SUMS: sums.encode()}.items()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = OWNER_ONLY << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _files(office: Office, case: Case, key: Path) -> Iterator[tuple[str, bytes]]:
    log = audit.read(office)
    problems = list(chain.problems(log, Witness()))
    about = {"case": case.number, "made": moment(office.table.now()), "by": office.who, "table": office.table_name}
    yield (
        ABOUT,
        _json({**about, "why": case.kept_for, "log": problems or "whole: nothing is missing or changed"}),
    )
    yield "README.txt", README.encode()
    yield "case.json", _json(asdict(case))
    records = office.records.get([*case.subjects, case.reporter_device])
    yield "records.json", _json({name: asdict(record) for name, record in records.items()})
    yield "log.jsonl", b"".join(_line(entry, digest, case.number) for entry, digest in log)
    yield from _handed(office, case, key)


def _handed(office: Office, case: Case, key: Path) -> Iterator[tuple[str, bytes]]:
    """Give the evidence of a case: sealed as it is kept, and opened where the key is there."""
    sealed = evidence.sealed_of(office, case)
    if sealed is None:
        return
    yield "evidence.sealed", sealed
    handed = evidence.opened(office, case, key)
    if handed is not None and handed.lines is not None:
        yield "lines.json", _json([line._asdict() for line in handed.lines])
    if handed is not None and handed.still is not None:
        yield "still.jpg", handed.still


def _line(entry: audit.Entry, digest: str, case: str) -> bytes:
    told: Mapping[str, Any] = asdict(entry) if entry.case == case else {"number": entry.number}
    return json.dumps({**told, "digest": digest}, ensure_ascii=False).encode() + b"\n"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"
