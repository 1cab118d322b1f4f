"""Bars as SVG, in nobody's library: a name, a bar, a figure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, NAMES, ROW, TOP = 860, 330, 26, 44
BAR_MAX = WIDTH - NAMES - 110
OURS, OTHERS = "#2b6cb0", "#a0aec0"


def bars(title: str, figures: Mapping[str, float], unit: str, ours: frozenset[str] = frozenset()) -> str:
    """Return a picture of the figures; those of ours stand out."""
    most = max(figures.values())
    height = TOP + ROW * len(figures) + 12
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"',
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="12" y="26" font-size="16" font-weight="bold">{escape(title)}</text>',
    ]
    for at, (name, figure) in enumerate(figures.items()):
        y, length = TOP + ROW * at, max(1.0, figure / most * BAR_MAX)
        color = OURS if name in ours else OTHERS
        lines += [
            f'<text x="{NAMES - 8}" y="{y + 14}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{NAMES}" y="{y}" width="{length:.1f}" height="{ROW - 8}" fill="{color}"/>',
            f'<text x="{NAMES + length + 6:.1f}" y="{y + 14}">{figure:,.3g} {escape(unit)}</text>',
        ]
    return "\n".join([*lines, "</svg>"]) + "\n"


def write(folder: Path, name: str, picture: str) -> None:
    """Write a picture."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.svg").write_text(picture)
