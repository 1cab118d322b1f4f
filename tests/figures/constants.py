"""The numbers that the code names, read from its text: nothing is imported, so nothing can agree with itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SUFFIXES = {"functions": ".py", "infra": ".py", "frontend": ".js"}
PERIODS = {"MINUTE": "60", "HOUR": "3600", "DAY": "86_400"}  # names of the code's own that stand in others
PERIOD = re.compile(rf"\b({'|'.join(PERIODS)})\b")
NAMED = re.compile(
    r"^(?:export )?(?:const )?([A-Z][A-Z0-9_]+)(?:: [\w\[\], .]+)? = "
    rf"(?=[^;#\n]*(?:\d|{PERIOD.pattern}))((?:[-\d_.e+*/() \[\],]|{PERIOD.pattern})+);?(?:\s+(?://|#).*)?$",
    re.MULTILINE,
)
# The numbers of an object that JavaScript names, in their order.
OBJECT = re.compile(r"^(?:export )?const ([A-Z][A-Z0-9_]+) = \{(.+?)\};$", re.MULTILINE | re.DOTALL)
SECONDS = {"ms": 0.001, "s": 1, "minutes": 60, "hours": 3600, "days": 86_400}
UNITS = {**SECONDS, "KB": 1024, "MB": 1024**2}


@cache
def constants(folder: str) -> dict[str, list[float]]:
    """Return what each name in a folder stands for, in seconds, bytes and counts; a name may stand in several files."""
    found: dict[str, list[float]] = {}
    for path in sorted((ROOT / folder).rglob(f"*{SUFFIXES[folder]}")):
        if "node_modules" not in path.parts and "strings" not in path.parts:
            source = path.read_text()
            named = [(name, text) for name, _, text, _ in NAMED.findall(source)]
            for name, text in [*named, *_objects(source)]:
                factor = 0.001 if re.search(r"_MS\b", name) else 1
                found.setdefault(name, []).extend(factor * number for number in _evaluate(text))
    return found


def _objects(source: str) -> Iterator[tuple[str, str]]:
    for name, text in OBJECT.findall(source):
        if numbers := re.findall(r"\w: (-?[\d_.]+)", text):
            yield name, f"[{', '.join(numbers)}]"


@cache
def documented(folder: str) -> dict[str, list[float]]:
    """Return the rows of docs/limits.md about a folder, in the same units."""
    section = (ROOT / "docs" / "limits.md").read_text().split(f"## `{folder}/`", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \| (.+?) \|$", section, re.MULTILINE)
    return {name: list(_measures(text)) for name, text in rows}


def _measures(text: str) -> Iterator[float]:
    for part in text.split(", "):
        number, _, unit = part.partition(" ")
        yield float(number) * UNITS.get(unit, 1)


def _evaluate(text: str) -> list[float]:
    """Compute a literal: digits, products and lists of them, as Python and JavaScript write them alike."""
    text = PERIOD.sub(lambda found: PERIODS[found[0]], text)
    assert re.fullmatch(r"[-\d_.e+*/() \[\],]+", text), text
    value = eval(text, {"__builtins__": {}})
    return [float(each) for each in value] if isinstance(value, list | tuple) else [float(value)]
