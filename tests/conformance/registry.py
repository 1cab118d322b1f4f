"""The named cases, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.conformance.world import World

Play = Callable[[World], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Case:
    """One guarantee of the protocol and how to find out whether a server keeps it."""

    name: str
    guarantee: str
    play: Play
    # API Gateway does it by itself; a server of another kind need not imitate it.
    platform: bool
    # Meets people without an interest in common, so nobody else may be on the server.
    alone: bool
    seconds_max: float


CASES: dict[str, Case] = {}

SECONDS_MAX = 60.0


def case(*, platform: bool = False, alone: bool = False, seconds_max: float = SECONDS_MAX) -> Callable[[Play], Play]:
    """Register a coroutine as a case; its name is a sentence and its docstring the guarantee."""

    def register(play: Play) -> Play:
        name = getattr(play, "__name__", "").replace("_", " ")
        assert name not in CASES, f"two cases are called {name!r}"
        guarantee = " ".join((play.__doc__ or "").split())
        assert guarantee, f"the case {name!r} has no guarantee in its docstring"
        CASES[name] = Case(name, guarantee, play, platform, alone, seconds_max)
        return play

    return register
