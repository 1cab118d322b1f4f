"""`make documents`: write everything that is generated in the documents again, from the tables of the code.

A part stands between two comments that name it; docs/asyncapi.json and docs/metrics.md are generated as a whole. A test
fails where a document is not what the code says.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path

from functions.chat.privacy.kinds import DAY, HOUR, KINDS, MINUTE, StoredKind
from functions.routes import CLOSING, EXPIRY, PUBLISHING, ROUTES, Permissions, Route
from infra.options.options import Options
from infra.page.brand import Brand
from infra.papers.duties import COUNTRIES
from infra.papers.duties import TABLE as DUTIES
from infra.reports import asyncapi, attack, metrics, states, usage

ROOT = Path(__file__).parents[2]

CALLERS: Mapping[str, str] = {
    EXPIRY.key: "the delay queue (SQS)",
    CLOSING.key: "the month's budget (SNS)",
    PUBLISHING.key: "a schedule, once a day (EventBridge)",
}


def fill_in(text: str) -> str:
    """Return a document with each of its generated parts made anew."""
    return re.sub(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", _replace, text, flags=re.DOTALL)


def routes() -> list[str]:
    rows = [_row(route) for route in (*ROUTES, EXPIRY, CLOSING, PUBLISHING)]
    return ["| route | handler | throttle (a second, at once) | may |", "|---|---|---|---|", *rows]


def state_diagram() -> list[str]:
    """Return the states of a connection as a Mermaid diagram in Markdown."""
    return ["```mermaid", *states.diagram(), "```"]


def options() -> list[str]:
    return _keys(Options)


def brand() -> list[str]:
    """Return the table of a brand's keys in Markdown."""
    return _keys(Brand)


def duties() -> list[str]:
    """Return the table of an operator's legal duties in Markdown."""
    rows = [
        f"| {COUNTRIES[each.country]} | {each.duty} | [{each.law.name}, {each.article}]({each.url}) | {each.who} | "
        f"`{each.document}` | {each.clock} |"
        for each in DUTIES
    ]
    return ["| where | duty | source | whom it concerns | done by | clock |", "|---|---|---|---|---|---|", *rows]


def kinds() -> list[str]:
    """Return the table of the kept items and their owners in Markdown."""
    return [
        "| kind | item | kept | why | shown | not shown | erasing |",
        "|---|---|---|---|---|---|---|",
        *map(_kind, KINDS),
    ]


def _kind(kind: StoredKind) -> str:
    keys = ", ".join(f"`{each}`" for each in kind.keys)
    hidden = [f"{reason.name.lower()}: {_codes(names)}" for reason, names in kind.withheld.items() if names]
    shown, withheld = (_codes(kind.shown), "; ".join(hidden)) if kind.shown else ("nothing", "all")
    cells = kind.name, keys, _span(kind.kept_seconds), kind.why, shown, withheld, kind.erasing
    return f"| {' | '.join(cells)} |"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _span(seconds: int | None) -> str:
    """Return a time in the largest unit that it is a whole number of."""
    if seconds is None:
        return "for ever"
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds % unit == 0:
            return f"{seconds // unit} {name}{'s' if seconds > unit else ''}"
    raise AssertionError("nothing is kept for seconds")


def _keys(table: type[Options | Brand]) -> list[str]:
    rows = [f"| `{each.name}` | {_shown(each.default)} | {each.metadata['meaning']} |" for each in fields(table)]
    return ["| key | default | meaning |", "|---|---|---|", *rows]


PARTS: Mapping[str, Callable[[], list[str]]] = {
    "routes": routes,
    "states": state_diagram,
    "options": options,
    "brand": brand,
    "duties": duties,
    "kinds": kinds,
    "attack": attack.table,
    "presets": attack.lockouts,
}
WHOLE: Mapping[str, Callable[[], str]] = {
    "docs/asyncapi.json": lambda: json.dumps(asyncapi.document(), indent=2) + "\n",
    "docs/metrics.md": metrics.document,
}


def _row(route: Route) -> str:
    if route.module is None:
        return f"| `{route.key}` | none: the gateway says `{route.answer}` | {_throttle(route)} | |"
    handler = f"[{route.module}.py](../functions/handlers/{route.module}.py)"
    called = CALLERS.get(route.key)
    throttle = f"called by {called}" if called else _throttle(route)
    return f"| `{route.key}` | {handler} | {throttle} | {_permissions(route)} |"


def _throttle(route: Route) -> str:
    return f"{route.throttle.rate_per_second:,}, {route.throttle.burst:,}"


def _permissions(route: Route) -> str:
    row = route.permissions
    parts = {
        " ".join(["table", *_among(row)]): len(row.table),
        "sockets": len(row.connections),
        "delay queue": len(row.queue),
        "relay": row.pairs,
        "identity keys": row.knows_people,
    }
    return ", ".join(name for name, allowed in parts.items() if allowed)


def _among(row: Permissions) -> list[str]:
    """Return of which items of the table a row is about, where these are not all."""
    return [f"({', '.join(sorted(row.items))})"] if row.items else []


def _shown(default: object) -> str:
    if default in ("", (), Brand()):
        return "empty"
    if isinstance(default, tuple):
        return f"`{','.join(default)}`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _replace(found: re.Match[str]) -> str:
    return found[1] + "".join(f"{line}\n" for line in PARTS[found[2]]()) + found[3]


def main() -> None:
    """Write the documents, and say which were not what the code says."""
    made = {path: fill_in(path.read_text()) for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])}
    made |= {ROOT / name: write() for name, write in WHOLE.items()}
    for path, text in made.items():
        if path.read_text() != text:
            path.write_text(text)
            sys.stdout.write(f"{path.name} was written again.\n")


if __name__ == "__main__":
    usage.take_no_arguments("infra.reports.handbook", __doc__)
    main()
