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
from tests.simulation.invariants import Broken, waiting_people_can_be_found
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


class Found(Exploration):
    """An exploration in which whoever waits can be found, before anybody sends anything again."""

    def visit(self, world, asleep):
        if not world.moves():
            waiting_people_can_be_found(world)
        return super().visit(world, asleep)


class Seen(Exploration):
    """An exploration in which nobody sees a room that the one who waited was never told of."""

    def visit(self, world, asleep):
        told = [(event["room"], event["polite"]) for _, event in world.platform.posted if event["type"] == "paired"]
        ghosts = [room for room, polite in told if polite and (room, False) not in told]
        if not world.moves() and ghosts:
            raise Broken(f"{ghosts} are seen by one alone")
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


@pytest.mark.parametrize("name", ["join and hang up at once", "join and a waiting one leaves"])
def test_who_is_not_paired_after_all_can_still_be_found(name: str) -> None:
    """Whichever way the handlers run, and without a repeated `join`."""
    assert Found().run(BY_NAME[name].world()).ends > 0


def test_removing_hints_before_the_pairing_is_noticed() -> None:
    """Who loses the race leaves somebody waiting whom nobody sees."""
    claim = "claim = self._backend.store.pair("
    remove = "self._backend.queue.remove([candidate, *self._own_tickets()])"
    with (
        rewritten(Search._claim, (claim, f"{remove}; {claim}")),
        pytest.raises(Broken, match="no hint says so"),
    ):
        Found().run(BY_NAME["join and hang up at once"].world())


def test_a_room_is_seen_by_who_joined_only_after_who_waited() -> None:
    """The socket of who waited may be closed at any moment."""
    assert Seen().run(BY_NAME["join and a waiting one hangs up"].world()).ends > 0


def test_telling_the_joiner_before_the_waiter_is_noticed() -> None:
    """The waiter is told first: if its socket is gone, nobody sees that room."""
    post = "self._post({0}, to_{0}) is Delivery.GONE"
    waiter, joiner = f"if {post.format('waiter')}", f"joiner_is_gone = {post.format('joiner')}"
    told = "to_joiner = events.told_device(self._seeker.device_token, invite(self._backend, room, 1, tokens[1]))"
    with (
        rewritten(Search._announce, (told, "pass"), (joiner, "pass"), (waiter, f"{told}; {joiner}\n    {waiter}")),
        pytest.raises(Broken, match="seen by one alone"),
    ):
        Seen().run(BY_NAME["join and a waiting one hangs up"].world())
