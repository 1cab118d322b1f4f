"""A hint may be stale for a while; which ones are, and that they go."""

from __future__ import annotations

import re

import pytest

from functions.chat.conversation.search import HINT_SETTLED_SECONDS
from functions.chat.runtime.crowd_memory import Crowd
from tests.simulation.explore import Exploration
from tests.simulation.invariants import Broken, stale_hints, whoever_looks_for_anyone_removes_stale_hints
from tests.simulation.rewriting import rewritten
from tests.simulation.scenarios import JOIN, LARGE, SCENARIOS, Scenario, both, hang_up, leave, talking
from tests.simulation.world import World

SMALL = [scenario for scenario in SCENARIOS if scenario.name not in LARGE]
# Taken out of the queue between the two writes of `wait`, by `leave` or by a ban.
LEAVES_HINTS = frozenset({"leave and skip", "ban and skip of the other"})


class Hints(Exploration):
    """An exploration that looks at the hints when the last handler has ended, before anybody does anything more."""

    left = 0

    def visit(self, world, asleep):
        for item in stale_hints(world) if not world.moves() else ():
            self.left += 1
            if not stepped_out_before(world, item["connection_id"]["S"], item["sk"]["S"]):
                raise Broken(f"the hint {item['sk']['S']} was left behind")
            whoever_looks_for_anyone_removes_stale_hints(later(world))
        return super().visit(world, asleep)


def stepped_out_before(world: World, connection: str, ticket: str) -> bool:
    """Tell whether somebody was made idle after they had got a ticket, and before its hint was written."""
    told = "\n".join(line for line in world.story if "REFUSED" not in line)
    entered, idle = rf"enter_queue \(connection#{connection}\)", rf"make_idle \(connection#{connection}\)"
    return re.search(rf"{entered}.*{idle}.*put \(\S+ {re.escape(ticket)}\)", told, re.DOTALL) is not None


def later(world: World) -> World:
    """Return the world when whoever removes hints has had the time for it."""
    after = world.fork()
    after.platform.now += HINT_SETTLED_SECONDS + 1
    return after


@pytest.mark.parametrize("scenario", SMALL, ids=lambda scenario: scenario.name)
def test_a_stale_hint_is_left_only_of_who_stepped_out_before_it_was_written_and_goes_with_a_search(
    scenario: Scenario,
) -> None:
    """Whatever the order: who finds that it waits no more takes its hint back, and so does who meets a dead socket."""
    exploration = Hints()

    exploration.run(scenario.world())

    assert (exploration.left > 0) == (scenario.name in LEAVES_HINTS)


def test_who_is_moved_on_in_a_crowd_and_closes_in_between_leaves_no_hint() -> None:
    """Its hint is written after it was closed, and whom it would claim then is met by nobody."""

    def prepare(world: World) -> None:
        talking("alice", "bob", "carol")(world)
        world.run(world.send("carol", JOIN))

    exploration = Hints()
    with rewritten(Crowd.is_near, ("now - self._seen_at < REMEMBERED_SECONDS", "True")):
        exploration.run(Scenario("left in a crowd", prepare, both(leave("alice"), hang_up("bob"))).world())

    assert exploration.left == 0
