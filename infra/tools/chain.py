"""A log that nobody edits unseen: each entry holds the hash of the one before it.

A person who may write to the log could compute the whole chain anew. So each machine remembers the last entry that it
has seen; a chain without that entry is not the one that grew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, TypeVar

NOTHING_BEFORE = ""


class Link(Protocol):
    """The fields of every entry: its number, counted from 1, and the digest of the entry with the number before."""

    @property
    def number(self) -> int: ...

    @property
    def before(self) -> str: ...

    def digest(self) -> str:
        """Return the hash of all that the entry says."""


@dataclass(frozen=True, slots=True)
class Witness:
    """The last entry that a machine has seen, to be remembered elsewhere than with the log."""

    number: int = 0
    digest: str = NOTHING_BEFORE


AnyLink = TypeVar("AnyLink", bound=Link)


def digest_of(entry: Any) -> str:
    """Return the hash of all that an entry, a dataclass, says."""
    return sha256(json.dumps(asdict(entry), sort_keys=True).encode()).hexdigest()


def problems(log: Iterable[tuple[AnyLink, str]], seen: Witness) -> Iterator[str]:
    """Give what is wrong with a log, each entry with its stored digest, oldest first; nothing is, where it grew."""
    before, last, is_seen = NOTHING_BEFORE, 0, not seen.number
    for entry, digest in log:
        last += 1
        if entry.number != last:
            yield f"Entry {last} is missing."
            last = entry.number
        elif entry.before != before:
            yield f"Entry {entry.number} does not follow the one before it."
        if entry.digest() != digest:
            yield f"Entry {entry.number} was changed."
        is_seen |= (entry.number, digest) == (seen.number, seen.digest)
        before = digest
    if not is_seen:
        yield f"Entry {seen.number}, which this machine has seen, is missing or another one."


def recall(path: Path) -> Witness:
    """Return what this machine remembers; nothing when it never looked."""
    try:
        seen = json.loads(path.read_text(encoding="utf-8"))
        return Witness(int(seen["number"]), str(seen["digest"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return Witness()


def remember(path: Path, log: Sequence[tuple[AnyLink, str]]) -> None:
    """Keep the last entry of a log in which nothing is wrong."""
    if log:
        path.parent.mkdir(parents=True, exist_ok=True)
        entry, digest = log[-1]
        path.write_text(json.dumps({"number": entry.number, "digest": digest}), encoding="utf-8")
