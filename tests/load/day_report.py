"""The report of a simulated day: one HTML file without a script, for a reader who has to believe it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from infra import prices
from tests.load.day_figures import Sample, rates
from tests.load.day_history import History
from tests.load.day_plots import bars, lines, spread
from tests.load.day_promises import Finding

BROKEN_SHOWN_MAX = 20
WAIT_SHOWN_SECONDS, LENGTH_SHOWN_SECONDS = 12.0, 60.0
SLOTS = 48  # of a day: half an hour each
STYLE = """
:root { color-scheme: light dark; --text: light-dark(#1b1b28, #ececf4); --quiet: light-dark(#5a5a6e, #a3a3b8);
  --page: light-dark(#f5f5fa, #13131c); --card: light-dark(#fff, #1e1e2a); --line: light-dark(#dcdce6, #33334a);
  --a: light-dark(#4b3fd8, #a79fff); --b: light-dark(#c2410c, #fdba74); --c: light-dark(#0f766e, #5eead4); }
body { margin: 0 auto; padding: 1.5rem 1rem; max-width: 72rem; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.125rem; margin-top: 2rem; } h3 { font-size: .9375rem; margin: 0 0 .5rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: .75rem; }
figure, table { margin: 0; padding: .75rem 1rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .75rem; }
figcaption, .none, p.quiet { color: var(--quiet); font-size: .875rem; }
svg { display: block; width: 100%; } svg text { fill: var(--quiet); font-size: 11px; }
.grid { stroke: var(--line); } .series { fill: none; stroke-width: 2; stroke-linejoin: round; }
path.s0 { stroke: var(--a); } path.s1 { stroke: var(--b); } path.s2 { stroke: var(--c); } .bar { fill: var(--a); }
.key { margin-right: 1rem; } .key::before { content: "■ "; }
.key.s0::before { color: var(--a); } .key.s1::before { color: var(--b); } .key.s2::before { color: var(--c); }
table { width: 100%; border-spacing: 0; } td, th { text-align: left; padding: .25rem .5rem; vertical-align: top; }
td:nth-child(2) { font-variant-numeric: tabular-nums; } .kept, .broken { white-space: nowrap; }
.kept { color: var(--c); } .broken { color: var(--b); }
"""


PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>A simulated day</title><style>{style}</style></head>
<body>
{body}
</body>
</html>
"""


def write(
    history: History,
    samples: Sequence[Sample],
    findings: Sequence[Finding],
    settings: Mapping[str, Any],
    figures: Mapping[str, Any],
) -> str:
    """Return the report."""
    parts = [
        "<h1>A simulated day</h1>",
        f'<p class="quiet">{escape(", ".join(f"{name} {value}" for name, value in settings.items()))}</p>',
        "<h2>Promises</h2>",
        _promises(findings),
        "<h2>The day</h2>",
        f'<div class="plots">{"".join(_plots(history, samples, float(settings["seconds"])))}</div>',
        "<h2>Numbers</h2>",
        _table(summary(history, samples, figures)),
    ]
    return PAGE.format(style=STYLE, body="\n".join(parts))


def summary(history: History, samples: Sequence[Sample], figures: Mapping[str, Any]) -> dict[str, str]:
    """Return the numbers of the day."""
    diaries = history.diaries
    endings = Counter(stay.ended_by or "open" for diary in diaries for stay in diary.stays)
    refused = Counter(code for diary in diaries for _, code in diary.refused)
    kinds = Counter(diary.network for diary in diaries)
    found = {
        "visitors": f"{len(diaries)} ({_counts(kinds)})",
        "most here at once": str(max((sample.here for sample in samples), default=0)),
        "conversations": str(len(history.rooms())),
        "waited": _seconds([took for _, took in history.waits()]),
        "lasted": _seconds([took for _, took in history.lengths()]),
        "skipped within 5 s": _share(history),
        "a join was answered in": _seconds([took for diary in diaries for took in diary.delays]),
        "how stays ended": _counts(endings),
        "lost connections that were continued": str(sum(diary.resumed for diary in diaries)),
        "refused": _counts(refused) or "nothing",
        "frames of the visitors": str(samples[-1].frames if samples else 0),
    }
    return found | _of_gateway(figures)


def broken(findings: Sequence[Finding]) -> list[str]:
    """Return everything that was not kept."""
    return [f"{finding.promise} {each}" for finding in findings for each in finding.broken]


def _of_gateway(figures: Mapping[str, Any]) -> dict[str, str]:
    if not figures:
        return {"cost": "not known from outside; the operator's dashboard has it"}
    units = figures["units"]
    pairs = figures["changes"].get("paired", 0)
    claims = {name: int(value) for name, value in figures["numbers"].items() if name.startswith("Claims_")}
    dollars = figures["dollars"]
    return {
        "table units": f"{units.get('write', 0):.0f} written, {units.get('read', 0):.0f} read",
        "attempts to pair": f"{_counts(claims)} for {pairs} pairs",
        "sockets found closed": f"{figures['numbers'].get('Gone', 0):.0f}",
        "handlers that failed": f"{sum(figures['errors'].values()) + sum(figures['timeouts'].values())}",
        "cost at AWS prices": f"${dollars['together']:.4f} "
        f"({', '.join(f'{name} ${value:.4f}' for name, value in dollars.items() if name != 'together')}; "
        f"{prices.REGION}, {prices.READ_ON}, without free tiers)",
    }


def _plots(history: History, samples: Sequence[Sample], seconds: float) -> list[str]:
    waits, lengths = list(history.waits()), list(history.lengths())
    return [
        lines(
            "People",
            {
                "here": [(each.at, each.here) for each in samples],
                "talk": [(each.at, each.talking) for each in samples],
                "wait": [(each.at, each.searching) for each in samples],
            },
            seconds,
        ),
        lines("Waiting time over the day (s)", _by_slot(waits, seconds), seconds),
        bars("Waiting time (s)", [took for _, took in waits], WAIT_SHOWN_SECONDS),
        bars("Length of conversations (s)", [took for _, took in lengths], LENGTH_SHOWN_SECONDS),
        lines("Frames a second", {"frames": rates(samples, lambda each: each.frames)}, seconds),
        lines(
            "Table units a second",
            {
                "written": rates(samples, lambda each: each.writes),
                "read": rates(samples, lambda each: each.reads),
            },
            seconds,
        ),
        lines("Cost so far ($)", {"cost": [(s.at, s.dollars) for s in samples if s.dollars is not None]}, seconds),
    ]


def _by_slot(values: Sequence[tuple[float, float]], seconds: float) -> dict[str, list[tuple[float, float]]]:
    slots: dict[int, list[float]] = {}
    for at, took in values:
        slots.setdefault(int(at / seconds * SLOTS), []).append(took)
    spreads = {(slot + 0.5) * seconds / SLOTS: spread(slots[slot]) for slot in sorted(slots)}
    return {
        "half": [(at, middle) for at, (middle, _, _) in spreads.items()],
        "95 %": [(at, late) for at, (_, late, _) in spreads.items()],
    }


def _promises(findings: Sequence[Finding]) -> str:
    rows = []
    for finding in findings:
        state = "broken" if finding.broken else "kept"
        told = (
            f"{len(finding.broken)} of {finding.checked} broken" if finding.broken else f"kept, {finding.checked} times"
        )
        shown = "".join(f"<br>{escape(each)}" for each in finding.broken[:BROKEN_SHOWN_MAX])
        rows.append(f'<tr><td>{escape(finding.promise)}{shown}</td><td class="{state}">{told}</td></tr>')
    return f"<table>{''.join(rows)}</table>"


def _table(numbers: Mapping[str, str]) -> str:
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in numbers.items())
    return f"<table>{rows}</table>"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def _seconds(values: Sequence[float]) -> str:
    if not values:
        return "none"
    middle, late, most = spread(values)
    return f"half {middle:.2f} s, 95 % {late:.2f} s, most {most:.2f} s ({len(values)})"


def _share(history: History) -> str:
    lengths = [took for _, took in history.lengths()]
    quick = sum(took < 5 for took in lengths)
    return f"{quick} of {len(lengths)} ({100 * quick / max(len(lengths), 1):.0f} %)"
