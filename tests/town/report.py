"""The played scenes, as a table in Markdown and as plots in SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from tests.town.goals import Figures, Goal

WIDTH, ROW, LABEL, BAR = 980, 26, 520, 380
MARKS: Mapping[bool | None, str] = {True: "met", False: "**missed**", None: ""}
COLOURS: Mapping[bool | None, str] = {True: "#2a7d4f", False: "#b3261e", None: "#5f6b7a"}


def table(goals: Sequence[Goal], figures: Mapping[str, Figures], before: Mapping[str, float]) -> str:
    """Return the table: each goal, its figure before the redesign, its figure now, and whether it is met."""
    lines = ["| what | unit | before | now | goal | |", "|---|---|---:|---:|---:|---|"]
    for goal in goals:
        value = goal.of(figures)
        cells = [goal.words, goal.unit, number(before.get(goal.name)), number(value), limit(goal)]
        lines.append(f"| {' | '.join(cells)} | {MARKS[goal.is_met(value)]} |")
    return "\n".join(lines)


def number(value: float | None) -> str:
    """Return a figure as people read it."""
    if value is None:
        return "-"
    if math.isinf(value):
        return "never"
    return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:,.2f}"


def limit(goal: Goal) -> str:
    """Return what a figure is to be."""
    if goal.at_least is not None:
        return f"≥ {number(goal.at_least)}"
    if goal.at_most is None:
        return ""
    return number(goal.at_most) if goal.at_most == 0 else f"≤ {number(goal.at_most)}"


def plot(title: str, goals: Sequence[Goal], figures: Mapping[str, Figures], before: Mapping[str, float]) -> str:
    """Return bars of some goals' figures: a pale one for before, and one for now."""
    rows = [(goal, before.get(goal.name), goal.of(figures)) for goal in goals]
    known = [value for _, one, other in rows for value in (one, other) if value is not None and math.isfinite(value)]
    largest = max([*known, 1e-9])
    height = ROW * len(rows) + 3 * ROW
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/><text x="10" y="20" font-size="16">{escape(title)}</text>'
    )
    bars = (part for at, row in enumerate(rows) for part in bars_of(at, *row, largest))
    return "\n".join([head, *bars, "</svg>", ""])


def bars_of(at: int, goal: Goal, before: float | None, now: float, largest: float) -> Iterator[str]:
    """Give the parts of one row of a plot."""
    y = 2 * ROW + at * ROW
    yield f'<text x="{LABEL - 8}" y="{y + 12}" text-anchor="end">{escape(goal.words)}</text>'
    for value, top, height, colour in ((before, y, 6, "#c9cfd6"), (now, y + 7, 9, COLOURS[goal.is_met(now)])):
        if value is not None:
            width = BAR if math.isinf(value) else BAR * max(0.0, value) / largest
            yield f'<rect x="{LABEL}" y="{top}" width="{width:.1f}" height="{height}" fill="{colour}"/>'
    yield f'<text x="{LABEL + BAR + 8}" y="{y + 12}">{escape(number(now))}</text>'
