"""A failure as a short story: each actor's steps in their order, the place of the break, and how to see it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.world import World

# A failure was prepared long before the end, where clients only repeat themselves: the story tells both ends.
FIRST_LINES_MAX, LAST_LINES_MAX = 160, 40


def tell(world: World, ending: str) -> str:
    """Return the story of a world that broke a promise."""
    lines = readable(world, world.story)
    numbered = [f"{number:4d}  {line}" for number, line in enumerate(lines, start=1)]
    if len(numbered) > FIRST_LINES_MAX + LAST_LINES_MAX:
        numbered[FIRST_LINES_MAX:-LAST_LINES_MAX] = ["      ..."]
    moves = " | ".join(map(str, world.moves_made))
    return "\n".join(["", *numbered, f"   => {readable(world, [ending])[0]}", f"moves: {moves}", f"seed: {world.seed}"])


def readable(world: World, lines: list[str]) -> list[str]:
    """Replace ids by short names in the order in which they appear."""
    names: dict[str, str] = {}
    for key in world.platform.table.items:
        pk, sk = key[0].decode(), key[1].decode()
        if pk.startswith("room#"):
            names[pk.partition("#")[2]] = f"room {len(names) + 1}"
        elif pk.startswith("queue#"):
            names[sk] = f"ticket {sk[-7:]}"
    return [with_names(line, names) for line in lines]


def with_names(line: str, names: dict[str, str]) -> str:
    for identifier, name in names.items():
        line = line.replace(f"room#{identifier}", name).replace(identifier, name)
    return line
