"""The log of authorities' requests and the answers: a file that only grows, and that nobody edits unseen.

It is a chain (infra/tools/chain.py), one line of JSON an entry, in the folder of the site's papers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

from infra.papers.questions import PapersError
from infra.tools import chain
from infra.tools.chain import NOTHING_BEFORE, digest_of

WORDS_MAX = 2000
DAYS_AHEAD = 7  # a week is what a small site needs to write an answer


@dataclass(frozen=True, slots=True)
class Entry:
    """A request, or the answer to the one with the number `answers`; `due` is the day that the authority named."""

    number: int
    at: str
    who: str
    authority: str
    words: str
    due: str
    answers: int
    before: str

    def digest(self) -> str:
        """Return the hash of all that the entry says."""
        return digest_of(self)


Log = list[tuple[Entry, str]]


def read(path: Path) -> Log:
    """Return the whole log with the stored digests, oldest first."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    # Not splitlines: the words of an entry may hold a U+2028.
    lines = text.removesuffix("\n").split("\n") if text else []
    return [_entry_from(path, number, line) for number, line in enumerate(lines, start=1)]


def add(
    path: Path, witness: Path, at: str, who: str, authority: str, words: str, due: str = "", answers: int = 0
) -> Entry:
    """Add an entry to a log in which nothing is wrong; raise `PapersError` where something is."""
    log = read(path)
    for problem in chain.problems(log, chain.recall(witness)):
        raise PapersError(f"{path} was edited: {problem} Nothing was added.")
    _check(log, words, due, answers)
    entry = Entry(len(log) + 1, at, who, authority, words, due, answers, log[-1][1] if log else NOTHING_BEFORE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(entry) | {"digest": entry.digest()}, ensure_ascii=False) + "\n")
    chain.remember(witness, [*log, (entry, entry.digest())])
    return entry


def problems(path: Path, witness: Path, today: date) -> Iterator[str]:
    """Give a sentence for each edit, and for each request that is late or due within a week."""
    log = read(path)
    for problem in chain.problems(log, chain.recall(witness)):
        yield f"The log of authorities' requests was edited: {problem}"
    for entry in unanswered(log):
        if entry.due and (days := (date.fromisoformat(entry.due) - today).days) <= DAYS_AHEAD:
            when = f"in {days} days" if days > 0 else f"{-days} days late" if days else "today"
            yield f"Request {entry.number} of {entry.authority} is to be answered by {entry.due}: {when}."


def unanswered(log: Log) -> list[Entry]:
    answered = {entry.answers for entry, _ in log}
    return [entry for entry, _ in log if not entry.answers and entry.number not in answered]


def _check(log: Log, words: str, due: str, answers: int) -> None:
    if not words.strip() or len(words) > WORDS_MAX:
        raise PapersError(f"Say in up to {WORDS_MAX} characters what was asked or answered.")
    if answers and answers not in {entry.number for entry, _ in log if not entry.answers}:
        raise PapersError(f"There is no request {answers} in the log.")
    try:
        date.fromisoformat(due or "2000-01-01")
    except ValueError:
        raise PapersError(f"{due} is no day such as 2026-12-31.") from None


def _entry_from(path: Path, number: int, line: str) -> tuple[Entry, str]:
    try:
        found = json.loads(line)
        return Entry(**{each.name: found[each.name] for each in fields(Entry)}), str(found["digest"])
    except (ValueError, KeyError, TypeError):
        raise PapersError(f"{path} was edited: line {number} is no entry.") from None
