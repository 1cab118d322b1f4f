"""Two people on two pages: what a test does with them and reads from them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.call.support.faces import Face
from tests.call.support.signalling import Signalling

# Far above what is measured (0.3-2 s), because the machine that runs the tests may be busy.
DEADLINE_SECONDS = 20.0
MORE_FRAMES = 5
POLL_SECONDS = 0.05


def wait_for(
    what: str, check: Callable[..., object], seconds: float = DEADLINE_SECONDS, every: float = POLL_SECONDS
) -> Any:
    """Poll until the check gives something true and return it. A check in a loop keeps a value as its own default."""
    deadline = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        assert time.monotonic() < deadline, f"after {seconds} s still not: {what}"
        time.sleep(every)


@dataclass
class Person:
    """One end of a call."""

    name: str
    page: Page
    face: Face | None = None

    def open(self, url: str) -> None:
        self.page.goto(url)
        self.page.wait_for_function("window.harness")

    def join(self) -> None:
        self.page.evaluate("void harness.join()")

    def run(self, script: str) -> Any:
        return self.page.evaluate(script)

    @property
    def state(self) -> dict[str, Any] | None:
        state: dict[str, Any] | None = self.page.evaluate("harness.state")
        return state

    def stats(self) -> dict[str, Any]:
        return self.page.evaluate("probe.stats()") or {}

    def frames(self) -> int:
        return int(self.stats().get("frames", 0))

    def is_in(self, *phases: str) -> bool:
        state = self.state
        return state is not None and state["phase"] in phases

    def wait_for_phase(self, *phases: str, seconds: float = DEADLINE_SECONDS) -> dict[str, Any]:
        wait_for(f"{self.name} is {' or '.join(phases)}", lambda: self.is_in(*phases), seconds)
        state = self.state
        assert state is not None
        return state

    def sees(self, face: Face) -> bool:
        """Whether the picture that arrives has the colour of a face."""
        colour = self.page.evaluate("probe.colour()")
        if colour is None:
            return False
        red, _, blue = colour
        return bool(red > blue + 60) if face.name == "red" else bool(blue > red + 60)

    def hears(self, face: Face) -> bool:
        """Whether the sound that arrives has the pitch of a face."""
        return abs(int(self.page.evaluate("probe.hertz()")) - face.hertz) < 40

    def wait_until_sees(self, face: Face) -> None:
        wait_for(f"{self.name} sees {face.name}", lambda: self.sees(face))

    def wait_for_more_frames(self) -> None:
        """Pictures go on arriving, from now."""
        before = self.frames()
        wait_for(f"{self.name} gets pictures", lambda: self.frames() >= before + MORE_FRAMES)


def meet(signalling: Signalling, waiter: Person, joiner: Person, **options: str) -> str:
    """The waiter offers first, the joiner answers; returns their room once both are connected."""
    waiter.open(signalling.page(waiter.name, **options))
    joiner.open(signalling.page(joiner.name, **options))
    return start(waiter, joiner)


def start(waiter: Person, joiner: Person) -> str:
    """Let two who have their pages open meet."""
    be_paired(waiter, joiner)
    both_connected(waiter, joiner)
    return str(waiter.run("harness.room"))


def be_paired(waiter: Person, joiner: Person) -> None:
    """Let two who have their pages open join, one after the other, and wait for no call."""
    waiter.join()
    wait_for(f"{waiter.name} waits", lambda: "waiting" in waiter.run("harness.events"))
    joiner.join()


def both_connected(*people: Person) -> None:
    for each in people:
        each.wait_for_phase("connected")
