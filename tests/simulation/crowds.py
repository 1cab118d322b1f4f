"""Several people doing anything, step by step, with every promise checked after every single operation.

A history is data: how many people, and what happens in which order. `str` writes it on one line and
`python -m tests.simulation.crowds '<line>'` plays it again.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

from tests.simulation.explore import guarded
from tests.simulation.invariants import check_settled, check_step
from tests.simulation.people import Person, Phase
from tests.simulation.platform import Change
from tests.simulation.promptness import check_prompt
from tests.simulation.quiet import quiet
from tests.simulation.schedule import Fault, Move
from tests.simulation.story import tell
from tests.simulation.world import CLEAN, HEADERS, PAGE_LEFT, UNCLEAN, World, owner_of

HANDLER_SECONDS_MAX = 10

NAMES = ("alice", "bob", "carol", "dave", "erin", "frank")
WISHES: tuple[dict[str, Any], ...] = (
    {"mode": "text"},
    {"mode": "text", "interests": ["tea"]},
    {"mode": "text", "interests": ["Tea", "chess"], "widen": True},
    {"mode": "text", "interests": ["chess"]},
    {"mode": "video"},
)
PAUSES_SECONDS = (1.0, 4.0, 11.0, 21.0, 61.0)
CLOSE_CODES = (CLEAN, UNCLEAN, PAGE_LEFT)
LEAVING_CHOICE = 6  # of the eight choices, the one in which a lost socket was closed by its page
CONDITIONAL_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})
WRITES_OF_HANDLER = 9  # a report makes so many at most
OPERATIONS_AT_ONCE = 8  # of one invocation, before another goes on


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens: `who` and `choice` are taken modulo the number of choices."""

    verb: str
    who: int = 0
    choice: int = 0

    def __str__(self) -> str:
        return f"{self.verb} {self.who} {self.choice}"

    @staticmethod
    def parse(text: str) -> Step:
        """Return the step that `str` wrote."""
        verb, who, choice = text.split()
        return Step(verb, int(who), int(choice))


@dataclass(frozen=True, slots=True)
class History:
    """A whole run; `seed` decides what handlers draw."""

    people: int
    seed: int
    queue_shards: int
    faults: int
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        head = f"{self.people} {self.seed} {self.queue_shards} {self.faults}"
        return "; ".join([head, *map(str, self.steps)])

    @staticmethod
    def parse(text: str) -> History:
        """Return the history that `str` wrote."""
        head, *steps = text.split(";")
        people, seed, queue_shards, faults = map(int, head.split())
        return History(people, seed, queue_shards, faults, tuple(map(Step.parse, steps)))


class Crowd:
    """A world in which a history happens."""

    def __init__(self, history: History, change: Change | None = None) -> None:
        self.history = history
        self.world = World(seed=history.seed, queue_shards=history.queue_shards, faults_left=history.faults)
        self.world.platform.change = change
        self.gone: set[str] = set()
        # Whose `resume` has no answer yet, and so sends nothing else.
        self.resuming: set[str] = set()
        self.begun: dict[str, float] = {}

    def play(self) -> World:
        """Let everything happen, then settle; raise `Broken` with a story where a promise is not kept."""
        guarded(self.world, self._play)
        return self.world

    def _play(self) -> None:
        for name in NAMES[: self.history.people]:
            self.world.arrive(name)
        for step in self.history.steps:
            getattr(self, f"on_{step.verb}")(step)
            self._note_beginnings()
        while self.world.running:
            self.go_on(next(iter(self.world.running)))
        check_prompt(self.world)
        check_settled(self.world)

    # The actions of the scheduler

    def on_go(self, step: Step) -> None:
        """Let one invocation perform a few operations."""
        label = self._running(step.who)
        for _ in range(step.choice % OPERATIONS_AT_ONCE + 1):
            if label in self.world.running:
                self.go_on(label)

    def on_finish(self, step: Step) -> None:
        """Let one invocation run to its end."""
        label = self._running(step.who)
        while label in self.world.running:
            self.go_on(label)

    def on_write(self, step: Step) -> None:
        """Let one invocation go on until it is about to write with a condition, for the first time or a later one."""
        label = self._running(step.who)
        to_pass = step.choice % WRITES_OF_HANDLER
        while label in self.world.running:
            if self.world.pending(label).name in CONDITIONAL_WRITES:
                if to_pass == 0:
                    return
                to_pass -= 1
            self.go_on(label)

    def on_behind(self, step: Step) -> None:
        """Let all but the first that is at work run to their ends, one after another."""
        for label in list(self.world.running)[1:]:
            while label in self.world.running:
                self.go_on(label)

    def on_drain(self, step: Step) -> None:
        """Let everything run to its end, and everybody hear of it."""
        for label in list(self.world.running):
            while label in self.world.running:
                self.go_on(label)
        check_prompt(self.world)
        self.world.listen()
        self.resuming.clear()

    def on_fault(self, step: Step) -> None:
        """Let something go wrong at an invocation's next operation."""
        label = self._running(step.who)
        strands = range(len(self.world.waiting(label))) if label and self.world.faults_left else ()
        faults = [(fault, strand) for strand in strands for fault in self.world.faults_of(label, strand)]
        if faults:
            self.make(Move(label, *faults[step.choice % len(faults)]))

    def on_beside(self, step: Step) -> None:
        """Let one invocation that does two things at once go on with the second."""
        label = self._running(step.who)
        if label and len(self.world.waiting(label)) > 1:
            self.make(Move(label, strand=1))

    def on_pause(self, step: Step) -> None:
        """Let time pass; no handler lives longer than the platform lets it."""
        seconds = PAUSES_SECONDS[step.choice % len(PAUSES_SECONDS)]
        for label in list(self.world.running):
            while label in self.world.running and self._age(label) + seconds > HANDLER_SECONDS_MAX:
                self.go_on(label)
        self.world.platform.now += seconds
        self.resuming.clear()

    def on_timer(self, step: Step) -> None:
        """Let the delay queue deliver what is due; nothing is delivered while its handler may be at work."""
        platform = self.world.platform
        bodies = [body for body in platform.due() if body not in platform.fired.values()]
        if bodies:
            self.world.fire(bodies[step.choice % len(bodies)])

    # The actions of people

    def on_meet(self, step: Step) -> None:
        """Let two look for anybody, and everything run to its end."""
        for number in (step.who, step.who + 1 + step.choice):
            self._send(number, action="join", **WISHES[0])
        self.on_drain(step)

    def on_listen(self, step: Step) -> None:
        """Let one client read what has arrived."""
        person = self._person(step.who)
        inbox = self.world.platform.inboxes[person.connection]
        person.listen(inbox)
        if inbox:
            self.resuming.discard(person.name)

    def on_join(self, step: Step) -> None:
        """Search, with some wish or other."""
        self._send(step.who, action="join", **WISHES[step.choice % len(WISHES)])

    def on_repair(self, step: Step) -> None:
        """Let a client do what it does by itself as time passes."""
        person = self._person(step.who)
        for frame in person.repairs(is_quiet=True) if self._may_send(person) else ():
            self._hand_over(person, frame)

    def on_message(self, step: Step) -> None:
        """Say something in the room that the client believes to be in."""
        self._send_in_room(step, action="message", seq=1, text="hello")

    def on_signal(self, step: Step) -> None:
        """Pass signalling on."""
        self._send_in_room(step, action="signal", data={"candidates": []})

    def on_skip(self, step: Step) -> None:
        """End the room and search on."""
        self._send_in_room(step, action="skip")

    def on_report(self, step: Step) -> None:
        """Report the peer of this room, or of one that is over."""
        person = self._person(step.who)
        rooms = [*([person.room] if person.room else []), *sorted(person.ended)]
        if rooms:
            self._send(step.who, action="report", room=rooms[step.choice % len(rooms)], reason="spam")

    def on_ban(self, step: Step) -> None:
        """Let a ban of somebody begin, on this connection of theirs or, by an odd choice, on the one before."""
        person = self._person(step.who)
        own = [each for each in self.world.platform.inboxes if owner_of(each) == person.name]
        if person.name not in self.gone:
            self.world.lock_out(own[-2] if step.choice % 2 and len(own) > 1 else own[-1])

    def on_leave(self, step: Step) -> None:
        self._send(step.who, action="leave")

    def on_quit(self, step: Step) -> None:
        """Close the page: this person does not come back."""
        person = self._person(step.who)
        if self._is_here(person):
            self.world.hang_up(person.name)
            self.gone.add(person.name)

    def on_lose(self, step: Step) -> None:
        """Lose the socket; a person who comes back opens another."""
        person = self._person(step.who)
        if self._is_here(person):
            self.world.hang_up(person.name, (UNCLEAN, PAGE_LEFT)[step.choice == LEAVING_CHOICE])

    def on_close(self, step: Step) -> None:
        """Let the platform say how a socket closed that was found closed, or that the server closed."""
        world = self.world
        closed = [each for each in world.platform.inboxes if each not in world.platform.open | world.close_codes.keys()]
        if closed:
            connection, code = closed[step.who % len(closed)], CLOSE_CODES[step.choice % len(CLOSE_CODES)]
            world.notify(connection, code)
            if code == CLEAN and connection == world.people[owner_of(connection)].connection:
                self.gone.add(owner_of(connection))

    def on_connect(self, step: Step) -> None:
        """Let the platform call the handler of an upgrade a second time."""
        person = self._person(step.who)
        if self._is_here(person):
            query = {"device": person.device} if person.device else {}
            event = {"headers": HEADERS, "queryStringParameters": query}
            label = self.world.invoke(person.connection, "$connect", event, f"{person.connection} connects again")
            while label in self.world.running:
                self.go_on(label)

    def on_window(self, step: Step) -> None:
        """Let somebody who has done nothing yet come with another's browser instead: two windows of one device."""
        person, other = self._person(step.who), self._person(step.who + 1 + step.choice)
        if self._is_here(person) and person.token is None and person.phase is Phase.IDLE and other.device:
            label = self.world.hang_up(person.name)
            while label in self.world.running:
                self.go_on(label)
            person.device = other.device
            self.world.reconnect(person.name)

    def on_resume(self, step: Step) -> None:
        """Open another socket and continue, whether or not the platform knows that the old one is dead."""
        person = self._person(step.who)
        if person.name in self.gone or person.token is None:
            return
        if self._is_here(person):
            self.world.hang_up(person.name, UNCLEAN)
        self.world.come_back(person.name)
        self.resuming.add(person.name)

    # Helpers

    def go_on(self, label: str) -> None:
        self.make(Move(label))

    def make(self, move: Move) -> None:
        self.world.make(move)
        check_step(self.world)

    def _running(self, number: int) -> str:
        labels = list(self.world.running)
        return labels[number % len(labels)] if labels else ""

    def _person(self, number: int) -> Person:
        return self.world.people[NAMES[number % self.history.people]]

    def _is_here(self, person: Person) -> bool:
        return person.name not in self.gone and person.connection in self.world.platform.open

    def _may_send(self, person: Person) -> bool:
        return self._is_here(person) and person.name not in self.resuming

    def _send(self, who: int, **frame: Any) -> None:
        person = self._person(who)
        if self._may_send(person):
            self._hand_over(person, frame)

    def _hand_over(self, person: Person, frame: dict[str, Any]) -> None:
        """Send a frame. Two of one client at work at once answer in any order, as one that is delivered twice does."""
        if any(label.startswith(f"{person.connection} ") for label in self.world.running):
            self.world.faults_made |= {Fault.TWICE}
        self.world.send(person.name, frame)

    def _send_in_room(self, step: Step, **frame: Any) -> None:
        """Send a frame of the room that the client believes to be in; mostly it has read what came."""
        if step.choice:
            self.on_listen(step)
        room = self._person(step.who).room
        if room is not None:
            self._send(step.who, room=room, **frame)

    def _note_beginnings(self) -> None:
        for label in self.world.running:
            self.begun.setdefault(label, self.world.platform.now)

    def _age(self, label: str) -> float:
        return self.world.platform.now - self.begun.get(label, self.world.platform.now)


def main() -> None:
    """Play a history, and tell its story."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.crowds", description=main.__doc__)
    parser.add_argument("history", help="the line that a failure prints")
    history = History.parse(parser.parse_args().history)
    with quiet():
        print(tell(Crowd(history).play(), "every promise was kept"))


if __name__ == "__main__":
    main()
