"""The goals of issue 16 that a minute can show; `make abuse` plays all of them."""

from __future__ import annotations

import pytest

from tests.town.goals import Goal, Scene, goals, scenes
from tests.town.kinds import HONEST
from tests.town.people import arrive, crowd
from tests.town.report import plot, table
from tests.town.town import MINUTE, Town

QUICK = [scene for scene in scenes() if scene.is_quick]
GOALS = [goal for goal in goals() if goal.minus is None]


@pytest.mark.parametrize("scene", QUICK, ids=lambda scene: scene.name)
def test_each_goal_of_a_quick_scene_is_met(scene: Scene) -> None:
    """With small populations; the words of what is missed stand in the failure."""
    figures = {scene.name: scene.play()}
    missed = [
        f"{goal.words}: {goal.of(figures)}"
        for goal in GOALS
        if goal.scene == scene.name and goal.is_met(goal.of(figures)) is False
    ]

    assert missed == []


def test_a_town_is_the_same_each_time() -> None:
    """On any machine: a figure can be looked into."""
    logs = []
    for _ in range(2):
        town = Town("again")
        arrive(town, crowd(town, HONEST, 6, town.networks.home), MINUTE)
        town.run(5 * MINUTE)
        logs.append([(each.at, each.room, each.first.name) for each in town.ledger.whole()])

    assert logs[0] == logs[1] != []


def test_every_goal_names_a_figure_of_a_scene_that_is_played() -> None:
    """And every scene is there for some goal."""
    named = {goal.scene for goal in goals()} | {goal.minus for goal in goals() if goal.minus}

    assert named == {scene.name for scene in scenes()}


def test_the_table_marks_what_is_missed_and_the_plot_holds_every_row() -> None:
    """Told by what may be at most, or at least."""
    rows = [Goal("a", "x", "Too many", "times", 1), Goal("a", "y", "Enough", "a second", at_least=1)]
    figures = {"a": {"x": 3.0, "y": 1.0}}

    assert "| Too many | times | 7 | 3 | ≤ 1 | **missed** |" in table(rows, figures, {"a: x": 7})
    assert "| Enough | a second | - | 1 | ≥ 1 | met |" in table(rows, figures, {"a: x": 7})
    assert plot("Both", rows, figures, {}).count("<rect") == 3
