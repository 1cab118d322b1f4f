"""A hint may be stale for a while, and goes: `test_scenarios.py` looks at those of every small scenario."""

from __future__ import annotations

from functions.chat.runtime.crowd_memory import Crowd
from tests.simulation.hints import Hints
from tests.simulation.rewriting import rewritten
from tests.simulation.scenarios import JOIN, Scenario, both, hang_up, leave, talking
from tests.simulation.world import World


def test_a_peer_moved_on_in_a_crowd_that_closes_in_between_leaves_no_hint() -> None:
    """Its hint is written after it was closed, and whom it would claim then is met by nobody."""

    def prepare(world: World) -> None:
        talking("alice", "bob", "carol")(world)
        world.run(world.send("carol", JOIN))

    exploration = Hints()
    with rewritten(Crowd.is_near, ("now - self._seen_at < REMEMBERED_SECONDS", "True")):
        exploration.run(Scenario("left in a crowd", prepare, both(leave("alice"), hang_up("bob"))).world())

    assert exploration.left == 0
