"""The states of a connection and what moves it from one to another, once. Pure.

The theory is on top of pairing.py; docs/protocol.md draws this table, and a test plays every row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """Where a connection stands, as its item and its room say."""

    IDLE = "idle"
    WAITING = "waiting"
    TALKING = "talking"
    LOST = "lost"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Transition:
    """`event` happens to a connection in a state; it is what the client, its peer, its socket or the clock does."""

    before: State
    event: str
    after: State


TRANSITIONS: tuple[Transition, ...] = (
    Transition(State.IDLE, "join, nobody is there", State.WAITING),
    Transition(State.IDLE, "join, somebody waits", State.TALKING),
    Transition(State.WAITING, "join again", State.WAITING),
    Transition(State.WAITING, "somebody joins", State.TALKING),
    Transition(State.WAITING, "leave", State.IDLE),
    Transition(State.TALKING, "join again", State.TALKING),
    Transition(State.TALKING, "skip, nobody is there", State.WAITING),
    Transition(State.TALKING, "skip, somebody waits", State.TALKING),
    Transition(State.TALKING, "the peer skips, leaves or is gone", State.WAITING),
    Transition(State.TALKING, "leave", State.IDLE),
    Transition(State.TALKING, "report", State.IDLE),
    Transition(State.IDLE, "the socket closes", State.GONE),
    Transition(State.WAITING, "the socket closes", State.GONE),
    Transition(State.TALKING, "the socket closes", State.GONE),
    Transition(State.WAITING, "the socket dies", State.LOST),
    Transition(State.TALKING, "the socket dies", State.LOST),
    Transition(State.LOST, "resume by a new connection", State.GONE),
    Transition(State.LOST, "the grace is over", State.GONE),
)


def diagram() -> list[str]:
    """Return the table as lines of a Mermaid state diagram."""
    arrows = [f"    {each.before.value} --> {each.after.value}: {each.event}" for each in TRANSITIONS]
    return ["stateDiagram-v2", "    [*] --> idle: connect", *arrows, "    gone --> [*]"]
