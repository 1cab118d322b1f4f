"""Two calls of one handler at once: what threads do in the product (functions/chat/runtime/concurrency.py).

Each is a greenlet of its own below the handler's. While several of them wait for an answer, the handler offers all
their operations as one, and is told which of them was answered: so any order is a schedule, and a handler still is a
function of what it was told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import greenlet

from tests.simulation import schedule
from tests.simulation.program import Refusal
from tests.simulation.schedule import NOTHING, Operation


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one of several operations, by its place among them."""

    strand: int
    answer: Any


class Strand:
    """Work beside the handler's own. `next` is what it waits for; None when it has ended."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._greenlet = greenlet.greenlet(self._run)
        self.failure: Exception | None = None
        self.next: Operation | None = self._greenlet.switch()

    def answer(self, answer: Any) -> None:
        """Give it the answer to what it waits for."""
        if isinstance(answer, Refusal):
            self.next = self._greenlet.throw(answer.exception())
        else:
            self.next = self._greenlet.switch(answer)

    def _run(self) -> None:
        try:
            self._work()
        except Exception as failure:  # noqa: BLE001 - raised again by the caller that waits for it
            self.failure = failure


_beside: dict[greenlet.greenlet, tuple[Strand, ...]] = {}


@contextmanager
def side_by_side(work: Callable[[], object]) -> Iterator[None]:
    """Do `work` while the block runs, and wait for it; what it raises is raised here then."""
    handler, strand = greenlet.getcurrent(), Strand(work)
    outer = _beside.get(handler, ())
    _beside[handler] = (*outer, strand)
    try:
        yield
    finally:
        while strand.next is not None:
            _answer_one(None)
        _beside[handler] = outer
    if strand.failure is not None:
        raise strand.failure


def perform(operation: Operation) -> Any:
    """Stop before an operation until it is answered."""
    answered = None
    while answered is None and any(strand.next is not None for strand in _beside.get(greenlet.getcurrent(), ())):
        answered = _answer_one(operation)
    if answered is None:
        return schedule.perform(operation)
    if isinstance(answered.answer, Refusal):
        raise answered.answer.exception()
    return answered.answer


def _answer_one(own: Operation | None) -> Answered | None:
    """Have one operation answered, the handler's own or a strand's; return the answer if it was its own."""
    strands = [strand for strand in _beside[greenlet.getcurrent()] if strand.next is not None]
    offered = tuple(each for each in (own, *(strand.next for strand in strands)) if each is not None)
    several = Operation("several", "several", {}, " | ".join(each.sentence for each in offered), NOTHING)
    answered: Answered = schedule.perform(replace(several, alternatives=offered))
    if own is not None and answered.strand == 0:
        return answered
    strands[answered.strand - len(offered)].answer(answered.answer)
    return None
