"""The way of a complaint from outside: it is a case with a clock, and its number tells how it stands."""

from __future__ import annotations

from functions.chat.backend import Backend
from functions.chat.model.case import Case
from functions.chat.model.complaints import DONE, KINDS, OPEN, REFUSED, ComplaintKind
from functions.chat.model.networks import OWN_MACHINE
from functions.chat.model.rates import COMPLAINTS_OF_ADDRESS
from functions.chat.model.record import HOUR
from functions.chat.protocol import errors
from functions.chat.protocol.errors import INVALID_MESSAGE, Refusal
from functions.chat.protocol.frames import Complain
from functions.chat.runtime import telemetry

UNKNOWN_SENTENCE = "There is no such complaint. Complaints are kept for 90 days."


def keep(backend: Backend, address: str | None, frame: Complain) -> Case:
    """Keep a complaint, or raise what is missing in it, or that its address sent enough for now."""
    kind = _kind_of(frame)
    _count(backend, address)
    number, now = backend.new_case_number(), backend.clock.now()
    case = Case(number, kind.code, now, note=frame.text, place=frame.place, name=frame.name, contact=frame.contact)
    backend.cases.open(case)
    telemetry.count("Complaints")
    telemetry.logger.info("complained", case=case.number, reason=kind.code)
    return case


def find(backend: Backend, number: str) -> Case:
    """Return the complaint of a number, or raise that there is none; a case of another kind is not told here."""
    case = backend.cases.get(number.upper())
    if case is None or case.complaint is None:
        raise Refusal(errors.UNKNOWN_CASE, UNKNOWN_SENTENCE)
    return case


def due_at(case: Case) -> float:
    """Return the time by which a complaint is to be decided."""
    assert case.complaint is not None, "only complaints have a clock of their own"
    return case.opened_at + case.complaint.hours * HOUR


def state_of(case: Case) -> str:
    """Return how a complaint stands, in a word."""
    return {None: OPEN, REFUSED: REFUSED}.get(case.decision, DONE)


def _kind_of(frame: Complain) -> ComplaintKind:
    for name in ("kind", "text"):
        if getattr(frame, name) is None:
            raise Refusal(INVALID_MESSAGE, f"`{name}` is missing.")
    kind = KINDS[str(frame.kind)]
    if kind.is_signed:
        for name in ("name", "contact", "place"):
            if not getattr(frame, name):
                raise Refusal(INVALID_MESSAGE, f"`{name}` is missing: the law wants it for this kind.")
        if not frame.honest:
            raise Refusal(INVALID_MESSAGE, "`honest` is missing: the law wants it for this kind.")
    return kind


def _count(backend: Backend, address: str | None) -> None:
    """Count a complaint of an address, but not of this machine itself, which everybody shares."""
    if address is None or address.startswith(OWN_MACHINE):
        return
    what = f"complaints {address}"
    if backend.shared_pace.pour(what, 1, COMPLAINTS_OF_ADDRESS) > 0:
        # A refused one takes nothing: else a person who tries again, or a neighbour's script, keeps the address out.
        backend.shared_pace.give_back(what, 1)
        raise errors.rate_limited()
