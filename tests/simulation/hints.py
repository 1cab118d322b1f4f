"""An exploration that knows which hints may be stale for a while, and that they go."""

from __future__ import annotations

import re

from tests.simulation.explore import Exploration
from tests.simulation.invariants import Broken, stale_hints, whoever_looks_for_anyone_removes_stale_hints
from tests.simulation.world import World

HINT_SETTLED_SECONDS = 5.0

# Taken out of the queue between the two writes of `wait`, by `leave`; a banned person is not searched for.
LEAVES_HINTS = frozenset({"leave and skip"})


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
    """Return the world when the handlers that remove hints have had the time for it."""
    after = world.fork()
    after.platform.now += HINT_SETTLED_SECONDS + 1
    return after
