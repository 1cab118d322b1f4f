"""The two-party scenarios that are enumerated completely, and a few with a third."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.simulation.invariants import check_step
from tests.simulation.platform import Change
from tests.simulation.schedule import Fault
from tests.simulation.world import CLEAN, PAGE_LEFT, UNCLEAN, World

JOIN = {"action": "join", "mode": "text"}
Act = Callable[[World], object]


@dataclass(frozen=True)
class Scenario:
    """The state before, and the events that then happen at once."""

    name: str
    prepare: Act
    begin: Act

    def world(
        self,
        faults: int = 0,
        allowed: frozenset[Fault] = frozenset(Fault),
        queue_shards: int = 1,
        seed: int = 0,
        change: Change | None = None,
        *,
        at_once: bool = True,
    ) -> World:
        """Return the world in which it begins; there, handlers do two things at once or one after the other."""
        world = World(seed=seed, queue_shards=queue_shards, at_once=at_once)
        world.platform.change = change
        self.prepare(world)
        world.listen()
        check_step(world)
        world = world.fork(faults=faults, allowed=allowed)
        world.story.clear()
        world.moves_made.clear()
        world.repeatable.clear()
        self.begin(world)
        return world


def connected(*names: str) -> Act:
    def prepare(world: World) -> None:
        for name in names:
            world.arrive(name)

    return prepare


def waiting(*names: str) -> Act:
    """Everybody is connected; the first waits."""

    def prepare(world: World) -> None:
        connected(*names)(world)
        world.run(world.send(names[0], JOIN))

    return prepare


def waiting_long(*names: str) -> Act:
    """Everybody is connected; the first waits since a while."""

    def prepare(world: World) -> None:
        waiting(*names)(world)
        world.platform.now += 5

    return prepare


def talking(*names: str, seconds: float = 30) -> Act:
    """The first two are in a room since a while; the others are connected."""

    def prepare(world: World) -> None:
        waiting(*names)(world)
        world.run(world.send(names[1], JOIN))
        world.listen()
        world.platform.now += seconds

    return prepare


def meeting_again(*names: str) -> Act:
    """The first has left a room with the second, who waits; everybody else is connected."""
    return after(talking(*names), lambda world: world.send(names[0], {"action": "leave"}))


def in_room(world: World, name: str, action: str, **fields: object) -> None:
    room = world.people[name].room
    assert room is not None, f"{name} is in no room"
    world.send(name, {"action": action, "room": room, **fields})


def join(*names: str) -> Act:
    def begin(world: World) -> None:
        for name in names:
            world.send(name, JOIN)

    return begin


def both(*begins: Act) -> Act:
    def begin(world: World) -> None:
        for each in begins:
            each(world)

    return begin


def hang_up(name: str) -> Act:
    return lambda world: world.hang_up(name)


def cut_off(name: str) -> Act:
    return lambda world: world.hang_up(name, UNCLEAN)


def leave_page(name: str) -> Act:
    return lambda world: world.hang_up(name, PAGE_LEFT)


def die(name: str) -> Act:
    return lambda world: world.die(name)


def notify(connection: str, code: int) -> Act:
    return lambda world: world.notify(connection, code)


def come_back(name: str) -> Act:
    return lambda world: world.come_back(name)


def come_back_again(name: str) -> Act:
    """Come back once more with the same token; the socket of the first attempt turns out to be dead."""

    def begin(world: World) -> None:
        world.hang_up(name, UNCLEAN)
        world.come_back(name)

    return begin


def after(prepare: Act, *events: Act) -> Act:
    """Everything of `events` has happened and run to its end."""

    def run(world: World) -> None:
        prepare(world)
        for event in events:
            world.listen()
            event(world)
            world.run_all()
        world.listen()

    return run


def grace_ends(connection: str) -> Act:
    def begin(world: World) -> None:
        body = json.dumps({"connection": connection})
        world.platform.now = max(world.platform.now, world.platform.timers[body])
        world.fire(body)

    return begin


def skip(name: str) -> Act:
    return lambda world: in_room(world, name, "skip")


def leave(name: str) -> Act:
    return lambda world: world.send(name, {"action": "leave"})


def report(name: str) -> Act:
    return lambda world: in_room(world, name, "report", reason="spam")


def lock_out(name: str) -> Act:
    """Let a ban begin, in any state of the person."""
    return lambda world: world.lock_out(world.people[name].connection)


def message(name: str) -> Act:
    return lambda world: in_room(world, name, "message", seq=1, text="hello")


A, B, C = "alice", "bob", "carol"

SCENARIOS: tuple[Scenario, ...] = (
    Scenario("join and join", connected(A, B), join(A, B)),
    Scenario("join, and join of one who waits", waiting(A, B), join(A, B)),
    Scenario("join twice", connected(A), join(A, A)),
    Scenario("join and a waiting one hangs up", waiting(A, B), both(join(B), hang_up(A))),
    Scenario("join and one who waited long hangs up", waiting_long(A, B), both(join(B), hang_up(A))),
    Scenario("join and hang up at once", waiting(A, B), both(join(B), hang_up(B))),
    Scenario("join and a waiting one leaves", waiting(A, B), both(join(B), leave(A))),
    Scenario("leave and join of the same", waiting(A, B), both(leave(A), join(A))),
    Scenario("skip and skip", talking(A, B), both(skip(A), skip(B))),
    Scenario("skip and the other hangs up", talking(A, B), both(skip(A), hang_up(B))),
    Scenario("skip and hang up of the same", talking(A, B), both(skip(A), hang_up(A))),
    Scenario("skip and message", talking(A, B), both(skip(A), message(B))),
    Scenario("skip and join", talking(A, B), both(skip(A), join(B))),
    Scenario("skip and a third joins", talking(A, B, C), both(skip(A), join(C))),
    Scenario("leave and skip", talking(A, B), both(leave(A), skip(B))),
    Scenario("report and skip", talking(A, B), both(report(A), skip(B))),
    Scenario("report and report", talking(A, B), both(report(A), report(B))),
    Scenario("ban and join of one who waits", meeting_again(A, B), both(lock_out(B), join(B))),
    Scenario("ban and a third joins", meeting_again(A, B, C), both(lock_out(B), join(C))),
    Scenario("ban and skip", talking(A, B), both(lock_out(B), skip(B))),
    Scenario("ban and skip of the other", talking(A, B), both(lock_out(B), skip(A))),
    Scenario("ban and join", talking(A, B), both(lock_out(B), join(B))),
    Scenario("ban and leave", talking(A, B), both(lock_out(B), leave(B))),
    Scenario("ban and resume", after(talking(A, B), cut_off(B)), both(lock_out(B), come_back(B))),
    Scenario("skip after a long talk, and message", talking(A, B, seconds=100), both(skip(A), message(B))),
    Scenario("skip and two join", talking(A, B, C), both(skip(A), join(B, C))),
    Scenario("report and resume of the same", talking(A, B), both(report(A), cut_off(A), come_back(A))),
    Scenario("message and hang up", talking(A, B), both(message(A), hang_up(B))),
    Scenario("both hang up", talking(A, B), both(hang_up(A), hang_up(B))),
    Scenario("cut off and skip", talking(A, B), both(cut_off(A), skip(B))),
    Scenario("cut off and message", talking(A, B), both(cut_off(A), message(B))),
    Scenario("cut off while waiting, and join", waiting(A, B), both(cut_off(A), join(B))),
    Scenario("resume and cut off", talking(A, B), both(cut_off(A), come_back(A))),
    Scenario("resume and the grace ends", after(talking(A, B), cut_off(A)), both(come_back(A), grace_ends(A))),
    Scenario("resume and skip", after(talking(A, B), cut_off(A)), both(come_back(A), skip(B))),
    Scenario("resume and the other hangs up", after(talking(A, B), cut_off(A)), both(come_back(A), hang_up(B))),
    Scenario("resume and resume", after(talking(A, B), cut_off(A), cut_off(B)), both(come_back(A), come_back(B))),
    Scenario("resume of one who waited, and join", after(waiting(A, B), cut_off(A)), both(come_back(A), join(B))),
    Scenario(
        "resume and resume with one token", after(talking(A, B), cut_off(A)), both(come_back(A), come_back_again(A))
    ),
    Scenario("message and a page is left", talking(A, B), both(message(A), leave_page(B))),
    Scenario(
        "message and skip past a socket that died unnoticed", after(talking(A, B), die(B)), both(message(A), skip(A))
    ),
    Scenario("resume and message", after(talking(A, B), die(B)), both(message(A), come_back(B))),
    Scenario(
        "resume and the old socket is said to be closed",
        after(talking(A, B), die(A)),
        both(come_back(A), notify(A, CLEAN)),
    ),
    Scenario("resume of one of two who were lost", after(talking(A, B), cut_off(A), cut_off(B)), come_back(A)),
    Scenario("resume and cut off of the new", after(talking(A, B), cut_off(A)), both(come_back(A), cut_off(A))),
    Scenario(
        "lost in both ways, and skip", after(talking(A, B), die(A)), both(notify(A, UNCLEAN), message(B), skip(B))
    ),
    Scenario("three join", connected(A, B, C), join(A, B, C)),
)
# Too many states for every run; the long run has them.
LARGE = frozenset({"three join", "skip and two join", "report and resume of the same"})
LARGE_WITH_A_FAULT = frozenset(
    {
        *(
            "report and report",
            "skip and a third joins",
            "ban and skip",
            "ban and join",
            "ban and leave",
            "ban and resume",
        ),
        "resume and resume with one token",
    }
)
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
