"""The events of a town, as its people noticed them: the basis of every figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Encounter:
    """Two people in a room. `second` is None until the other one has heard of it too."""

    room: str
    at: float
    first: Any
    second: Any = None
    offender: Any = None
    ended_at: float | None = None

    def other(self, person: Any) -> Any:
        """Return whom somebody met."""
        return self.second if person is self.first else self.first

    def has(self, person: Any) -> bool:
        """Tell whether somebody took part."""
        return person is self.first or person is self.second


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody reported somebody."""

    at: float
    reporter: Any
    encounter: Encounter


@dataclass(frozen=True, slots=True)
class Banned:
    """Somebody was told that they are locked out."""

    at: float
    person: Any
    error: dict[str, Any]


@dataclass
class Ledger:
    """All of it, in the order of time."""

    now: Callable[[], float]
    encounters: dict[str, Encounter] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)
    bans: list[Banned] = field(default_factory=list)
    refusals: list[tuple[float, Any, str]] = field(default_factory=list)
    waits: list[tuple[Any, float]] = field(default_factory=list)
    # Those of these people who wait while others are paired.
    watched: list[Any] = field(default_factory=list)
    waiting_at: dict[str, list[Any]] = field(default_factory=dict)

    def met(self, room: str, person: Any) -> Encounter:
        """Note that somebody heard of being paired."""
        encounter = self.encounters.get(room)
        if encounter is None:
            encounter = self.encounters[room] = Encounter(room, self.now(), person)
            if self.watched:
                self.waiting_at[room] = [each for each in self.watched if each.may_be_met]
        elif person is not encounter.first:
            encounter.second = person
        return encounter

    def note_end(self, room: str) -> None:
        """Note when somebody ended a room."""
        self.encounters[room].ended_at = self.now()

    def note_report(self, person: Any, room: str) -> None:
        """Note that somebody reports their peer."""
        self.reports.append(Report(self.now(), person, self.encounters[room]))

    def note_ban(self, person: Any, error: dict[str, Any]) -> None:
        """Note that somebody was told that they are locked out."""
        self.bans.append(Banned(self.now(), person, error))

    def whole(self, since: float = 0.0) -> Iterator[Encounter]:
        """Give the encounters that both sides noticed."""
        return (each for each in self.encounters.values() if each.second is not None and each.at >= since)

    def of(self, person: Any, since: float = 0.0) -> list[Encounter]:
        return [each for each in self.whole(since) if each.has(person)]

    def between(self, some: Any, others: Any, since: float = 0.0) -> list[Encounter]:
        """Return the encounters of one of `some` with one of `others`."""
        one, other = set(map(id, some)), set(map(id, others))
        return [
            each
            for each in self.whole(since)
            if (id(each.first) in one and id(each.second) in other)
            or (id(each.second) in one and id(each.first) in other)
        ]

    def banned(self, people: Any, since: float = 0.0) -> list[Banned]:
        """Return the first ban that each of these people was told of."""
        wanted = set(map(id, people))
        found: dict[int, Banned] = {}
        for each in self.bans:
            if id(each.person) in wanted and each.at >= since:
                found.setdefault(id(each.person), each)
        return list(found.values())
