"""Clients as the contract describes them: they repeat `join` while they search, and fence everything by room."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any


class Phase(Enum):
    """The state that a client believes to be in."""

    IDLE = "idle"
    SEARCHING = "searching"
    TALKING = "talking"


@dataclass
class Person:
    """One client. It shows the things that a human would see."""

    name: str
    connection: str
    phase: Phase = Phase.IDLE
    room: str | None = None
    wish: dict[str, Any] = field(default_factory=lambda: {"mode": "text"})
    ended: frozenset[str] = frozenset()
    shown_left: tuple[str, ...] = ()
    wants_to_talk: bool = False
    heard: int = 0
    owed: tuple[dict[str, Any], ...] = ()
    token: str | None = None
    device: str | None = None
    doubted: bool = False
    reports: frozenset[str] = frozenset()

    def sent(self, frame: dict[str, Any]) -> None:
        """Take note of a frame of our own."""
        match frame["action"]:
            case "join":
                self.wish = {name: value for name, value in frame.items() if name != "action"}
                self.wants_to_talk = True
                # A person who starts again takes back the stop.
                self.owed = tuple(owed for owed in self.owed if owed != {"action": "leave"})
                if self.phase is Phase.IDLE:
                    self.phase = Phase.SEARCHING
            case "skip":
                self._end(frame["room"])
            case "report":
                self.reports |= {frame["room"]}
                self._end(frame["room"])
            case "leave" if "room" in frame:
                self._end(frame["room"])
            case "leave":
                self.wants_to_talk = False
                if self.room is not None:
                    self._end(self.room)
                self.phase = Phase.IDLE

    def listen(self, inbox: tuple[dict[str, Any], ...]) -> None:
        """Read what has arrived since the last time."""
        for event in inbox[self.heard :]:
            self.hear(event)
        self.heard = len(inbox)

    def hear(self, event: dict[str, Any]) -> None:
        """Take one event as the page does."""
        self.token = event.get("resume", self.token)
        self.device = event.get("device", self.device)
        match event["type"]:
            case "paired":
                self._hear_paired(event["room"])
            case "waiting":
                self._hear_waiting()
            case "peer_left":
                if event["room"] not in self.ended:
                    self.shown_left += (event["room"],)
                self._end(event["room"])
            case "error" if event["code"] == "banned":
                self.wants_to_talk, self.room, self.phase = False, None, Phase.IDLE
            case "error" if event["code"] == "resume_failed" and self.wants_to_talk:
                # The old place is lost: what the old connection had is over, and the search starts anew.
                self.room, self.phase = None, Phase.SEARCHING
            case "error" if event["code"] == "stale_room" and event.get("action") != "report":
                self._end(event.get("room"))

    def _hear_paired(self, room: str) -> None:
        if not self.wants_to_talk:
            self.owe(action="leave", room=room)
        elif room in self.ended:
            # A room that is over here is open there: a skip was lost.
            self.owe(action="skip", room=room)
        else:
            self.room, self.phase, self.doubted = room, Phase.TALKING, False

    def _hear_waiting(self) -> None:
        if not self.wants_to_talk:
            self.owe(action="leave")
        elif self.room is not None and not self.doubted:
            # Either the room is over, or this came late: the answer to `join` tells.
            self.doubted = True
            self.owe(action="join", **self.wish)
        else:
            self._end(self.room)

    def repairs(self, is_quiet: bool) -> list[dict[str, Any]]:
        """Return what the client sends by itself as time passes; in a room only when that has been quiet for long."""
        if self.owed:
            frames, self.owed = list(self.owed), ()
            return frames
        if self.phase is Phase.SEARCHING:
            return [{"action": "join", **self.wish}]
        if self.phase is Phase.TALKING and is_quiet:
            return [{"action": "ack", "room": self.room, "ack": 0}]
        return []

    def owe(self, **frame: Any) -> None:
        """Send a frame with the next repairs."""
        self.owed += (frame,)

    @property
    def has_stopped(self) -> bool:
        """Whether it left and has not searched since."""
        return self.phase is Phase.IDLE and bool(self.wish) and not self.wants_to_talk and self.token is not None

    def fork(self) -> Person:
        return replace(self)

    def _end(self, room: str | None) -> None:
        if room is None:
            return
        self.ended |= {room}
        if self.room == room:
            self.room = None
            self.phase = Phase.SEARCHING if self.wants_to_talk else Phase.IDLE
