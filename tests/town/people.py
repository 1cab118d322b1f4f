"""Somebody of a kind: talks, offends, reports, comes and goes. Decides by what the browser shows, and by chance."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tests.town.client import Client
from tests.town.kinds import PEACEFUL, REASONS, Kind
from tests.town.networks import Addresses
from tests.town.town import DAY, Town

OFFENCE = "offends:"  # the word by which the simulation's people recognise what offends them
TALK_SECONDS_MAX = 1200.0
HISTORY_SECONDS = 130.0  # of each earlier day: long enough for a talk with somebody


class Person:
    """One person and the browser that they use. `after_ban` is what they do when they are locked out."""

    def __init__(
        self,
        town: Town,
        kind: Kind,
        addresses: Addresses,
        after_ban: Callable[[Person, dict[str, Any]], None] | None = None,
        team: list[Person] | None = None,
        **wish: Any,
    ) -> None:
        self.town, self.kind, self.after_ban, self.wish = town, kind, after_ban, wish
        # Those of one team tell one another by other means in which rooms they are, and spare one another.
        self.team = [] if team is None else team
        self.team.append(self)
        self.name = f"{kind.name} {next(town.numbers)}"
        self.chance = random.Random(town.chance.random())
        self.client = Client(town, self, addresses)
        self.is_here = self.has_met = False
        self.times_stopped = 0
        self.met_at = self.offended_at = float("-inf")

    @property
    def works(self) -> bool:
        """Whether the browser solves puzzles."""
        return self.kind.works

    # Comes and goes

    def come(self) -> None:
        """Open the page and search."""
        self.is_here = True
        if not self.kind.keeps_device:
            self.client.clear()
        self.client.start(**self.wish)

    def go(self) -> None:
        """Close the page."""
        self.is_here = False
        self.client.close()

    def visit(self, seconds: float) -> None:
        """Come, and go after a while."""
        self.come()
        self.town.later(seconds, self.go)

    def visits(self, days: int, seconds: float, every: float = 86_400.0) -> None:
        """Come once in each while, each time at another moment of it."""
        for day in range(days):
            self.town.later(day * every + self.chance.random() * (every - seconds), lambda: self.visit(seconds))

    # The events that the browser shows

    def paired(self, room: str) -> None:
        """Meet somebody: say something, offend, report or skip, each in its time."""
        kind, later = self.kind, self.town.later
        self.has_met, self.met_at = True, self.town.now()
        if self.chance.random() < kind.reports_others:
            later(self._about(kind.reports_after), lambda: self._report(room, kind.report_reason or "other"))
        if kind.skips_after is not None:
            later(kind.skips_after, lambda: self._skip(room))
            return
        if not kind.is_silent:
            line = self._offence(room) or f"I am {self.name}"
            later(self.chance.uniform(1, 3), lambda: self._say(room, line))
        is_quick = self.chance.random() < kind.quick
        seconds = self.chance.uniform(2, 8) if is_quick else self._talk_seconds()
        later(min(seconds, TALK_SECONDS_MAX), lambda: self._skip(room))

    def said(self, room: str, text: str) -> None:
        """Hear a line; what offends is reported or left."""
        if not text.startswith(OFFENCE):
            return
        wait = self._about(self.kind.reports_after)
        if self.chance.random() < self.kind.reports_offence:
            self.town.later(wait, lambda: self._report(room, text.removeprefix(OFFENCE), even_afterwards=True))
        else:
            self.town.later(wait, lambda: self._skip(room))

    def left(self, room: str) -> None:
        """See that the other one is gone: the browser searches on by itself."""

    def idle(self) -> None:
        """Search on after a report."""
        self.town.later(self.kind.pause_seconds, self._search_on)

    def locked_out(self, error: dict[str, Any]) -> None:
        """Do the things that this person does when they are locked out; most go."""
        if self.after_ban is not None:
            self.after_ban(self, error)

    # The actions of the person then

    def _search_on(self) -> None:
        if not self.is_here or self.client.room is not None:
            return
        if self.kind.fresh_each_time:
            self.client.close()
            self.client.clear()
        self.client.start(**self.wish)

    def _offence(self, room: str) -> str | None:
        """Return the line with which this encounter offends, if it does."""
        kind = self.kind
        is_due = kind.offends_every is not None and self.town.now() - self.offended_at >= kind.offends_every
        if not is_due and self.chance.random() >= kind.offends:
            return None
        self.offended_at = self.town.now()
        self.town.ledger.encounters[room].offender = self
        return OFFENCE + self.chance.choice(REASONS)

    def _talk_seconds(self) -> float:
        return self.kind.talk_seconds_min + self.chance.expovariate(1 / self.kind.talk_seconds)

    def _say(self, room: str, text: str) -> None:
        if self.client.room == room:
            self.client.say(text)

    def _skip(self, room: str) -> None:
        if self.client.room == room:
            self.client.skip()

    def _report(self, room: str, reason: str, *, even_afterwards: bool = False) -> None:
        if not self.is_here or (self.client.room != room and not even_afterwards):
            return
        if room not in self.town.ledger.encounters:
            return  # the last may have been forgotten between two runs (guessing.py)
        if self.town.ledger.encounters[room].other(self) in self.team:
            self.client.skip()
        else:
            self.client.report(reason, room)

    def _about(self, seconds: float) -> float:
        return seconds * self.chance.uniform(0.6, 1.6)


def crowd(town: Town, kind: Kind, size: int, addresses: Callable[[], Addresses], **more: Any) -> list[Person]:
    """Return so many people of a kind, each with addresses of their own or not."""
    return [Person(town, kind, addresses(), **more) for _ in range(size)]


def arrive(town: Town, people: Sequence[Person], within: float) -> None:
    """Let people come one after another within some time, and stay."""
    for person in people:
        town.later(person.chance.random() * within, person.come)


def with_history(town: Town, people: list[Person], days: int = 2) -> None:
    """Let days pass on each of which these people come for some minutes and talk: their devices are known then."""
    for _ in range(days):
        kinds = [person.kind for person in people]
        for person in people:
            person.kind = PEACEFUL
            town.later(person.chance.random() * 20, partial(person.visit, HISTORY_SECONDS))
        town.run(DAY)
        for person, kind in zip(people, kinds, strict=True):
            person.kind = kind
