"""`python -m tests.town`: play the town, print the goals' table, and draw the plots."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.puzzles import solved_at_once
from tests.simulation.quiet import quiet
from tests.town.decoded import decoded_once
from tests.town.goals import Figures, Goal, goals, scenes
from tests.town.report import plot, table

BEFORE = Path(__file__).with_name("before.json")
PLOTS = (("lies", "per 1,000"), ("evasion", "longest"), ("campus", "p95"), ("phones", "p95"), ("stalking", "again"))


def play(name: str) -> tuple[str, Figures, float]:
    """Play one scene; return its figures and the seconds of this process."""
    scene = next(each for each in scenes() if each.name == name)
    began = time.process_time()
    with ExitStack() as stack:
        stack.enter_context(quiet())
        stack.enter_context(decoded_once())
        stack.enter_context(solved_at_once())
        figures = scene.play()
    return name, figures, time.process_time() - began


def play_all(names: Sequence[str], workers: int) -> dict[str, Figures]:
    """Play scenes side by side, the longest first as far as that is known: it stands last in the table."""
    found: dict[str, Figures] = {}
    with ProcessPoolExecutor(workers) as pool:
        for name, figures, seconds in pool.map(play, reversed(names)):
            found[name] = figures
            print(f"{seconds:6.1f} s  {name}", file=sys.stderr, flush=True)
    return found


def main() -> int:
    """Return 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.town", description=__doc__)
    parser.add_argument("only", nargs="*", help="beginnings of the names of the scenes to play")
    parser.add_argument("--save", type=Path, help="keep the figures in this file, as those of before")
    parser.add_argument("--plots", type=Path, help="draw the plots in this folder")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    wanted = [goal for goal in goals() if not options.only or goal.scene.startswith(tuple(options.only))]
    needed = {goal.scene for goal in wanted} | {goal.minus for goal in wanted if goal.minus}
    figures = play_all([scene.name for scene in scenes() if scene.name in needed], options.workers)
    before = json.loads(BEFORE.read_text()) if BEFORE.exists() else {}
    print(table(wanted, figures, before))
    if options.save:
        kept = {goal.name: round(goal.of(figures), 3) for goal in wanted}
        options.save.write_text(json.dumps(before | kept, indent=1, ensure_ascii=False) + "\n")
    if options.plots:
        draw(options.plots, wanted, figures, before)
    return int(any(goal.is_met(goal.of(figures)) is False for goal in wanted))


def draw(folder: Path, wanted: Sequence[Goal], figures: dict[str, Figures], before: dict[str, float]) -> None:
    """Write one plot for each kind of scene."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, figure in PLOTS:
        shown = [goal for goal in wanted if goal.scene.startswith(f"{kind},") and goal.figure == figure]
        if shown:
            (folder / f"{kind}.svg").write_text(plot(shown[0].words, shown, figures, before))


if __name__ == "__main__":
    sys.exit(main())
