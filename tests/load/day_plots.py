"""Plots as SVG in the page itself: lines over the day's hours, and bars of how often."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 12, 26
HOURS = 24
TICKS = 4
BARS = 24
Points = Sequence[tuple[float, float]]


def lines(title: str, series: Mapping[str, Points], seconds: float) -> str:
    """Draw numbers over the day; `seconds` is how long it took."""
    known = {name: points for name, points in series.items() if points}
    if not known:
        return _figure(title, '<p class="none">Not known from outside.</p>')
    most = _round_up(max(value for points in known.values() for _, value in points))
    drawn = "".join(
        f'<path class="series s{number}" d="{_path(points, seconds, most)}"><title>{escape(name)}</title></path>'
        for number, (name, points) in enumerate(known.items())
    )
    hours = "".join(
        f'<text x="{_across(hour / HOURS):.0f}" y="{HEIGHT - 6}" text-anchor="{_anchor(hour / HOURS)}">{hour}:00</text>'
        for hour in range(0, HOURS + 1, 6)
    )
    keys = "".join(f'<span class="key s{number}">{escape(name)}</span>' for number, name in enumerate(known))
    return _figure(title, _svg(title, _grid(most) + drawn + hours), keys if len(known) > 1 else "")


def bars(title: str, values: Sequence[float], most: float) -> str:
    """Draw how often a duration was how long; a duration above `most` seconds is in the last bar."""
    if not values:
        return _figure(title, '<p class="none">Nothing happened.</p>')
    counts = [0] * BARS
    for value in values:
        counts[min(int(value / most * BARS), BARS - 1)] += 1
    tallest = _round_up(max(counts))
    step = (WIDTH - LEFT - RIGHT) / BARS
    drawn = "".join(
        f'<rect class="bar" x="{LEFT + number * step + 1:.1f}" y="{_up(count / tallest):.1f}" width="{step - 2:.1f}" '
        f'height="{_up(0) - _up(count / tallest):.1f}"><title>{count}</title></rect>'
        for number, count in enumerate(counts)
    )
    marks = "".join(
        f'<text x="{_across(part / TICKS):.0f}" y="{HEIGHT - 6}" text-anchor="{_anchor(part / TICKS)}">'
        f"{most * part / TICKS:g} s</text>"
        for part in range(TICKS + 1)
    )
    return _figure(title, _svg(title, _grid(tallest) + drawn + marks), _spread(values))


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the middle, the 95th of a hundred, and the most."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)], ordered[-1]


def _spread(values: Sequence[float]) -> str:
    middle, late, most = spread(values)
    within = f"half within {middle:.2f} s, 95 % within {late:.2f} s, most {most:.1f} s"
    return f"<span>{len(values)}: {within}</span>"


def _path(points: Points, seconds: float, most: float) -> str:
    return "M" + "L".join(f"{_across(at / seconds):.1f},{_up(value / most):.1f}" for at, value in points)


def _across(share: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * min(max(share, 0.0), 1.0)


def _anchor(share: float) -> str:
    return "end" if share == 1 else "middle"


def _up(share: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share


def _grid(most: float) -> str:
    rows = [(part / TICKS, most * part / TICKS) for part in range(TICKS + 1)]
    return "".join(
        f'<path class="grid" d="M{LEFT},{_up(share):.1f}H{WIDTH - RIGHT}"/>'
        f'<text x="{LEFT - 6}" y="{_up(share) + 4:.1f}" text-anchor="end">{value:,.10g}</text>'
        for share, value in rows
    )


def _round_up(value: float) -> float:
    """Return the next number of one digit and zeros."""
    if value <= 0:
        return 1.0
    power = 10 ** math.floor(math.log10(value))
    return next(float(power * digit) for digit in (1, 2, 4, 5, 8, 10) if value <= power * digit)


def _svg(title: str, inside: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">{inside}</svg>'


def _figure(title: str, inside: str, below: str = "") -> str:
    return f"<figure><h3>{escape(title)}</h3>{inside}<figcaption>{below}</figcaption></figure>"
