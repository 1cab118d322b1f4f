"""The order of the steps is the theory: an order that is reversed is noticed."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType

import pytest

from functions.chat import rooms
from functions.chat.matching import Search
from tests.simulation.explore import Exploration
from tests.simulation.invariants import Broken
from tests.simulation.program import forget
from tests.simulation.scenarios import BY_NAME
from tests.simulation.seen import connections

LOOKS = "if self._seeker.ticket_id is None and not self._wait():\n            return False"
LOOKS_NO_MORE = "if self._seeker.ticket_id is None:\n            return self._wait()"


@contextmanager
def rewritten(function: FunctionType, *changes: tuple[str, str]) -> Iterator[None]:
    """Let a function of the product do something else for a while."""
    source = textwrap.dedent(inspect.getsource(function))
    for before, after in changes:
        assert source.count(before) == 1, f"{function.__name__} has changed: say here what would be the wrong order now"
        source = source.replace(before, after)
    names: dict[str, FunctionType] = {}
    exec(source, dict(function.__globals__), names)
    code, function.__code__ = function.__code__, names[function.__name__].__code__
    forget()
    try:
        yield
    finally:
        function.__code__ = code
        forget()


class Together(Exploration):
    """An exploration in which nobody who came together with somebody is left waiting."""

    def visit(self, world, asleep):
        waiting = [name for name, item in connections(world).items() if "ticket_id" in item]
        if not world.moves() and len(waiting) > 1:
            raise Broken(f"{waiting} wait for each other")
        return super().visit(world, asleep)


def test_two_who_join_together_meet_without_anybody_sending_anything_again() -> None:
    """Whichever way their handlers run."""
    assert Together().run(BY_NAME["join and join"].world()).ends > 0


def test_not_looking_again_after_the_hint_is_noticed() -> None:
    """Connection first, hint second, look again third."""
    with (
        rewritten(Search._leaves_waiting, (LOOKS, LOOKS_NO_MORE)),
        pytest.raises(Broken, match="wait for each other"),
    ):
        Together().run(BY_NAME["join and join"].world())


def test_a_hint_before_the_connection_is_noticed() -> None:
    """Who reads it cannot claim it yet, leaves it out from then on, and may be the only one who looks."""
    enter = "if not self._backend.store.enter_queue(self._seeker, ticket_id, token.hash):"
    early = "early = replace(self._seeker, ticket_id=ticket_id).as_ticket()"
    put = "self._backend.queue.put({0}, self._backend.queue.partitions_of({0}))"
    with (
        rewritten(
            Search._wait, (put.format("ticket"), "pass"), (enter, f"{early}; {put.format('early')}\n    {enter}")
        ),
        pytest.raises(Broken, match="wait for each other"),
    ):
        Together().run(BY_NAME["join and join"].world())


def test_telling_before_closing_is_noticed() -> None:
    """Closed first, told second."""
    close = "ended = close(backend, room, position, reason)"
    with (
        rewritten(rooms.end, (close, f"tell_ended(backend, room, position, reason); {close}")),
        pytest.raises(Broken),
    ):
        Exploration().run(BY_NAME["both hang up"].world())
