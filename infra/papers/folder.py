"""The folder of a site's papers: its documents and their days, those out of date and why, and when to look again.

It stands beside the file with the site's options: `papers/` beside cdk.json, `sites/NAME.papers/` beside
sites/NAME.json. Dated documents stay when newer ones are written: they are the record of that assessment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from infra.papers import documents
from infra.papers.blocks import Setting, in_a_year
from infra.papers.documents import Document
from infra.papers.questions import PapersError

ANSWERS, STATE, CALENDAR, LOG = "answers.json", "papers.json", "reviews.ics", "requests.jsonl"
NONE_YET = "There are no papers yet: `make papers` asks a few questions and writes them (docs/law.md)."


@dataclass(frozen=True, slots=True)
class Written:
    """A document that was written: its row, its file, and when."""

    document: Document
    path: Path
    why: str


def of_site(root: Path, site: str) -> Path:
    """Return the folder of a site's papers; without a name that of cdk.json's own."""
    return root / "sites" / f"{site}.papers" if site else root / "papers"


def outdated(folder: Path, setting: Setting, today: date) -> Iterator[tuple[Document, str]]:
    """Give each document that is to be written again, and why."""
    state = _state(folder)
    for document in documents.of(setting.answers):
        why = _why(folder, state.get(document.name), documents.digests(document, setting), today)
        if why:
            yield document, why


def problems(folder: Path, setting: Setting, today: date) -> Iterator[str]:
    """Give a sentence for each paper that is out of date."""
    if not (folder / STATE).exists():
        yield NONE_YET
        return
    for document, why in outdated(folder, setting, today):
        yield f"{document.title} ({document.name}) {why}: `make papers` writes it again."


def write(folder: Path, setting: Setting, today: date, *, again: bool = False) -> list[Written]:
    """Write what is out of date, or all of it; return what was written."""
    state, done = _state(folder), []
    wanted = dict(outdated(folder, setting, today))
    if again:
        wanted = {each: wanted.get(each, "was asked for") for each in documents.of(setting.answers)}
    folder.mkdir(parents=True, exist_ok=True)
    dated = replace(setting, today=today.isoformat(), review=in_a_year(today).isoformat())
    for document, why in wanted.items():
        path = _free(folder, f"{today.isoformat()}-{document.name}")
        path.write_text(documents.render(document, dated), encoding="utf-8")
        state[document.name] = {"day": today.isoformat(), "file": path.name, **documents.digests(document, setting)}
        done.append(Written(document, path, why))
    (folder / STATE).write_text(json.dumps(state, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    (folder / CALENDAR).write_bytes(calendar(state).encode())
    return done


def calendar(state: dict[str, Any]) -> str:
    """Return the days on which to look at each document again, for any calendar (RFC 5545)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Passerby//papers//EN"]
    for name, kept in sorted(state.items()):
        day = in_a_year(date.fromisoformat(kept["day"]))
        stamp = kept["day"].replace("-", "")
        lines += ["BEGIN:VEVENT", f"UID:{name}-{stamp}@passerby", f"DTSTAMP:{stamp}T000000Z"]
        lines += [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"SUMMARY:Look at {name} again: make papers", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _why(folder: Path, kept: dict[str, Any] | None, now: dict[str, dict[str, str]], today: date) -> str:
    """Say why a document is to be written again; nothing where it is as it should be."""
    if kept is None:
        return "was never written"
    if not (folder / kept["file"]).exists():
        return f"is gone: {kept['file']} is not there"
    for kind in ("options", "answers"):
        changed = sorted(
            key for key in kept[kind].keys() | now[kind].keys() if kept[kind].get(key) != now[kind].get(key)
        )
        if changed:
            return f"is out of date: {', '.join(changed)} of the {kind} changed since {kept['day']}"
    if in_a_year(date.fromisoformat(kept["day"])) <= today:
        return f"is a year old: it is of {kept['day']}"
    return (
        ""
        if kept["words"] == now["words"]
        else f"is out of date: its words changed with the product since {kept['day']}"
    )


def _state(folder: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((folder / STATE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (TypeError, ValueError) as problem:
        raise PapersError(f"{folder / STATE} is not what was written there: {problem}.") from None


def _free(folder: Path, name: str) -> Path:
    """Return a file that is not there yet: an earlier document may have been signed."""
    count = 1
    path = folder / f"{name}.html"
    while path.exists():
        count += 1
        path = folder / f"{name}-{count}.html"
    return path
