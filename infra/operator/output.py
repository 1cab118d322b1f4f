"""The output of the operator's commands: a table for people, JSON for scripts."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

CELL_MAX = 60  # characters of one cell in a table of several rows; JSON has all of it


@dataclass(frozen=True)
class Report:
    """Rows under the same headings, or one thing by its parts; `sentence` says what was done."""

    rows: Sequence[Mapping[str, Any]] | None = None
    facts: Mapping[str, Any] | None = None
    sentence: str = ""


def write(report: Report, out: TextIO, *, as_json: bool) -> None:
    if as_json:
        listed = {"done": report.sentence} if report.rows is None else list(report.rows)
        out.write(json.dumps(listed if report.facts is None else report.facts, ensure_ascii=False, indent=2) + "\n")
        return
    out.writelines(line.rstrip() + "\n" for line in _lines(report))


def moment(at: float | None) -> str:
    """Return a time as people and scripts read it, in UTC."""
    return "" if at is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def _lines(report: Report) -> list[str]:
    lines = []
    if report.facts is not None:
        width = max((len(name) for name in report.facts), default=0)
        lines += [f"{name:{width}}  {printable(value)}" for name, value in report.facts.items()]
    if report.rows:
        lines += _table(report.rows)
    if report.sentence:
        lines.append(report.sentence)
    return lines or ["Nothing."]


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    names = list(rows[0])
    cells = [names, *([_short(printable(row[name])) for name in names] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(names))]
    return ["  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)) for row in cells]


def printable(value: object) -> str:
    """Return a value on one line, without what a stranger's text could do to a terminal."""
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
    return "".join(each if each.isprintable() else " " for each in text)


def _short(text: str) -> str:
    return text if len(text) <= CELL_MAX else text[: CELL_MAX - 1] + "…"
