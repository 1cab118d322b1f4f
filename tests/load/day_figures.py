"""Figures of a simulated day: one sample a second, from the visitors and, where it is ours, from the gateway."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TextIO

import aiohttp

from tests.load.day_history import Diary, History
from tests.load.day_plan import hour_of

EVERY_SECONDS = 1.0
BAR_CHARACTERS = 24
LINES_WITHOUT_TERMINAL = 20  # a log file gets so many lines in all


@dataclass(frozen=True, slots=True)
class Sample:
    """A moment. Units and dollars are None where only the gateway could know."""

    at: float
    here: int
    searching: int
    talking: int
    frames: int
    waited: tuple[float, ...]
    reads: float | None = None
    writes: float | None = None
    dollars: float | None = None


@dataclass
class Watcher:
    """Samples until it is told to stop, and shows where the day is."""

    history: History
    clock: Callable[[], float]
    day_seconds: float
    figures_url: str | None = None
    stream: TextIO = sys.stderr
    samples: list[Sample] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=dict)
    _shown: int = -1

    async def watch(self, http: aiohttp.ClientSession, stop: asyncio.Event) -> None:
        """Take a sample each second."""
        while not stop.is_set():
            self.last = await self._ask(http)
            self.samples.append(self._sample())
            self._show(self.samples[-1])
            try:
                async with asyncio.timeout(EVERY_SECONDS):
                    await stop.wait()
            except TimeoutError:
                continue
        self.last = await self._ask(http)
        self.samples.append(self._sample())
        if self.stream.isatty():
            self.stream.write("\n")

    async def _ask(self, http: aiohttp.ClientSession) -> dict[str, Any]:
        if self.figures_url is None:
            return {}
        async with http.get(self.figures_url) as answer:
            found: dict[str, Any] = await answer.json()
        return found

    def _sample(self) -> Sample:
        diaries = self.history.diaries
        here = [diary for diary in diaries if diary.gone is None]
        waited = [took for _, took in self.history.waits()][-50:]
        units = self.last.get("units", {})
        return Sample(
            at=self.clock(),
            here=len(here),
            searching=sum(_is_searching(diary) for diary in here),
            talking=sum(bool(diary.stays) and diary.stays[-1].ended is None for diary in here),
            frames=sum(diary.frames_sent + diary.frames_received for diary in diaries),
            waited=tuple(waited),
            reads=units.get("read"),
            writes=units.get("write"),
            dollars=self.last.get("dollars", {}).get("together"),
        )

    def _show(self, sample: Sample) -> None:
        share = min(sample.at / self.day_seconds, 1.0)
        step = int(share * LINES_WITHOUT_TERMINAL)
        if not self.stream.isatty() and step == self._shown:
            return
        self._shown = step
        bar = "█" * round(share * BAR_CHARACTERS)
        hour = hour_of(sample.at, self.day_seconds)
        middle = sorted(sample.waited)[len(sample.waited) // 2] if sample.waited else 0.0
        cost = "" if sample.dollars is None else f"  ${sample.dollars:.4f}"
        line = (
            f"{bar:░<{BAR_CHARACTERS}} {int(hour):02}:{int(hour % 1 * 60):02}  {sample.here:4} here  "
            f"{sample.searching:3} wait ({middle:.1f} s)  {sample.talking:4} talk  {sample.frames:6} frames{cost}"
        )
        self.stream.write(f"\r{line}" if self.stream.isatty() else f"{line}\n")
        self.stream.flush()


def started() -> Callable[[], float]:
    """Return a clock that begins now."""
    begun = time.monotonic()
    return lambda: time.monotonic() - begun


def rates(samples: Sequence[Sample], pick: Callable[[Sample], float | None]) -> list[tuple[float, float]]:
    """Return what a growing number grew by in each second; empty when it is not known."""
    known = [(sample.at, value) for sample in samples if (value := pick(sample)) is not None]
    pairs = pairwise(known)
    return [(at, (value - before) / (at - since)) for (since, before), (at, value) in pairs if at > since]


def _is_searching(diary: Diary) -> bool:
    return bool(diary.searches) and diary.searches[-1].ended is None
