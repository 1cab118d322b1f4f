"""The actions and events of every visitor of a simulated day, with times: the promises are checked on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Stay:
    """A visitor's time in one room. `ended_by` is what this side did or heard: skip, leave, report, peer_left, lost."""

    room: str
    began: float
    ended: float | None = None
    ended_by: str = ""


@dataclass(slots=True)
class Search:
    """A visitor's time of searching, on a socket that worked. `found`: it ended with a room."""

    began: float
    ended: float | None = None
    found: bool = False


@dataclass(slots=True)
class Diary:
    """One visitor's day. Times are seconds since the day began."""

    name: str
    mode: str = "text"
    interests: tuple[str, ...] = ()
    network: str = "good"
    arrived: float = 0.0
    gone: float | None = None
    opened: int = 0
    stays: list[Stay] = field(default_factory=list)
    searches: list[Search] = field(default_factory=list)
    said: list[tuple[float, str, int, str]] = field(default_factory=list)  # time, room, number, text
    heard: list[tuple[float, str, int, str]] = field(default_factory=list)
    told_left: list[tuple[float, str]] = field(default_factory=list)
    relayed: list[tuple[float, str]] = field(default_factory=list)  # time and room of everything that a peer sent
    strange: list[str] = field(default_factory=list)  # events that break the contract
    delays: list[float] = field(default_factory=list)  # from a join to its answer
    troubles: list[tuple[float, float]] = field(default_factory=list)  # when the socket was lost, until it worked again
    refused: list[tuple[float, str]] = field(default_factory=list)  # error codes
    resumed: int = 0
    frames_sent: int = 0
    frames_received: int = 0

    def was_well(self, begin: float, end: float) -> bool:
        """Whether this visitor had a working socket all the time between."""
        here = self.arrived <= begin and (self.gone is None or end <= self.gone)
        return here and all(until <= begin or end <= since for since, until in self.troubles)

    def stay_in(self, room: str) -> Stay | None:
        """Return the time in a room."""
        return next((stay for stay in self.stays if stay.room == room), None)


@dataclass
class History:
    """Everybody's diaries."""

    seconds: float
    diaries: list[Diary] = field(default_factory=list)

    def rooms(self) -> dict[str, list[Diary]]:
        """Return who was in each room, as far as they were told."""
        found: dict[str, list[Diary]] = {}
        for diary in self.diaries:
            for room in dict.fromkeys(stay.room for stay in diary.stays):
                found.setdefault(room, []).append(diary)
        return found

    def waits(self) -> Iterator[tuple[float, float]]:
        """Give when each search that found somebody began, and how long it took."""
        for diary in self.diaries:
            for search in diary.searches:
                if search.found and search.ended is not None:
                    yield search.began, search.ended - search.began

    def lengths(self) -> Iterator[tuple[float, float]]:
        """Give when each conversation began, and how long it took; each once."""
        for room, members in self.rooms().items():
            stays = [stay for diary in members if (stay := diary.stay_in(room)) is not None and stay.ended is not None]
            if stays:
                first = min(stays, key=lambda stay: stay.ended or 0.0)
                yield first.began, (first.ended or 0.0) - first.began
