"""The items of the one table, as pynamodb models, and their way to and from the plain values of pairing.py.

    Connection   pk connection#<id>                        sk connection
    Ticket       pk queue#<mode>#<lobby>[#<shard>]         sk <ticket id, ordered by time>
    Room         pk room#<id>                              sk room
    Report       pk report#<room>                          sk <position of the reporter>

Everything expires by itself (`expires_at`); DynamoDB may be days late with that, so whoever reads also looks.
"""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import BooleanAttribute, ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from functions.chat import pairing, table


class Item(Model):
    """What every item has."""

    pk = UnicodeAttribute(hash_key=True, attr_name=table.PARTITION_KEY)
    sk = UnicodeAttribute(range_key=True, attr_name=table.SORT_KEY)
    expires_at = NumberAttribute(attr_name=table.TTL_ATTRIBUTE)


class ConnectionItem(Item):
    """A connection; `ticket_id` only while waiting, `room_id` the current or last room."""

    person = UnicodeAttribute()
    mode = UnicodeAttribute(null=True)
    interests: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    languages: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    widened = BooleanAttribute(null=True)
    ticket_id = UnicodeAttribute(null=True)
    room_id = UnicodeAttribute(null=True)
    meetings: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    avoided: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    token_hash = UnicodeAttribute(null=True)
    lost_at = NumberAttribute(null=True)


class TicketItem(Item):
    """A hint in a queue partition: what a searcher needs to know without reading the connection."""

    connection_id = UnicodeAttribute()
    person = UnicodeAttribute()
    mode = UnicodeAttribute()
    interests: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    languages: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    widened = BooleanAttribute(null=True)
    meetings: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    avoided: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)


class MemberAttribute(MapAttribute[Any, Any]):
    """One of the two in a room."""

    connection_id = UnicodeAttribute()
    person = UnicodeAttribute()
    interests: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    ticket_id = UnicodeAttribute(null=True)


class RoomItem(Item):
    """A conversation; open until `closed_at` is there."""

    mode = UnicodeAttribute()
    first: MemberAttribute = MemberAttribute()  # type: ignore[no-untyped-call]  # pynamodb leaves MapAttribute's untyped
    second: MemberAttribute = MemberAttribute()  # type: ignore[no-untyped-call]
    opened_at = NumberAttribute()
    closed_at = NumberAttribute(null=True)
    closed_by = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)


class ReportItem(Item):
    """A report, kept for the operator: who (pseudonymous), whom, why, and the note that the reporter chose to write."""

    case = UnicodeAttribute()
    reporter = UnicodeAttribute()
    reported = UnicodeAttribute()
    reason = UnicodeAttribute()
    note = UnicodeAttribute(null=True)
    reported_at = NumberAttribute()


def connection_key(connection_id: str) -> tuple[str, str]:
    """Return the key of a connection's item."""
    return f"connection#{connection_id}", "connection"


def room_key(room_id: str) -> tuple[str, str]:
    """Return the key of a room's item."""
    return f"room#{room_id}", "room"


def wish_from(item: ConnectionItem | TicketItem) -> pairing.Wish | None:
    """Return the wish in an item, or None for a connection that never searched."""
    if item.mode is None:
        return None
    return pairing.Wish(item.mode, tuple(item.interests or ()), tuple(item.languages or ()), bool(item.widened))


def connection_from(raw: dict[str, Any]) -> pairing.Connection:
    """Return the connection in a raw item."""
    item = ConnectionItem.from_raw_data(raw)
    return pairing.Connection(
        id=item.pk.partition("#")[2],
        person=item.person,
        wish=wish_from(item),
        ticket_id=item.ticket_id,
        room_id=item.room_id,
        meetings=tuple(map(meeting_from, item.meetings or ())),
        avoided=frozenset(item.avoided or ()),
        token_hash=item.token_hash,
        lost_at=item.lost_at,
    )


def ticket_from(raw: dict[str, Any]) -> pairing.Ticket:
    """Return the ticket in a raw item."""
    item = TicketItem.from_raw_data(raw)
    wish = wish_from(item)
    assert wish is not None, "a ticket is never written without a wish"
    return pairing.Ticket(
        id=item.sk,
        connection_id=item.connection_id,
        person=item.person,
        wish=wish,
        meetings=tuple(map(meeting_from, item.meetings or ())),
        avoided=frozenset(item.avoided or ()),
    )


def room_from(raw: dict[str, Any]) -> pairing.Room:
    """Return the room in a raw item."""
    item = RoomItem.from_raw_data(raw)
    return pairing.Room(
        id=item.pk.partition("#")[2],
        mode=item.mode,
        members=(_member_from(item.first), _member_from(item.second)),
        opened_at=item.opened_at,
        closed_at=item.closed_at,
        closed_by=item.closed_by,
        reason=item.reason,
    )


def ticket_item(ticket: pairing.Ticket, partition: str, expires_at: int) -> TicketItem:
    """Return the item of a ticket in one queue partition."""
    return TicketItem(
        pk=partition,
        sk=ticket.id,
        connection_id=ticket.connection_id,
        person=ticket.person,
        mode=ticket.wish.mode,
        interests=list(ticket.wish.interests) or None,
        languages=list(ticket.wish.languages) or None,
        widened=ticket.wish.widened or None,
        meetings=meetings_to(ticket.meetings) or None,
        avoided=sorted(ticket.avoided) or None,
        expires_at=expires_at,
    )


def room_item(room: pairing.Room, expires_at: int) -> RoomItem:
    """Return the item of a new room."""
    pk, sk = room_key(room.id)
    first, second = (
        MemberAttribute(  # type: ignore[no-untyped-call]
            connection_id=member.connection_id,
            person=member.person,
            interests=list(member.interests) or None,
            ticket_id=member.ticket_id,
        )
        for member in room.members
    )
    return RoomItem(
        pk=pk,
        sk=sk,
        mode=room.mode,
        first=first,
        second=second,
        opened_at=room.opened_at,
        expires_at=expires_at,
    )


def meeting_from(text: str) -> pairing.Meeting:
    """Return the meeting in its stored form."""
    person, _, ended_at = text.rpartition("@")
    return pairing.Meeting(person, float(ended_at))


def meetings_to(meetings: tuple[pairing.Meeting, ...]) -> list[str]:
    """Return meetings in their stored form: one short string each keeps a ticket under a write unit's 1 KB."""
    return [f"{meeting.person}@{meeting.ended_at:.3f}" for meeting in meetings]


def _member_from(member: Any) -> pairing.Member:
    return pairing.Member(member.connection_id, member.person, tuple(member.interests or ()), member.ticket_id)
