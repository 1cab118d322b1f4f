"""Every schedule of a scenario, each state once.

A depth-first search over moves, with two reductions that lose no reachable state:

- *States are remembered.* The table, the sockets, the clock and what each running handler has been told decide the
  future. Schedules that only swap what commutes meet in one state, and go on from there once.
- *Sleep sets* (Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996, chapter 5, with the
  rule for remembered states): a move that was explored from a state sleeps in its siblings' branches until something
  that its footprint meets has happened. That spares moves that would only lead to remembered states.

So a promise that is checked after every move has been checked in every state that any schedule can reach.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from tests.simulation.invariants import Broken, check_settled, check_step
from tests.simulation.promptness import check_prompt
from tests.simulation.schedule import Footprint, Move
from tests.simulation.story import tell
from tests.simulation.world import World

STATES_MAX = 2_000_000


@dataclass
class Statistics:
    """The counts of an exploration."""

    states: int = 0
    ends: int = 0
    moves: int = 0


@dataclass
class Node:
    """A state on the current path: the world in it, what is still to be tried from it, and what sleeps."""

    world: World
    waiting: list[Move]
    sleeping: dict[Move, Footprint]


@dataclass
class Exploration:
    """One search."""

    statistics: Statistics = field(default_factory=Statistics)
    remembered: dict[int, frozenset[Move]] = field(default_factory=dict)

    def run(self, world: World) -> Statistics:
        """Visit every state that the world can reach; raise `Broken` with a story where a promise is not kept."""
        nodes = [self.visit(world, {})]
        while nodes:
            node = nodes[-1]
            if not node.waiting:
                nodes.pop()
                continue
            move = node.waiting.pop(0)
            footprint = node.world.footprint(move)
            asleep = {other: area for other, area in node.sleeping.items() if commute(other, area, move, footprint)}
            node.sleeping[move] = footprint
            following = node.world.fork() if node.waiting else node.world
            self.statistics.moves += 1
            guarded(following, partial(advance, following, move))
            nodes.append(self.visit(following, asleep))
        return self.statistics

    def visit(self, world: World, asleep: dict[Move, Footprint]) -> Node:
        """Return what is to be tried from the world's state, which may have been visited before."""
        state, moves = world.state(), world.moves()
        known = self.remembered.get(state)
        if known is None:
            self.statistics.states += 1
            assert self.statistics.states <= STATES_MAX, "the scenario is too large to be enumerated"
            if not moves:
                self.statistics.ends += 1
                guarded(world, partial(check_prompt, world))
                guarded(world, partial(check_settled, world))
            waiting = [move for move in moves if move not in asleep]
        else:
            # A move that slept at every visit until now, and does not sleep this time, has not been tried from here.
            waiting = [move for move in moves if move in known and move not in asleep]
            asleep = {move: area for move, area in asleep.items() if move in known}
        self.remembered[state] = frozenset(asleep)
        return Node(world, waiting, asleep)


def walk(world: World, chance: random.Random) -> None:
    """Follow one schedule to its end, each move by chance; raise `Broken` with a story where a promise is not kept."""
    while moves := world.moves():
        guarded(world, partial(advance, world, chance.choice(moves)))
    guarded(world, partial(check_prompt, world))
    guarded(world, partial(check_settled, world))


def advance(world: World, move: Move) -> None:
    """Make a move and check every promise."""
    world.make(move)
    check_step(world)


def commute(sleeper: Move, its_footprint: Footprint, move: Move, footprint: Footprint) -> bool:
    """Tell whether a sleeping move may sleep on after another: of two faults, only one may be left."""
    if sleeper.actor == move.actor or (sleeper.fault is not None and move.fault is not None):
        return False
    return not its_footprint.meets(footprint)


def guarded(world: World, act: Callable[[], object]) -> None:
    """Run a part of a world's life; what breaks is told as a story."""
    try:
        act()
    except (Broken, AssertionError) as broken:
        raise Broken(tell(world, str(broken))) from broken
