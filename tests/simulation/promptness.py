"""How soon: each promise of the contract's table of times, as one named check.

Virtual time stands still while handlers run, so what is true once all of them have ended was done without a timer, a
repeated frame or a second person's help: that is what "within a second" comes to. Then the time passes up to the ends
of the graces, with nobody but the delay queue at work.

A handler that dies, or whose call fails, may leave all this to the client's next frame (invariants.py).
"""

from __future__ import annotations

from collections.abc import Callable

from functions.chat.model import resume_token
from tests.simulation.invariants import UNCERTAIN, Broken, check_step, may_meet, the_end_of_a_room_was_told, windows_of
from tests.simulation.people import Person
from tests.simulation.seen import connections, rooms, text_of
from tests.simulation.world import CLEAN, PAGE_LEFT, World, owner_of

PRESENCE = frozenset({"paired", "peer_away", "peer_back"})
ANSWERS = frozenset({"waiting", "paired", "peer_left", "error"})
GRACE_SECONDS, PAGE_LEFT_SECONDS, MARGIN_SECONDS = 20.0, 5.0, 1.0


def what_closed_cleanly_is_over(world: World) -> None:
    """Code 1000, 1001 or none ends a room and a place at once, also after a post met the closed socket."""
    for name, item in connections(world).items():
        if world.close_codes.get(name) == CLEAN and "continued_by" not in item and "person" in item:
            raise Broken(f"{name} closed cleanly, and is still waited for")


def who_is_lost_is_known_to_be_away(world: World) -> None:
    """The last that a member was told of its peer's presence is true."""
    known = connections(world)
    for room in rooms(world):
        for seat, member in enumerate(room.members if room.is_open else ()):
            peer = room.members[1 - seat]
            told = [
                event["type"]
                for receiver, event in world.platform.posted
                if receiver == member and event.get("room") == room.id and event["type"] in PRESENCE
            ]
            if member not in world.platform.open or "paired" not in told or peer not in known:
                continue
            # Of a pairing that is told at this moment the peer may be said to be away first.
            last = next((each for each in reversed(told) if each != "paired"), "paired")
            is_away = "lost_at" in known[peer]
            if is_away != (last == "peer_away"):
                raise Broken(f"{member} believes {last} of {peer}, whose loss is known: {is_away}")


def strangers_do_not_both_wait(world: World) -> None:
    """Two who may meet, and have not met, are not both in the queue; all windows of one browser have met as one."""
    waiting = [
        world.people[owner_of(name)]
        for name, item in connections(world).items()
        if "ticket_id" in item and "lost_at" not in item and "ban" not in item and name in world.platform.open
    ]
    for one in waiting:
        for other in waiting:
            are_strangers = one.name < other.name and not have_met(world, one, other)
            if not are_strangers or is_spared(world, one, other) or is_spared(world, other, one):
                continue
            if may_meet(world, as_waits(world, one), as_waits(world, other)):
                raise Broken(f"{one.name} and {other.name} both wait, and nobody pairs them")


def have_met(world: World, one: Person, other: Person) -> bool:
    """Tell whether two were in one room, each with any window of theirs."""
    sides = windows_of(world, one), windows_of(world, other)
    return any(all(side & set(room.people) for side in sides) for room in rooms(world))


def is_spared(world: World, one: Person, other: Person) -> bool:
    """Tell whether somebody who was reported is kept for a while from the one whom a skipper would have met."""
    reporters = [each for each in world.people.values() if each is not one]
    was_reported = any(
        room.id in each.reports for each in reporters for room in rooms(world) if one.name in room.people
    )
    known = connections(world)
    met = {text["S"].rpartition("@")[0] for text in known[one.connection].get("meetings", {"L": []})["L"]}
    return was_reported and not met.isdisjoint(
        {text_of(known[other.connection], name) for name in ("person", "device")}
    )


def as_waits(world: World, person: Person) -> Person:
    """Return a person with the wish that stands in the table, which its client may have changed since."""
    item = connections(world)[person.connection]
    wish = {
        "mode": item["mode"]["S"],
        "interests": [each["S"].casefold() for each in item.get("interests", {"L": []})["L"]],
        "widen": "widened" in item,
    }
    seen = person.fork()
    seen.wish = wish
    return seen


def who_shows_a_token_is_answered(world: World) -> None:
    """`resume` has an answer."""
    for name in world.resuming:
        answers = [event for event in world.platform.inboxes[name] if event["type"] in ANSWERS]
        if name in world.platform.open and not answers:
            raise Broken(f"{name} asked to resume, and got no answer")


def the_token_of_a_client_counts(world: World) -> None:
    """Whichever event with a token came last, it continues what its client has."""
    known = connections(world)
    for person in world.present():
        item = known.get(person.connection, {})
        told = [event["resume"] for event in world.platform.inboxes[person.connection] if "resume" in event]
        if not told or not {"ticket_id", "room_id"} & item.keys():
            continue
        token = resume_token.read(told[-1])
        kept = [each["S"] for each in item["token_hashes"]["L"]]
        if token is None or token.connection_id != person.connection or token.hash not in kept:
            raise Broken(f"{person.name} was told a token last that continues nothing")


AT_ONCE: tuple[Callable[[World], None], ...] = (
    what_closed_cleanly_is_over,
    who_is_lost_is_known_to_be_away,
    strangers_do_not_both_wait,
    who_shows_a_token_is_answered,
    the_end_of_a_room_was_told,
)


def check_prompt(world: World) -> None:
    """Check what is owed at once, and let the graces end; no handler is at work."""
    named(the_token_of_a_client_counts, world)
    if world.faults_made & UNCERTAIN:
        return
    for check in AT_ONCE:
        named(check, world)
    lost = [name for name, item in connections(world).items() if "lost_at" in item and "continued_by" not in item]
    if not lost:
        return
    later = world.fork(faults=0)
    for seconds, over in ((PAGE_LEFT_SECONDS, PAGE_LEFT), (GRACE_SECONDS - PAGE_LEFT_SECONDS, None)):
        later.platform.now += seconds + MARGIN_SECONDS
        while due := later.platform.due():
            # Whole handlers run: nothing can be said of single writes.
            later.connections_checked, later.rooms_open = {}, frozenset()
            later.run(later.fire(due[0]))
            check_step(later)
        for name in lost:
            is_over = over is None or world.close_codes.get(name) == over
            if is_over and name in connections(later):
                raise Broken(f"graces_end: {name} is still waited for {seconds + MARGIN_SECONDS:g} s later")
    named(the_end_of_a_room_was_told, later)


def named(check: Callable[[World], None], world: World) -> None:
    try:
        check(world)
    except Broken as broken:
        raise Broken(f"{check.__name__}: {broken}") from None
