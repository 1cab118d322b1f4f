"""The steps of handlers, remembered.

A handler is deterministic: what it does next is a function of what it was told so far, its *history*. So each history
is run once in a greenlet; afterwards a world is plain data, which an exploration copies and branches without running
any handler again. If a greenlet is needed where none stands, one is led there by the recorded answers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from tests.simulation.schedule import Ending, Invocation, Operation, forget_numbers, intern

PARKED_MAX = 500  # greenlets kept where they stopped; beyond that the oldest are dropped and led back when needed
STEPS_MAX = 400  # no handler needs more; one that does is in an endless loop


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is an error, as data: each time it is raised anew."""

    operation: str
    code: str
    message: str
    reasons: Any = None
    item: Any = None

    def exception(self) -> ClientError:
        """Return the error as botocore raises it."""
        response: dict[str, Any] = {"Error": {"Code": self.code, "Message": self.message}, "ResponseMetadata": {}}
        if self.reasons is not None:
            response["CancellationReasons"] = self.reasons
        if self.item is not None:
            response["Item"] = self.item
        return ClientError(response, self.operation)  # type: ignore[arg-type]


@dataclass(slots=True)
class Moment:
    """One history: what came before, the last answer and its time, and what the handler does then."""

    before: int | None
    call: Callable[[], Any]
    answer: Any
    time: float
    next: Operation | Ending
    length: int


_programs: list[Program] = []


class Program:
    """All histories that were ever run."""

    def __init__(self) -> None:
        self._moments: dict[int, Moment] = {}
        self._parked: dict[int, Invocation] = {}
        _programs.append(self)

    def clear(self) -> None:
        """Forget every history."""
        self._moments.clear()
        self._parked.clear()

    def begin(self, identity: Hashable, call: Callable[[], Any], now: float) -> int:
        """Return the history of an invocation that has just started."""
        history = intern(("begin", identity, now))
        if history not in self._moments:
            invocation = Invocation(call, now)
            self._moments[history] = Moment(None, call, None, now, invocation.next, 1)
            self._park(history, invocation)
        return history

    def next(self, history: int) -> Operation | Ending:
        """Return what an invocation with this history does."""
        return self._moments[history].next

    def answer(self, history: int, answer: Any, now: float) -> int:
        """Return the history that an answer leads to."""
        after = intern((history, repr(answer), now))
        if after not in self._moments:
            before = self._moments[history]
            assert before.length < STEPS_MAX, "a handler does not end"
            invocation = self._parked.pop(history, None) or self._lead_to(history)
            tell(invocation, answer, now)
            self._moments[after] = Moment(history, before.call, answer, now, invocation.next, before.length + 1)
            self._park(after, invocation)
        return after

    def _park(self, history: int, invocation: Invocation) -> None:
        if isinstance(invocation.next, Ending):
            return
        self._parked[history] = invocation
        if len(self._parked) > PARKED_MAX:
            del self._parked[next(iter(self._parked))]

    def _lead_to(self, history: int) -> Invocation:
        """Return a new greenlet that has been told all that this history was told."""
        chain = [self._moments[history]]
        while chain[-1].before is not None:
            chain.append(self._moments[chain[-1].before])
        first = chain.pop()
        invocation = Invocation(first.call, first.time)
        for moment in reversed(chain):
            tell(invocation, moment.answer, moment.time)
            assert same(invocation.next, moment.next), f"a handler is not deterministic: {moment.next}"
        return invocation


def forget() -> None:
    """Forget every history and every number: what was kept of other worlds is of no use to the next one."""
    for program in _programs:
        program.clear()
    forget_numbers()


def tell(invocation: Invocation, answer: Any, now: float) -> None:
    """Hand an answer to a handler, or raise it."""
    if isinstance(answer, Refusal):
        invocation.fail(answer.exception(), now)
    else:
        invocation.resume(answer, now)


def same(one: Operation | Ending, other: Operation | Ending) -> bool:
    if isinstance(one, Ending) or isinstance(other, Ending):
        return type(one) is type(other)
    return one.sentence == other.sentence and one.arguments == other.arguments
