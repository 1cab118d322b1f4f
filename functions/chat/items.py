"""The way from the table's items to the plain values of people.py, and back."""

from __future__ import annotations

from typing import Any

from functions.chat.models import ConnectionItem, MemberAttribute, ReportItem, RoomItem, TicketItem, room_key
from functions.chat.people import Connection, Meeting, Member, Room, Ticket, Wish


def wish_from(item: ConnectionItem | TicketItem) -> Wish | None:
    """Return the wish in an item, or None for a connection that never searched."""
    if item.mode is None:
        return None
    return Wish(item.mode, tuple(item.interests or ()), tuple(item.languages or ()), bool(item.widened))


def connection_from(raw: dict[str, Any]) -> Connection:
    """Return the connection in a raw item."""
    item = ConnectionItem.from_raw_data(raw)
    return Connection(
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


def ticket_from(raw: dict[str, Any]) -> Ticket:
    """Return the ticket in a raw item."""
    item = TicketItem.from_raw_data(raw)
    wish = wish_from(item)
    assert wish is not None, "a ticket is never written without a wish"
    return Ticket(
        id=item.sk,
        connection_id=item.connection_id,
        person=item.person,
        wish=wish,
        meetings=tuple(map(meeting_from, item.meetings or ())),
        avoided=frozenset(item.avoided or ()),
    )


def room_from(raw: dict[str, Any]) -> Room:
    """Return the room in a raw item."""
    item = RoomItem.from_raw_data(raw)
    return Room(
        id=item.pk.partition("#")[2],
        mode=item.mode,
        members=(_member_from(item.first), _member_from(item.second)),
        opened_at=item.opened_at,
        closed_at=item.closed_at,
        closed_by=item.closed_by,
        reason=item.reason,
    )


def ticket_item(ticket: Ticket, partition: str, expires_at: int) -> TicketItem:
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


def room_item(room: Room, expires_at: int) -> RoomItem:
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


def report_item(room: Room, position: int, case: str, reason: str, note: str) -> ReportItem:
    """Return the item of one member's report of the other, without its times."""
    item = ReportItem(f"report#{room.id}", str(position), case=case, reason=reason, note=note or None)
    item.reporter, item.reported = room.members[position].person, room.peer(position).person
    return item


def meeting_from(text: str) -> Meeting:
    """Return the meeting in its stored form."""
    person, _, ended_at = text.rpartition("@")
    return Meeting(person, float(ended_at))


def meetings_to(meetings: tuple[Meeting, ...]) -> list[str]:
    """Return meetings in their stored form: one short string each keeps a ticket under a write unit's 1 KB."""
    return [f"{meeting.person}@{meeting.ended_at:.3f}" for meeting in meetings]


def _member_from(member: Any) -> Member:
    return Member(member.connection_id, member.person, tuple(member.interests or ()), member.ticket_id)
