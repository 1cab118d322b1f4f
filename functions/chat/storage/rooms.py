"""Conversations in the table: one function per read and per conditional write.

Room         pk room#<id>                              sk room
"""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute

from functions.chat import storage as schema
from functions.chat.model.people import Member, Room
from functions.chat.storage.table import Item, Key, RawItem, Table, values_in

ROOM_KEPT_SECONDS = 24 * 3600  # its members, when and why it ended; reports look back 10 minutes, operators a day


class MemberAttribute(MapAttribute[Any, Any]):
    """One of the two in a room."""

    connection_id = UnicodeAttribute()
    person = UnicodeAttribute()
    interests: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    languages: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    ticket_id = UnicodeAttribute(null=True)
    device = UnicodeAttribute(null=True)
    address = UnicodeAttribute(null=True)
    public_key = UnicodeAttribute(null=True)


class RoomItem(Item):
    """A conversation; open until `closed_at` is there."""

    mode = UnicodeAttribute()
    first: MemberAttribute = MemberAttribute()  # type: ignore[no-untyped-call]  # pynamodb leaves MapAttribute's untyped
    second: MemberAttribute = MemberAttribute()  # type: ignore[no-untyped-call]
    opened_at = NumberAttribute()
    closed_at = NumberAttribute(null=True)
    closed_by = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    stamp_key = UnicodeAttribute(null=True)


class Rooms:
    """The conversations in the table; store.py opens them, as that is one write with their connections."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, room_id: str) -> Room | None:
        """Return the room as it is now; None when there never was one or it has expired."""
        raw = self._table.get(room_key(room_id))
        return room_from(raw) if raw else None

    def close(self, room: Room, seat: int, reason: str) -> Room | None:
        """End a conversation for one member and return the room as it ended.

        Conditions: it is still open, so exactly one caller ends it; and the connection that ends it still speaks for
        its member, so that a lost one cannot end what another has continued.
        """
        is_open = RoomItem.pk.exists() & RoomItem.closed_at.does_not_exist()
        still_speaks = member_at(seat).connection_id == room.members[seat].connection_id
        closed = [
            RoomItem.closed_at.set(self._table.now()),
            RoomItem.closed_by.set(room.members[seat].person),
            RoomItem.reason.set(reason),
            # Words and keys of people are of no use any more; pseudonyms, the time and the reason of the end stay.
            *(member_at(each).interests.remove() for each in (0, 1)),
            *(member_at(each).languages.remove() for each in (0, 1)),
            *(member_at(each).public_key.remove() for each in (0, 1)),
        ]
        raw = self._table.update(room_key(room.id), closed, is_open & still_speaks)
        return room_from(raw) if raw else None


def room_key(room_id: str) -> Key:
    return f"room#{room_id}", "room"


def member_at(seat: int) -> Any:
    """Return the attribute that holds the first or the second member of a room."""
    return RoomItem.second if seat else RoomItem.first


def room_from(raw: RawItem) -> Room:
    found = values_in(RoomItem, {name: stored for name, stored in raw.items() if "M" not in stored})
    members = _member_from(raw["first"]["M"]), _member_from(raw["second"]["M"])
    return Room(id=raw[schema.PARTITION_KEY]["S"].partition("#")[2], members=members, **found)


def room_item(room: Room, expires_at: int) -> RoomItem:
    first, second = (
        MemberAttribute(**_known(member))  # type: ignore[no-untyped-call]
        for member in room.members
    )
    return RoomItem(
        *room_key(room.id),
        mode=room.mode,
        first=first,
        second=second,
        opened_at=room.opened_at,
        stamp_key=room.stamp_key,
        expires_at=expires_at,
    )


def _known(member: Member) -> dict[str, Any]:
    """Return what is known of a member, with lists as the table has them."""
    return {name: [*value] if isinstance(value, tuple) else value for name, value in member._asdict().items() if value}


def _member_from(raw: RawItem) -> Member:
    found = values_in(MemberAttribute, raw)
    for name in ("interests", "languages"):
        found[name] = tuple(found.get(name, ()))
    return Member(**found)
