"""The changes that a single write may make to a connection: the state machine of functions/chat/model/pairing.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from functions.chat.storage.attributes import BanAttribute
from infra.local.dynamodb.values import Item
from tests.simulation.seen import connections, rooms, text_of
from tests.simulation.world import CLEAN, World

PAGE_LEFT_SECONDS = 5

PLACE = ("ticket_id", "room_id", "token_hashes", "lost_at")


class Forbidden(AssertionError):
    """A write that the theory does not know."""


def changes(world: World) -> Iterator[tuple[str, Item, Item | None]]:
    """Return what became of each connection that was there at the last check, if anything did."""
    now = connections(world)
    for name, before in world.connections_checked.items():
        after = now.get(name)
        if after is not before:
            yield name, before, after


def the_lost_stay_as_they_are(world: World) -> None:
    """A lost connection keeps its room or ticket until it is continued or deleted."""
    for name, before, after in changes(world):
        if "lost_at" not in before or after is None or before.get("continued_by") != after.get("continued_by"):
            continue
        if any(before.get(each) != after.get(each) for each in PLACE):
            raise Forbidden(f"{name} is lost, and was changed")


def the_lost_are_kept_for_their_grace(world: World) -> None:
    """A lost connection is deleted by what continues it, when its time is over, or when it turns out to have closed."""
    for name, before, after in changes(world):
        if "lost_at" not in before or "continued_by" in before or after is not None:
            continue
        if world.close_codes.get(name) == CLEAN:
            continue
        is_over = world.platform.now - float(before["lost_at"]["N"]) >= PAGE_LEFT_SECONDS
        is_continued = any(each is not None and continues(each, before) for _, _, each in changes(world))
        if not is_over and not is_continued:
            raise Forbidden(f"{name} was lost just now, and is deleted")


def who_gave_way_is_remembered(world: World) -> None:
    """The token that was used may be shown again, by a client that never heard the answer."""
    for name, before, after in changes(world):
        if "continued_by" in before and (after is None or after.get("continued_by") != before["continued_by"]):
            raise Forbidden(f"{name} was continued, and that is forgotten")


def continues(after: Item, before: Item) -> bool:
    return after["person"] == before["person"]


def nobody_swaps_tickets(world: World) -> None:
    """A place in the queue is given up before another is taken: its hints would stay."""
    for name, before, after in changes(world):
        tickets = text_of(before, "ticket_id"), text_of(after, "ticket_id")
        if None not in tickets and len(set(tickets)) == 2:
            raise Forbidden(f"{name} has another ticket without having given up its own")


def the_banned_get_no_place(world: World) -> None:
    """A person who was banned in this very moment enters no queue and no room."""
    for name, before, after in changes(world):
        ban = BanAttribute().deserialize(before["ban"]["L"]) if "ban" in before else None
        if ban is None or ban.until <= world.platform.now or after is None:
            continue
        gained = [each for each in ("ticket_id", "room_id") if each in after and after[each] != before.get(each)]
        if gained or "ban" not in after:
            raise Forbidden(f"{name} is banned, and got {gained or 'pardoned'}")


def nobody_waits_out_of_an_open_room(world: World) -> None:
    """The queue is entered by who is idle."""
    open_rooms = {room.id for room in rooms(world) if room.is_open}
    for name, before, after in changes(world):
        entered = after is not None and "ticket_id" in after and "ticket_id" not in before
        if entered and text_of(after, "room_id") in open_rooms:
            raise Forbidden(f"{name} enters the queue from a room that is open")


def nobody_moves_out_of_an_open_room(world: World) -> None:
    """A room is entered by who waits or is idle."""
    before_open = {room.id for room in rooms(world) if room.is_open}
    for name, before, after in changes(world):
        room = text_of(before, "room_id")
        moved = after is not None and text_of(after, "room_id") not in (room, None)
        if moved and room in before_open:
            raise Forbidden(f"{name} enters a room out of another that is open")


def nobody_meets_whom_they_avoid(world: World) -> None:
    """Neither of two who are put into a room avoided the other, by any name, just before."""
    known = {room.id: room for room in rooms(world)}
    for name, before, after in changes(world):
        room = known.get(text_of(after, "room_id") or "") if after is not None else None
        is_new = room is not None and room.id != text_of(before, "room_id") and room.id not in world.rooms_open
        if room is None or not is_new or name not in room.members:
            continue
        other = 1 - room.members.index(name)
        avoided = {each["S"] for each in before.get("avoided", {"L": []})["L"]}
        if avoided & {room.persons[other], room.devices[other], room.networks[other]}:
            raise Forbidden(f"{name} avoids {room.persons[other]}, and both are in room {room.id}")


def nothing_is_written_over_unseen(world: World) -> None:
    """Each handler changes a connection's place only as it has last seen it."""
    for each in world.written_over:
        raise Forbidden(each)


TRANSITIONS: tuple[Callable[[World], None], ...] = (
    the_lost_are_kept_for_their_grace,
    who_gave_way_is_remembered,
    the_lost_stay_as_they_are,
    nobody_swaps_tickets,
    the_banned_get_no_place,
    nobody_waits_out_of_an_open_room,
    nobody_moves_out_of_an_open_room,
    nobody_meets_whom_they_avoid,
    nothing_is_written_over_unseen,
)
