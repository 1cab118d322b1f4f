"""Handlers that run one call at a time, in any order that they are told.

Each invocation of a handler is a greenlet. Each of its actions on the outside (a DynamoDB call, a post, a sleep) is an
`Operation`: the invocation stops *before* it and waits for the answer. Between two operations a handler touches nothing
that others see, so the order of operations is the whole schedule, and a list of `Move`s replays it exactly.

Greenlets rather than threads: a switch costs a microsecond instead of ten, a thousand of them cost nothing, and one
that is no longer wanted is simply dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import greenlet


class Fault(Enum):
    """A fault at an operation. Dying after one operation is dying before the next."""

    DIES = "the handler dies"
    THROTTLED = "the call is throttled"
    CONFLICT = "a transaction is in the way"
    REPEATED = "the answer is lost and the SDK repeats the call"
    GONE = "the socket turns out to be closed"
    BUSY = "the post is throttled"
    TWICE = "the frame is delivered twice"
    STALE = "a read that may be old sees nothing of late"


@dataclass(frozen=True, slots=True)
class Footprint:
    """The items that an operation depends on and changes; two that do not meet commute."""

    reads: frozenset[Hashable] = frozenset()
    writes: frozenset[Hashable] = frozenset()
    partitions_read: frozenset[Hashable] = frozenset()
    partitions_changed: frozenset[Hashable] = frozenset()
    everything: bool = False

    def meets(self, other: Footprint) -> bool:
        """Tell whether the order of two operations may matter."""
        if self.everything or other.everything:
            return True
        return not (
            self.writes.isdisjoint(other.writes)
            and self.writes.isdisjoint(other.reads)
            and self.reads.isdisjoint(other.writes)
            and self.partitions_read.isdisjoint(other.partitions_changed)
            and self.partitions_changed.isdisjoint(other.partitions_read)
        )


NOTHING = Footprint()
EVERYTHING = Footprint(everything=True)


@dataclass(frozen=True, slots=True)
class Operation:
    """One call to the outside, as data: `kind` and `name` say which, `site` says where in the product it is made."""

    kind: str
    name: str
    arguments: dict[str, Any]
    sentence: str
    footprint: Footprint
    faults: tuple[Fault, ...] = (Fault.DIES,)
    site: str = ""
    # Where a handler does two things at once (strands.py): the operations of which one is to be answered.
    alternatives: tuple[Operation, ...] = ()

    @property
    def each(self) -> tuple[Operation, ...]:
        """The operations that may be answered next."""
        return self.alternatives or (self,)


@dataclass(frozen=True, slots=True)
class Ending:
    """How an invocation ended: with an exception that it let through, or well."""

    failure: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Let one invocation perform its operation, perhaps with a fault; of several, the one at the place `strand`."""

    actor: str
    fault: Fault | None = None
    strand: int = 0

    def __str__(self) -> str:
        which = f"/{self.strand}" if self.strand else ""
        return self.actor + which + (f"!{self.fault.name}" if self.fault else "")

    @staticmethod
    def parse(text: str) -> Move:
        """Return the move that `str` wrote."""
        head, _, fault = text.strip().partition("!")
        actor, _, strand = head.partition("/")
        return Move(actor, Fault[fault] if fault else None, int(strand or 0))


class Invocation:
    """One run of a handler. `next` is what it waits for, or how it ended."""

    def __init__(self, call: Callable[[], Any], now: float) -> None:
        self._call = call
        self._greenlet = greenlet.greenlet(self._run)
        self.next: Operation | Ending = Ending()
        self._switch(now, self._greenlet.switch)

    def resume(self, answer: Any, now: float) -> None:
        """Give the answer to the operation and run to the next one."""
        self._switch(now, lambda: self._greenlet.switch(answer))

    def fail(self, error: BaseException, now: float) -> None:
        """Raise the error of the operation in the handler and run to the next one."""
        self._switch(now, lambda: self._greenlet.throw(error))

    def _run(self) -> Ending:
        try:
            self._call()
        except Exception as error:  # noqa: BLE001 - the world judges any exception of a handler
            return Ending(error)
        return Ending()

    def _switch(self, now: float, switch: Callable[[], Any]) -> None:
        _running.time = now
        self.next = switch()


class _Running:
    """The time that the running invocation sees."""

    time = 0.0


_running = _Running()


def now() -> float:
    """Return the time that the running invocation sees: it stands still until its next operation is answered."""
    return _running.time


def perform(operation: Operation) -> Any:
    """Stop before an operation until it is answered."""
    hub = greenlet.getcurrent().parent
    assert hub is not None, f"nobody answers outside an invocation: {operation.sentence}"
    return hub.switch(operation)


_forgotten_together: list[dict[Any, Any]] = []


def remembering() -> dict[Any, Any]:
    """Return a dictionary for what is kept of numbers, which is emptied when they begin anew."""
    _forgotten_together.append({})
    return _forgotten_together[-1]


_numbers: dict[Hashable, int] = remembering()


def intern(value: Hashable) -> int:
    """Return a small number that stands for a value, the same for equal values."""
    return _numbers.setdefault(value, len(_numbers))


def forget_numbers() -> None:
    """Begin anew: nothing that was numbered may be compared with what will be."""
    for each in _forgotten_together:
        each.clear()
