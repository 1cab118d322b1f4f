"""The order of the steps is the theory: an order that is reversed is noticed."""

from __future__ import annotations

import pytest

from functions.chat.conversation import announce, ending
from functions.chat.conversation.search import Search
from tests.simulation.explore import Exploration
from tests.simulation.invariants import Broken, waiting_people_can_be_found
from tests.simulation.rewriting import rewritten
from tests.simulation.scenarios import BY_NAME
from tests.simulation.schedule import Fault
from tests.simulation.seen import connections
from tests.simulation.seen import rooms as rooms_of

LOOKS = "if self._seeker.ticket_id is None and not self._wait():\n            return False"
GONE = frozenset({Fault.GONE})
OLD = frozenset({Fault.STALE})
LOOKS_NO_MORE = "if self._seeker.ticket_id is None:\n            return self._wait()"


class Together(Exploration):
    """An exploration in which nobody who came together with somebody is left waiting."""

    def visit(self, world, asleep):
        waiting = [name for name, item in connections(world).items() if "ticket_id" in item]
        if not world.moves() and len(waiting) > 1:
            raise Broken(f"{waiting} wait for each other")
        return super().visit(world, asleep)


class Found(Exploration):
    """An exploration in which every waiter can be found, before anybody sends anything again."""

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


class Accompanied(Exploration):
    """An exploration in which a socket that was found closed in a room is known to be, and so ends by itself."""

    def visit(self, world, asleep):
        known = connections(world)
        for room in rooms_of(world) if not world.moves() else ():
            for member in room.members if room.is_open else ():
                if member not in world.platform.open and "lost_at" not in known.get(member, {}):
                    raise Broken(f"{room.members} are in a room with nobody")
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


def test_a_first_look_that_is_old_costs_nobody_their_meeting() -> None:
    """A seeker that misses the newest hints enters the queue, and its look after that sees them."""
    assert Together().run(BY_NAME["join and join"].world(faults=2, allowed=OLD)).ends > 0


def test_an_old_look_after_the_hint_is_noticed() -> None:
    """Each may have missed the other's hint."""
    with (
        rewritten(Search._look, ("has_shown=self._has_shown", "has_shown=False")),
        pytest.raises(Broken, match="wait for each other"),
    ):
        Together().run(BY_NAME["join and join"].world(faults=2, allowed=OLD))


def test_a_hint_before_the_connection_is_noticed() -> None:
    """A seeker that reads it cannot claim it yet, leaves it out from then on, and may be the only one that looks."""
    enter = "if not self._backend.store.enter_queue(self._seeker, ticket_id, token.hash):"
    early = "early = replace(self._seeker, ticket_id=ticket_id).as_ticket()"
    put = "self._backend.queue.put(early, self._backend.queue.partitions_of(early))"
    with (
        rewritten(Search._wait, ("self._backend.queue.put(ticket, partitions)", "pass")),
        rewritten(Search._enter, (enter, f"{early}; {put}\n    {enter}")),
        pytest.raises(Broken, match="wait for each other"),
    ):
        Together().run(BY_NAME["join and join"].world())


def test_telling_before_closing_is_noticed() -> None:
    """Closed first, told second."""
    close = "ended = close(backend, room, seat, reason)"
    with (
        rewritten(ending.end, (close, f"tell_ended(backend, room, seat, reason); {close}")),
        pytest.raises(Broken),
    ):
        Exploration().run(BY_NAME["both hang up"].world())


@pytest.mark.parametrize("name", ["join and hang up at once", "join and a waiting one leaves"])
def test_a_seeker_that_is_not_paired_after_all_can_still_be_found(name: str) -> None:
    """Whichever way the handlers run, and without a repeated `join`."""
    assert Found().run(BY_NAME[name].world()).ends > 0


def test_removing_hints_before_the_pairing_is_noticed() -> None:
    """A seeker that loses the race leaves a waiter behind that nobody sees."""
    claim = "claim = self._backend.store.pair("
    remove = "self._backend.queue.remove([candidate, *self._own_tickets()])"
    with (
        rewritten(Search._claim, (claim, f"{remove}; {claim}")),
        pytest.raises(Broken, match="no hint says so"),
    ):
        Found().run(BY_NAME["join and hang up at once"].world())


def test_a_room_is_seen_by_who_joined_only_after_who_waited_long() -> None:
    """Their socket may have died at any moment."""
    assert Seen().run(BY_NAME["join and one who waited long hangs up"].world()).ends > 0


def test_telling_the_joiner_before_who_waited_long_is_noticed() -> None:
    """The waiter is told first: if its socket is gone, nobody sees that room."""
    in_order = "tell(0)\n        if gone:\n            return Told.NEITHER\n        tell(1)"
    reversed_order = "tell(1)\n        tell(0)\n        if 0 in gone:\n            return Told.NEITHER"
    with (
        rewritten(announce.announce, (in_order, reversed_order)),
        pytest.raises(Broken, match="seen by one alone"),
    ):
        Seen().run(BY_NAME["join and one who waited long hangs up"].world())


def test_telling_both_at_once_however_long_one_waited_is_noticed() -> None:
    """That is for those who came a moment ago."""
    with (
        rewritten(announce.announce, ("< JUST_CAME_SECONDS", "< float('inf')")),
        pytest.raises(Broken, match="seen by one alone"),
    ):
        Seen().run(BY_NAME["join and one who waited long hangs up"].world())


def test_nobody_is_left_in_a_room_with_somebody_whose_socket_was_found_closed() -> None:
    """Told at once, either of the two may be the only one who heard of it."""
    assert Accompanied().run(BY_NAME["join, and join of one who waits"].world(faults=1, allowed=GONE)).ends > 0


@pytest.mark.parametrize("one", ["WAITER", "JOINER"])
def test_leaving_either_of_them_there_is_noticed(one: str) -> None:
    """The member that was told ends the room for the other, and goes on."""
    with (
        rewritten(Search._announce, ("told is not Told.BOTH", f"told is Told.{one}")),
        pytest.raises(Broken, match="in a room with nobody"),
    ):
        Accompanied().run(BY_NAME["join, and join of one who waits"].world(faults=1, allowed=GONE))
