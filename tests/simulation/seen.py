"""The items of the table, read for the checks: rooms as values, connections as items. Each item is read once."""

from __future__ import annotations

from dataclasses import dataclass

from functions.chat.model.networks import network_of
from infra.local.dynamodb.values import Item
from tests.simulation.world import World, owner_of


@dataclass(frozen=True, slots=True)
class RoomSeen:
    """A room as it stands in the table."""

    id: str
    members: tuple[str, str]
    persons: tuple[str, str]
    devices: tuple[str | None, str | None]
    networks: tuple[str | None, str | None]
    opened_at: float
    closed_at: float | None
    closed_by: str | None
    reason: str | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def people(self) -> tuple[str, ...]:
        """The people behind the members, whichever connection speaks for them."""
        return tuple(owner_of(person) for person in self.persons)

    @property
    def is_with_oneself(self) -> bool:
        """Whether both are windows of one person: a socket that died unnoticed may still wait in the queue."""
        return len(set(self.people)) == 1

    @property
    def ender(self) -> str | None:
        """The person who ended it."""
        return owner_of(self.closed_by) if self.closed_by else None


_rooms: dict[int, tuple[Item, RoomSeen]] = {}


def room_seen(item: Item) -> RoomSeen:
    """Return the room in an item; items are never changed in place, so each is read once."""
    known = _rooms.get(id(item))
    if known is not None and known[0] is item:
        return known[1]
    first, second = item["first"]["M"], item["second"]["M"]
    room = RoomSeen(
        id=item["pk"]["S"].partition("#")[2],
        members=(first["connection_id"]["S"], second["connection_id"]["S"]),
        persons=(first["person"]["S"], second["person"]["S"]),
        devices=(text_of(first, "device"), text_of(second, "device")),
        networks=(network_of(text_of(first, "address")), network_of(text_of(second, "address"))),
        opened_at=float(item["opened_at"]["N"]),
        closed_at=float(item["closed_at"]["N"]) if "closed_at" in item else None,
        closed_by=text_of(item, "closed_by"),
        reason=text_of(item, "reason"),
    )
    _rooms[id(item)] = (item, room)
    return room


def rooms(world: World) -> list[RoomSeen]:
    return view_of(world)[1]


def connections(world: World) -> dict[str, Item]:
    return view_of(world)[2]


def view_of(world: World) -> tuple[int, list[RoomSeen], dict[str, Item]]:
    """Return the rooms and the connections in the table, read once for each of its states."""
    table = world.platform.table
    view: tuple[int, list[RoomSeen], dict[str, Item]] | None = getattr(table, "view", None)
    if view is None or view[0] != table.changes:
        seen, known = [], {}
        for item in table.items.values():
            kind, _, identifier = item["pk"]["S"].partition("#")
            if kind == "room":
                seen.append(room_seen(item))
            elif kind == "connection":
                known[identifier] = item
        view = (table.changes, seen, known)
        table.view = view  # type: ignore[attr-defined]
    return view


def text_of(item: Item | None, name: str) -> str | None:
    return item[name]["S"] if item is not None and name in item else None
