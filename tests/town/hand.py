"""A socket whose frames a test writes by hand, for scripts that no browser would play."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from functions.chat.model.record import Record, day_of
from tests.puzzles import solve
from tests.town.town import Town

TRAVEL_SECONDS = 0.1  # until what was sent is done and heard
REPEAT_SECONDS, REPEATS_MAX = 5.0, 30
CLEAN = 1000
Event = dict[str, Any]


class Hand:
    """One socket from an address, of a device that shows a token or of a newcomer."""

    def __init__(self, town: Town, address: str, device: str | None = None) -> None:
        self.town, self.address = town, address
        self.heard: list[Event] = []
        self.status, self.id = town.site.connect(address, self.heard.append, {"device": device} if device else {})

    def send(self, action: str, **fields: Any) -> list[Event]:
        """Send a frame; return what was heard since."""
        before = len(self.heard)
        self._do(lambda: self.town.site.send(self.id, self.address, {"action": action, **fields}))
        return self.heard[before:]

    def join(self, *, works: bool = True, **wish: Any) -> str | None:
        """Look for somebody, and solve the puzzle where one is told; return the room, if there is one at once."""
        heard = self.send("join", **{"mode": "text", **wish})
        puzzle = next((each["puzzle"] for each in heard if "puzzle" in each), None)
        if puzzle is not None and works:
            heard += self.send("join", **{"mode": "text", **wish, "solution": solve(puzzle)})
        return next((str(each["room"]) for each in heard if each["type"] == "paired"), None)

    def close(self, code: int = CLEAN) -> None:
        """Close the socket; 1006 is how a dead one ends."""
        self._do(lambda: self.town.site.close(self.id, self.address, code))

    def _do(self, act: Callable[[], object]) -> None:
        self.town.later(0, act)
        self.town.run(TRAVEL_SECONDS)

    def last(self, kind: str) -> Event:
        return next(each for each in reversed(self.heard) if each["type"] == kind)

    @property
    def token(self) -> str:
        """The device's token, as the server told it or keeps it for this visitor."""
        connection = self.town.site.backend.store.get_connection(self.id)
        assert connection is not None and connection.device_token is not None, "it came with its token"
        return connection.device_token

    @property
    def device(self) -> str:
        connection = self.town.site.backend.store.get_connection(self.id)
        assert connection is not None and connection.device is not None
        return connection.device

    @property
    def resume(self) -> str:
        """The last secret by which this socket can be continued."""
        return str(next(each["resume"] for each in reversed(self.heard) if "resume" in each))


def known(town: Town, address: str) -> str:
    """Return the token of a device that talked here yesterday."""
    before = Hand(town, address)
    token, device = before.token, before.device
    change(town, device, lambda own: replace(own, days=1, last_day=day_of(town.site.clock.now()) - 1))
    before.close()
    return token


def change(town: Town, key: str, alter: Callable[[Record], Record]) -> None:
    town.site.backend.records.change(key, alter)


def record_of(town: Town, key: str) -> Record:
    return town.site.backend.records.get([key])[key]


def score_of(town: Town, key: str) -> float:
    """Return what all reports of a device weigh now, to the hundredth."""
    return round(record_of(town, key).score(town.site.clock.now()), 2)


def meet(one: Hand, other: Hand, **wish: Any) -> str:
    """Let two look until they meet, as pages repeat `join`; return their room."""
    for _ in range(REPEATS_MAX):
        one.join(**wish)
        room = other.join(**wish)
        if room is not None:
            assert one.last("paired")["room"] == room, "nobody else is here"
            return room
        one.town.run(REPEAT_SECONDS)
    raise AssertionError("the two do not meet")
