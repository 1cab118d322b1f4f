"""The promises, each as one named check.

`STEP` holds after every single operation of any handler, in any order, with any fault. `SETTLED` holds once faults have
stopped and clients have only done what they do by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from infra.local.dynamodb.values import Item
from tests.simulation.people import Person, Phase
from tests.simulation.schedule import Fault
from tests.simulation.seen import RoomSeen, connections, rooms, text_of
from tests.simulation.transitions import TRANSITIONS, Forbidden
from tests.simulation.world import World, owner_of

REMATCH_ALONE_SECONDS = 10.0
NEWCOMERS_MAX = 8  # more than ever wait
LOBBY_OF_NEWCOMERS = "queue#text#*#"
# After these nobody can promise that a notice comes exactly once: the handler that tells is dead, or was not heard.
UNCERTAIN = frozenset({Fault.DIES, Fault.BUSY, Fault.THROTTLED, Fault.CONFLICT, Fault.REPEATED})
# Two handlers of one frame speak to one client at once: one may say `paired` of a room that the other has just undone.
OUT_OF_STEP = UNCERTAIN | {Fault.TWICE}


# Told instead of the end of a room: its last token went to a socket that was dead, or it was locked out.
ENDS_ALL = frozenset({"resume_failed", "banned"})


class Broken(AssertionError):
    """A promise that was not kept."""


# After every step


def no_handler_fails(world: World) -> None:
    """A lost race, a throttle or a closed socket is a result; no handler lets anything through."""
    for label, failure in world.failures:
        raise Broken(f"{label} failed: {failure!r}") from failure


def a_room_has_two_different_members(world: World) -> None:
    """Nobody meets themself."""
    for room in rooms(world):
        if len(set(room.members)) != 2 or len(set(room.persons)) != 2:
            raise Broken(f"room {room.id} has the members {room.members}")


def a_connection_is_in_one_open_room(world: World) -> None:
    """Nobody is in two conversations."""
    members = Counter(member for room in rooms(world) if room.is_open for member in room.members)
    for member, count in members.items():
        if count > 1:
            raise Broken(f"{member} is in {count} open rooms")


def partnership_is_symmetric(world: World) -> None:
    """Both members of an open room point to it, as long as they are connected."""
    known = connections(world)
    for room in rooms(world):
        for member in room.members if room.is_open else ():
            if member in known and text_of(known[member], "room_id") != room.id:
                raise Broken(f"room {room.id} is open, and {member} points to {text_of(known[member], 'room_id')}")


def nobody_waits_in_an_open_room(world: World) -> None:
    """A person who talks is not in the queue."""
    known = connections(world)
    for room in rooms(world):
        for member in room.members if room.is_open else ():
            if text_of(known.get(member), "ticket_id") is not None:
                raise Broken(f"{member} waits and talks in room {room.id}")


def events_reach_only_members(world: World) -> None:
    """No event of a room reaches anybody outside it."""
    persons = {room.id: room.people for room in rooms(world)}
    for receiver, event in new_posts(world):
        if "room" in event and event["type"] != "error" and owner_of(receiver) not in persons.get(event["room"], ()):
            raise Broken(f"{receiver} was told {event['type']} of room {event['room']}")


def exactly_one_is_polite(world: World) -> None:
    """The two are told different politeness, and the same each time."""
    told: dict[str, dict[str, bool]] = {}
    alone = {room.id for room in rooms(world) if room.is_with_oneself}
    for receiver, event in world.platform.posted:
        if event["type"] == "paired" and event["room"] not in alone:
            sides = told.setdefault(event["room"], {})
            if sides.setdefault(owner_of(receiver), event["polite"]) != event["polite"]:
                raise Broken(f"{receiver} was told two politenesses")
    for room, sides in told.items():
        if len(sides) == 2 and len(set(sides.values())) == 1:
            raise Broken(f"both in room {room} are told polite={sides}")


def the_leaver_is_not_told(world: World) -> None:
    """`peer_left` is for the one who stays."""
    closed_by = {room.id: room.ender for room in rooms(world)}
    alone = {room.id for room in rooms(world) if room.is_with_oneself}
    for receiver, event in new_posts(world):
        if (
            event["type"] == "peer_left"
            and event["room"] not in alone
            and closed_by.get(event["room"]) in (None, owner_of(receiver))
        ):
            raise Broken(f"{receiver} is told peer_left of room {event['room']}, closed by {closed_by[event['room']]}")


def nobody_is_told_twice(world: World) -> None:
    """Without a crash or a lost answer, the end of a room is told at most once."""
    if world.faults_made & UNCERTAIN:
        return
    told = Counter(
        (receiver, event["room"]) for receiver, event in world.platform.posted if event["type"] == "peer_left"
    )
    for (receiver, room), count in told.items():
        if count > 1:
            raise Broken(f"{receiver} was told {count} times that room {room} ended")


def the_closed_stay_closed(world: World) -> None:
    """No slow handler brings a deleted connection back."""
    known = connections(world)
    for name, item in known.items():
        if name in world.deleted:
            raise Broken(f"the connection {name} was deleted and came back")
        if name not in world.platform.inboxes or "person" not in item:
            raise Broken(f"there is an item for {name}, who never connected: {item}")
    world.deleted = frozenset(world.platform.inboxes) - frozenset(known)


def the_same_two_wait_before_they_meet_again(world: World) -> None:
    """After a conversation at least ten seconds pass before the same two meet, each on the same visit.

    A room that neither heard of, as its waiter's socket was dead, was no conversation.
    """
    told = {event["room"] for _, event in world.platform.posted if event["type"] == "paired"}
    by_pair: dict[frozenset[str], list[RoomSeen]] = {}
    for room in rooms(world):
        by_pair.setdefault(frozenset(room.persons), []).append(room)
    for pair, meetings in by_pair.items():
        meetings.sort(key=lambda room: room.opened_at)
        for earlier, later in pairwise(meetings):
            parted_at = later.opened_at if earlier.closed_at is None else earlier.closed_at
            was_met = earlier.id in told and earlier.reason != "disconnected"
            if was_met and later.opened_at - parted_at < REMATCH_ALONE_SECONDS:
                raise Broken(f"{sorted(pair)} met again after {later.opened_at - parted_at:.1f} s")


def the_reported_never_meet_again(world: World) -> None:
    """Once a report is confirmed, its two people get no new room; two windows of one browser, none on these visits.

    Where both had connected again before it, each relies for some seconds on what it read then (admission.py).
    """
    for _, event in world.platform.posted:
        if event["type"] == "reported" and event["room"] not in world.reported:
            world.reported[event["room"]] = _looked_up(world), frozenset(room.id for room in rooms(world))
    if not world.reported:
        return
    known = {room.id: room for room in rooms(world)}
    for reported, (looked_up_then, rooms_then) in tuple(world.reported.items()):
        ended = known[reported]
        for room in known.values():
            met_again = set(room.people) == set(ended.people)
            if ended.devices[0] is not None and ended.devices[0] == ended.devices[1]:
                met_again = set(room.persons) == set(ended.persons)
            if room.id in rooms_then or not met_again:
                continue
            others = not set(room.members) & set(ended.members)
            if others and {each for each in _looked_up(world) if each[0] in room.members} <= looked_up_then:
                world.reported[reported] = looked_up_then, rooms_then | {room.id}
            else:
                raise Broken(f"{sorted(ended.people)} met again in room {room.id} after a report")


def _looked_up(world: World) -> frozenset[tuple[str, str]]:
    """Return when the device of each connection was looked up."""
    return frozenset(
        (name, item["checked_at"]["N"]) for name, item in connections(world).items() if "checked_at" in item
    )


def only_the_reported_are_avoided(world: World) -> None:
    """A report keeps its two people apart, and nobody else."""
    reports = frozenset[str]().union(*(person.reports for person in world.people.values()))
    for name, item in connections(world).items():
        own = world.people[owner_of(name)]
        allowed: set[str | None] = set()
        for room in rooms(world):
            if room.id in reports and windows_of(world, own) & set(room.people):
                allowed |= {*room.persons, *room.devices, *room.networks}
                allowed -= {
                    who for who in (*room.persons, text_of(item, "device")) if who and owner_of(who) == own.name
                }
        for avoided in item.get("avoided", {"L": []})["L"]:
            if avoided["S"] not in allowed:
                raise Broken(f"{own.name} avoids {avoided['S']}, and no report keeps them apart")


STEP: tuple[Callable[[World], None], ...] = (
    no_handler_fails,
    a_room_has_two_different_members,
    a_connection_is_in_one_open_room,
    partnership_is_symmetric,
    nobody_waits_in_an_open_room,
    events_reach_only_members,
    exactly_one_is_polite,
    the_leaver_is_not_told,
    nobody_is_told_twice,
    the_closed_stay_closed,
    the_same_two_wait_before_they_meet_again,
    the_reported_never_meet_again,
    only_the_reported_are_avoided,
)


# Once everything has settled


def nobody_waits_who_could_meet(world: World) -> None:
    """Two people who may meet and both search are not left alone."""
    searching = [person for person in world.present() if person.phase is Phase.SEARCHING]
    for one in searching:
        for other in searching:
            if one.name < other.name and may_meet(world, one, other):
                raise Broken(f"{one.name} and {other.name} both search and were not paired")


def clients_and_table_agree(world: World) -> None:
    """A client that believes to talk does, and its peer believes so; one that searches waits; a stopped one is idle."""
    known, open_rooms = connections(world), {room.id: room for room in rooms(world) if room.is_open}
    for person in world.present():
        item = known.get(person.connection)
        if item is None:
            raise Broken(f"{person.name} is connected, and the table does not know")
        ticket, room = text_of(item, "ticket_id"), open_rooms.get(text_of(item, "room_id") or "")
        match person.phase:
            case Phase.TALKING:
                if room is None or room.id != person.room:
                    raise Broken(f"{person.name} talks in room {person.room}, which is over")
                peer = next(member for member in room.members if member != person.connection)
                if peer not in world.platform.open or world.people[owner_of(peer)].room != room.id:
                    raise Broken(f"{person.name} talks in room {room.id} to {peer}, who is not there")
            case Phase.SEARCHING:
                if ticket is None:
                    raise Broken(f"{person.name} searches, and does not wait in the table")
            case Phase.IDLE:
                if ticket is not None or room is not None:
                    raise Broken(f"{person.name} stopped, and the table has ticket {ticket} and room {room}")


def waiting_people_can_be_found(world: World) -> None:
    """Each waiter has a hint."""
    shown = {item["sk"]["S"] for item in world.items("queue#")}
    for name, item in connections(world).items():
        ticket = text_of(item, "ticket_id")
        if ticket is not None and ticket not in shown and name in world.platform.open:
            raise Broken(f"{name} waits with ticket {ticket}, and no hint says so")


def the_end_of_a_room_was_told(world: World) -> None:
    """A member that did not end its room knows that it is over: it was told once, or moved on after a crash."""
    for room in rooms(world):
        for person in world.present():
            if room.is_open or person.name not in room.people or person.name == room.ender or room.is_with_oneself:
                continue
            events = [event for receiver, event in world.platform.posted if owner_of(receiver) == person.name]
            heard = [position for position, event in enumerate(events) if is_about(event, "paired", room)]
            told = sum(is_about(event, "peer_left", room) for event in events)
            if not heard or told == 1 or (told and person.connection != person.name):
                continue
            if any(event.get("code") in ENDS_ALL for event in events[heard[0] :]):
                continue
            moved_on = any(is_moving_on(event, room) for event in events[heard[0] :])
            if not (world.faults_made & OUT_OF_STEP and (told or moved_on or room.id in person.ended)):
                raise Broken(f"{person.name} was told {told} times that room {room.id} ended")


def is_about(event: dict[str, Any], kind: str, room: RoomSeen) -> bool:
    return event["type"] == kind and event["room"] == room.id


def is_moving_on(event: dict[str, Any], room: RoomSeen) -> bool:
    """Tell whether an event says that the receiver is elsewhere by now."""
    elsewhere = event["type"] in ("waiting", "paired") and event.get("room") != room.id
    return elsewhere or event.get("code") == "stale_room"


def nobody_sees_an_end_twice(world: World) -> None:
    """A client that fences by room shows each end once."""
    for person in world.people.values():
        if len(set(person.shown_left)) < len(person.shown_left):
            raise Broken(f"{person.name} was shown twice that a room ended: {person.shown_left}")


def everything_expires(world: World) -> None:
    """Each item that is left behind goes by itself."""
    for item in world.platform.table.items.values():
        if "expires_at" not in item:
            raise Broken(f"{item['pk']['S']} never expires")


def whoever_looks_for_anyone_removes_stale_hints(world: World) -> None:
    """A hint that is not true costs a lost claim, and goes with it: people come until one of them waits."""
    if not stale_hints(world):
        return
    later = world.fork(faults=0)
    for number in range(NEWCOMERS_MAX):
        name = f"newcomer{number}"
        later.arrive(name)
        later.run(later.send(name, {"action": "join", "mode": "text"}))
        if "ticket_id" in connections(later)[name]:
            break
    for item in stale_hints(later):
        if item["pk"]["S"].startswith(LOBBY_OF_NEWCOMERS):
            raise Broken(f"the hint {item['sk']['S']} of {item['connection_id']['S']} stays in the queue")


SETTLED: tuple[Callable[[World], None], ...] = (
    nobody_waits_who_could_meet,
    clients_and_table_agree,
    waiting_people_can_be_found,
    the_end_of_a_room_was_told,
    nobody_sees_an_end_twice,
    everything_expires,
    whoever_looks_for_anyone_removes_stale_hints,
)


# Helpers


def stale_hints(world: World) -> list[Item]:
    """Return the hints whose owner does not wait with that ticket, or cannot be claimed since its socket is dead."""
    tickets = {text_of(item, "ticket_id") for item in connections(world).values() if "lost_at" not in item}
    return [item for item in world.items("queue#") if item["sk"]["S"] not in tickets]


def may_meet(world: World, one: Person, other: Person) -> bool:
    """Tell whether two people would accept each other, by the contract and not by the product's own code."""
    if one.wish["mode"] != other.wish["mode"]:
        return False
    sides = [windows_of(world, one), windows_of(world, other)]
    reports = frozenset[str]().union(*(world.people[name].reports for name in sides[0] | sides[1]))
    if any(room.id in reports and all(side & set(room.people) for side in sides) for room in rooms(world)):
        return False
    interests = [set(person.wish.get("interests", ())) for person in (one, other)]
    open_to_all = [not own or person.wish.get("widen") for own, person in zip(interests, (one, other), strict=True)]
    return bool(interests[0] & interests[1]) or all(open_to_all)


def windows_of(world: World, person: Person) -> set[str]:
    """Return the names of all that use one person's browser: to the product they are one device."""
    device = person.device
    return {each.name for each in world.people.values() if each is person or (device and each.device == device)}


def new_posts(world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return what was posted since the last full check."""
    return iter(world.platform.posted[world.posts_checked :])


def check_step(world: World) -> None:
    """Check every promise of `STEP`, if anything changed since the last time."""
    changes, posts = world.platform.table.changes, len(world.platform.posted)
    if (changes, posts) == (world.changes_checked, world.posts_checked) and not world.failures:
        return
    world.changes_checked = changes
    for check in (*STEP, *TRANSITIONS):
        try:
            check(world)
        except (Broken, Forbidden) as broken:
            raise Broken(f"{check.__name__}: {broken}") from None
    world.posts_checked = posts
    world.connections_checked = connections(world)
    world.rooms_open = frozenset(room.id for room in rooms(world) if room.is_open)


def check_settled(world: World) -> None:
    """Let the world settle, then check every promise of `SETTLED`."""
    world.settle(lambda: check_step(world))
    for check in SETTLED:
        try:
            check(world)
        except Broken as broken:
            raise Broken(f"{check.__name__}: {broken}") from None
