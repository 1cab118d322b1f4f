"""The data that a person may erase of their own device: none of it protects anybody else (docs/mine.md, docs/trust.md).

A ban, the charges against a device, the bounds of its reports and every case stay. So an erased device gains nothing
over a new browser, and loses the advantages of a known one.
"""

from __future__ import annotations

from functions.chat.backend import Backend
from functions.chat.evidence.keeping import EvidenceItem, evidence_key
from functions.chat.model.people import Connection
from functions.chat.model.record import Record
from functions.chat.privacy.showing import CASES_AT_ONCE, Own, ban_of, behind, reports_of


def erase(backend: Backend, connection: Connection, device: str, after: int) -> Own:
    """Erase the items that may go, ten reports at once, and return none: `show` returns those that are left."""
    _, record = backend.records.change(device, Record.forgotten)
    reports, _ = reports_of(backend, device)
    end = after + CASES_AT_ONCE
    for number in reports[after:end]:
        _take_back(backend, number, device)
    return Own((), ban_of(backend, connection, record), behind(end, len(reports)))


def _take_back(backend: Backend, number: str, device: str) -> None:
    """Forget the words of an own report: now, where it was decided and locks nobody out, else with its case."""
    backend.cases.take_back(number, device)
    if backend.cases.forget_words(number, device):
        backend.table.delete(evidence_key(number), EvidenceItem.pk.exists())
