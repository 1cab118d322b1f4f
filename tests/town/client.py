"""One browser: speaks docs/protocol.md as the page does, for a person who decides. Knows nothing but what it hears."""

from __future__ import annotations

from typing import Any, Protocol

from tests.puzzles import solve
from tests.town.networks import Addresses
from tests.town.town import Town

REPEAT_SECONDS = 4.5  # of `join` while waiting, as the page does
RETRY_SECONDS = 5.0  # before another try of a socket that was refused, doubled each time
RETRY_SECONDS_MAX = 60.0
WORK_SECONDS = 0.1  # of a computer, for a puzzle; a cheap phone takes three times as long
CLEAN = 1000
Event = dict[str, Any]


class Owner(Protocol):
    """The events that a browser's person notices."""

    @property
    def works(self) -> bool: ...
    def paired(self, room: str) -> None: ...
    def said(self, room: str, text: str) -> None: ...
    def left(self, room: str) -> None: ...
    def idle(self) -> None: ...
    def locked_out(self, error: Event) -> None: ...


class Client:
    """Keeps its device's token, its place and its last room; repeats what the page repeats."""

    def __init__(self, town: Town, owner: Owner, addresses: Addresses, device: str | None = None) -> None:
        self.town, self.owner, self.addresses = town, owner, addresses
        self.device = device
        self.wish: Event = {"mode": "text"}
        self.address = addresses()
        self.connection: str | None = None
        self.room: str | None = None
        self.searches, self.repeats = False, True
        self.began_at: float | None = None
        self.waits_since: float | None = None
        self.case: str | None = None
        self.events: list[Event] | None = None
        self._seq = self._turn = self._refused = 0

    @property
    def is_waiting(self) -> bool:
        """Whether it looks for somebody, and has for longer than events travel."""
        waits_since = self.waits_since
        return self.searches and self.room is None and waits_since is not None and self.town.now() - waits_since > 0.5

    # The actions of its person

    def start(self, **wish: Any) -> None:
        """Open a socket if there is none, and look for somebody."""
        self.wish = {"mode": "text", **wish}
        self.searches = True
        if self.began_at is None:
            self.began_at = self.town.now()
        if self.connection is None:
            self._open()
        if self.connection is not None:
            self._join()

    def say(self, text: str) -> None:
        if self.room is not None:
            self._seq += 1
            self.send(action="message", room=self.room, seq=self._seq, text=text)

    def skip(self) -> None:
        """Go on to the next one."""
        if self.room is not None:
            room, self.room = self.room, None
            self.town.ledger.note_end(room)
            self.send(action="skip", room=room)
            self._repeat()

    def report(self, reason: str, room: str | None = None) -> None:
        """Report the peer of this room or of one before."""
        room = room or self.room
        if room is not None:
            self.town.ledger.note_report(self.owner, room)
            if room == self.room:
                self.town.ledger.note_end(room)
                self.room, self.searches = None, False
            self.send(action="report", room=room, reason=reason)

    def close(self, code: int = CLEAN) -> None:
        if self.room is not None:
            self.town.ledger.note_end(self.room)
        self.searches, self.room, self.began_at, self.waits_since = False, None, None, None
        self._turn += 1
        if self.connection is not None:
            connection, self.connection = self.connection, None
            self.town.site.close(connection, self.address, code)

    def clear(self) -> None:
        """Clear the browser: the token is gone."""
        self.device = None

    def send(self, **frame: Any) -> None:
        """Send a frame as it is."""
        if self.connection is not None:
            self.town.site.send(self.connection, self.address, frame)

    # The events from the server

    def hear(self, connection: str, event: Event) -> None:
        """Take one event; those of a socket before are of no interest."""
        if connection != self.connection:
            return
        self._remember(event)
        match event.get("type"):
            case "waiting":
                self._hear_waiting(event)
            case "paired":
                self._hear_paired(event["room"])
            case "message" if event["room"] == self.room:
                self.owner.said(event["room"], event.get("text", ""))
            case "peer_left" if event["room"] == self.room:
                self.room = None
                self.owner.left(event["room"])
                self._repeat()
            case "reported":
                self.owner.idle()
            case "error":
                self._hear_error(event)
            case "socket closed":
                self.connection = self.room = None
                self._try_again()

    def _remember(self, event: Event) -> None:
        """Keep the device's token, and everything where somebody wants to look at it later."""
        self.device = event.get("device", self.device)
        if self.events is not None:
            self.events.append({"at": self.town.now(), **event})

    def _hear_waiting(self, event: Event) -> None:
        self._noticed()
        if "puzzle" in event and self.owner.works:
            self.town.later(WORK_SECONDS, lambda: self._hand_in(event["puzzle"]))
        if self.waits_since is None:
            self.waits_since = self.town.now()

    def _hear_paired(self, room: str) -> None:
        self._noticed()
        self.waits_since = None
        if not self.searches:
            self.send(action="leave", room=room)
        elif room != self.room:
            self.room, self._seq = room, 0
            self._turn += 1
            self.town.ledger.met(room, self.owner)
            self.owner.paired(room)

    def _hear_error(self, event: Event) -> None:
        self.town.ledger.refusals.append((self.town.now(), self.owner, event["code"]))
        match event["code"]:
            case "banned":
                self.searches, self.room, self.case = False, None, event.get("case")
                self.town.ledger.note_ban(self.owner, event)
                self.owner.locked_out(event)
            case "stale_room" if event.get("action") == "report":
                self.owner.idle()
            case "stale_room" if event.get("room") == self.room:
                self.room = None

    def _noticed(self) -> None:
        """Note how long it took until the site said that it looks for somebody."""
        self._refused = 0
        if self.began_at is not None:
            self.town.ledger.waits.append((self.owner, self.town.now() - self.began_at))
            self.began_at = None

    # The actions by itself

    def _open(self) -> None:
        query = {"device": self.device} if self.device is not None else {}
        self.address = self.addresses()
        status, connection = self.town.site.connect(self.address, lambda event: self.hear(connection, event), query)
        if status == 200:
            self.connection = connection
            return
        self.town.ledger.refusals.append((self.town.now(), self.owner, str(status)))
        self._try_again()

    def _try_again(self) -> None:
        wait = min(RETRY_SECONDS * 2**self._refused, RETRY_SECONDS_MAX)
        self._refused += 1
        self._turn += 1
        turn = self._turn
        self.town.later(wait, lambda: self.start(**self.wish) if self.searches and turn == self._turn else None)

    def _join(self) -> None:
        self.send(action="join", **self.wish)
        self._repeat()

    def _hand_in(self, puzzle: Event) -> None:
        if self.searches and self.room is None:
            self.send(action="join", **self.wish, solution=solve(puzzle))

    def _repeat(self) -> None:
        """Repeat `join` as long as it waits."""
        self._turn += 1
        turn = self._turn
        if not self.repeats:
            return

        def again() -> None:
            if turn == self._turn and self.searches and self.room is None and self.connection is not None:
                self._join()

        self.town.later(REPEAT_SECONDS, again)
